namespace Smaragdine.Sensors.Sampling;

/// <summary>How well a sampler kept its times.</summary>
/// <param name="TickNs">Time between two ticks, ns.</param>
/// <param name="Ticks">Ticks that were taken.</param>
/// <param name="MissedTicks">Ticks that were passed over because the one before took too long or the machine gave no time.</param>
/// <param name="Lateness">How long after its time a tick began.</param>
/// <param name="RefusedBatches">Times that the sink had to drop samples.</param>
/// <param name="CpuNs">On-CPU time of the sampling thread, ns; the threads of sensors that may block are not in it.</param>
/// <param name="Sensors">In the order in which they were given.</param>
public sealed record SamplerStatistics(
    long TickNs, long Ticks, long MissedTicks, LatenessStatistics Lateness, long RefusedBatches, long CpuNs, IReadOnlyList<SensorStatistics> Sensors);

/// <summary>Quantiles of lateness, ns, at most 12.5 % too high; the maximum is exact.</summary>
public readonly record struct LatenessStatistics(long P50Ns, long P99Ns, long P999Ns, long MaxNs);

/// <summary>What became of the readings of one sensor.</summary>
/// <param name="Name">Its first stream's name.</param>
/// <param name="Reads">Times that it was read.</param>
/// <param name="Values">Values it gave, all streams together.</param>
/// <param name="Missed">By stream: readings that gave no value, and those passed over. What comes after a stream is gone is not counted.</param>
/// <param name="PassedOver">Readings that came too late to be taken.</param>
/// <param name="Stalls">Reads that took longer than its period.</param>
/// <param name="LongestReadNs">The longest read, ns.</param>
/// <param name="Exceptions">Times that it threw, which a sensor should not.</param>
/// <param name="Dropped">Values of a sensor with a thread of its own that the sampling thread was too late to fetch.</param>
/// <param name="End">How it ended.</param>
public sealed record SensorStatistics(
    string Name, long Reads, long Values, IReadOnlyList<long> Missed, long PassedOver, long Stalls, long LongestReadNs, long Exceptions, long Dropped, SensorEnd End);

/// <summary>How a sensor was at the end of a recording.</summary>
public enum SensorEnd
{
    /// <summary>Still there.</summary>
    Alive,

    /// <summary>It said that it is gone.</summary>
    Gone,

    /// <summary>It threw again and again and was not asked any more.</summary>
    Failed,

    /// <summary>It did not come back from a read when the recording ended.</summary>
    Stuck,
}
