using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smaragdine.Sensors.Nvml;

/// <summary>`nvmlDeviceArchitecture_t`. A newer driver may say a number that is not here.</summary>
public enum NvmlArchitecture : uint
{
    Kepler = 2,
    Maxwell = 3,
    Pascal = 4,
    Volta = 5,
    Turing = 6,
    Ampere = 7,
    Ada = 8,
    Hopper = 9,
    Blackwell = 10,
    Rubin = 13,
    Unknown = 0xFFFFFFFF,
}

/// <summary>Whether a GPU is divided into instances.</summary>
public enum NvmlMigMode
{
    NotSupported,
    Off,
    On,
}

/// <summary>A GPU as NVML describes it.</summary>
/// <param name="Index">NVML's number, as nvidia-smi shows it; may change when the driver is reloaded.</param>
/// <param name="Name">`NVIDIA A100-SXM4-40GB`; empty where not known.</param>
/// <param name="Uuid">`GPU-8932f937-d72c-4106-c12f-20bd9faed9f6`; empty where not known.</param>
/// <param name="PciBusId">As NVML writes it, `00000000:65:00.0`; empty where not known.</param>
/// <param name="Architecture">Its generation.</param>
public sealed record NvmlGpu(int Index, string Name, string Uuid, string PciBusId, NvmlArchitecture Architecture)
{
    /// <summary>Whether it could be opened; where not, nothing but <see cref="Index"/> is known of it.</summary>
    public NvmlReturn Access { get; init; }

    /// <summary>Device id of its PCI function; 0 where not known.</summary>
    public ushort PciDeviceId { get; init; }

    public NvmlMigMode Mig { get; init; }

    /// <summary>UUIDs (`MIG-…`) of its instances, where it is divided.</summary>
    public IReadOnlyList<string> MigUuids { get; init; } = [];

    /// <summary>What tells it apart from the others, and after a reboot still: UUID, else PCI address; null where neither is known.</summary>
    public string? DeviceId => Uuid.Length > 0 ? Uuid : PciBusId.Length > 0 ? PciAddress : null;

    /// <summary>The address as Linux writes it: `0000:65:00.0`.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "sysfs writes PCI addresses in lower case")]
    public string PciAddress
    {
        get
        {
            string text = PciBusId.ToLowerInvariant();
            int colon = text.IndexOf(':');
            return colon > 4 && uint.TryParse(text.AsSpan(0, colon), NumberStyles.AllowHexSpecifier, null, out uint domain)
                ? $"{domain:x4}{text[colon..]}"
                : text;
        }
    }

    /// <summary>
    /// The GA100 chip (A100, A30, A800, CMP 170HX), the one Ampere whose nvmlDeviceGetPowerUsage is not an average over 1 s.
    /// Told by the PCI device id (0x2080–0x20FF), where that is not known by name.
    /// </summary>
    public bool IsGa100 => Architecture == NvmlArchitecture.Ampere
        && (PciDeviceId is >= 0x2080 and <= 0x20FF
            || (PciDeviceId == 0 && Name.Split(' ', '-').Any(word => word is "A100" or "A100X" or "A30" or "A30X" or "A800" or "170HX")));

    /// <summary>
    /// Whether nvmlDeviceGetPowerUsage averages over 1 s: "On Ampere (except GA100) or newer GPUs, the API returns power averaged over 1 sec interval.
    /// On GA100 and older architectures, instantaneous power is returned" (nvml.h). Null where the architecture is not known.
    /// </summary>
    public bool? PowerUsageIsAverage => Architecture is NvmlArchitecture.Unknown ? null : Architecture >= NvmlArchitecture.Ampere && !IsGa100;

    /// <summary>A GPU that could not be opened.</summary>
    internal static NvmlGpu Closed(int index, NvmlReturn access) => new(index, "", "", "", NvmlArchitecture.Unknown) { Access = access };
}
