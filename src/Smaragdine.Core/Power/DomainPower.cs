using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>One domain's power over a run, and what it stands on.</summary>
/// <param name="Domain">What part of the machine.</param>
/// <param name="Timeline">Its power over time.</param>
/// <param name="Quality">Measured, estimated or simulated.</param>
/// <param name="Source">Who says so, for the report's head: `RAPL by powercap`, `power.csv`, `estimated from utilisation (0.74–3.5 W per CPU)`.</param>
/// <param name="UpdatePeriod">How often the sensor gives a new value, where known: operations shorter than this share its readings.</param>
/// <param name="DeviceUuid">The GPU's UUID or PCI bus id, where the source names it.</param>
/// <param name="Window">Over what time the sensor averages before each reading, where known.</param>
/// <param name="InGaps">
/// Mean power over stretches that <paramref name="Timeline"/> does not cover, where what was used in them is known and when is not: part of a run's total,
/// shared among nobody. Null where there is none.
/// </param>
public sealed record DomainPower(
    Domain Domain,
    PowerTimeline Timeline,
    Quality Quality,
    string Source,
    Duration? UpdatePeriod = null,
    string? DeviceUuid = null,
    Duration? Window = null,
    PowerTimeline? InGaps = null);
