using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.PowerSupply;

/// <summary>A battery that feeds the machine.</summary>
/// <param name="Path">Its folder, `…/BAT0`.</param>
/// <param name="DirectPower">It has `power_now` (µW); others have `current_now` (µA) and `voltage_now` (µV).</param>
/// <param name="HasPower">It has the one or the others.</param>
internal sealed record Battery(string Path, bool DirectPower, bool HasPower)
{
    /// <summary>Null for what is no battery, or one of a mouse or keyboard (scope Device).</summary>
    public static Battery? Find(string path)
    {
        if (AttributeText.Find(System.IO.Path.Combine(path, "type")) != "Battery"
            || AttributeText.Find(System.IO.Path.Combine(path, "scope")) == "Device")
        {
            return null;
        }

        bool Has(string name) => AttributeText.Read(System.IO.Path.Combine(path, name)).IsOk;
        bool direct = Has("power_now");
        return new(path, direct, direct || (Has("current_now") && Has("voltage_now")));
    }
}
