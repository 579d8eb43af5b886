using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports;

/// <summary>Names of devices and domains where a format has no other place for quality: `CPU:0[estimated]`, `GPU:0[no power]`; measured ones have no mark.</summary>
internal static class DeviceLabel
{
    public static string Of(DeviceFootprint device) => Of(device.Device.Label, device.Energy is null ? null : device.Quality);

    public static string Of(string name, Quality? quality) => quality switch
    {
        null => $"{name}[no power]",
        Quality.Measured or Quality.Derived => name,
        _ => $"{name}[{quality.Value.Name()}]",
    };
}
