namespace Smaragdine.Power;

/// <summary>What is known of a machine without energy sensors.</summary>
/// <param name="CpuModel">The processor's model string (`model name` of /proc/cpuinfo); null where unknown.</param>
/// <param name="TdpWatts">Power of the whole machine under full load, from the user.</param>
/// <param name="IdleWatts">Power of the whole machine at rest, from the user.</param>
public sealed record EstimatorOptions(string? CpuModel = null, double? TdpWatts = null, double? IdleWatts = null);
