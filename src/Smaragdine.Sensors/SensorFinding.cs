using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>Whether a sensor can be used.</summary>
public enum SensorState
{
    Ok,

    /// <summary>It is there and may not be read: <see cref="SensorFinding.Unlock"/> says how it could be.</summary>
    Unreadable,

    /// <summary>The hardware or driver does not have it.</summary>
    NotSupported,

    /// <summary>It is there and gives nonsense.</summary>
    Faulty,
}

/// <summary>
/// A second sensor of the same device, read together with the first: of an energy counter and a power reading the one gives totals,
/// the other what happened between two of its steps.
/// </summary>
/// <param name="Sensor">`nvml instant`.</param>
/// <param name="Open">Opens both as one sensor, the first one's streams first. May throw <see cref="IOException"/>.</param>
public sealed record CompanionSensor(string Sensor, Func<ISensor> Open);

/// <summary>One way to read one domain, as a probe found it: the row of `doctor`'s table.</summary>
/// <param name="Domain">What part of the machine.</param>
/// <param name="Sensor">`powercap`, `perf`, `nvml counter`, `nvml instant`, `amdgpu`, `ina3221`, `hwmon`, `power_supply`, `ipmi`.</param>
/// <param name="Kind">Energy or power.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="Note">Why not, or what to know of it; one sentence, empty where there is nothing to say.</param>
/// <param name="Unlock">The command or setting that makes it readable; null where nothing would.</param>
/// <param name="Resolution">Smallest step of its value, in J or W; null where not known.</param>
/// <param name="UpdatePeriod">How often it has a new value by its documentation; null where not known.</param>
/// <param name="Path">File or device that it reads, for messages.</param>
/// <param name="Open">Opens it; null unless <see cref="State"/> is Ok. May throw <see cref="IOException"/> where it vanished since.</param>
public sealed record SensorFinding(
    Domain Domain,
    string Sensor,
    StreamKind Kind,
    SensorState State,
    string Note,
    string? Unlock,
    double? Resolution,
    Duration? UpdatePeriod,
    string Path,
    Func<ISensor>? Open)
{
    /// <summary>UUID or PCI bus id of a GPU: two findings named `gpu-0` may be of two cards. Null where there is none.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Of an energy counter: the power that is recorded beside it; null where there is none.</summary>
    public CompanionSensor? Beside { get; init; }

    /// <summary>Known to be wrong on some hardware: taken only where nothing else reads the domain. <see cref="Note"/> says why.</summary>
    public bool Doubtful { get; init; }
}

/// <summary>Looks for one family of sensors under a root; touches nothing that is not there, never throws.</summary>
public interface ISensorProbe
{
    /// <summary>`powercap`, `nvml`, …</summary>
    string Name { get; }

    IReadOnlyList<SensorFinding> Find(SystemRoot root);
}
