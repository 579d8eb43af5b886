using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>How late a sampler was at its ticks.</summary>
public sealed record Lateness(Duration Median, Duration P99, Duration P999, Duration Max);

/// <summary>What went wrong while a stream was sampled.</summary>
public sealed record StreamStatistics
{
    public static StreamStatistics None { get; } = new();

    /// <summary>Ticks that passed without a reading: the sampler came too late for them, or the sensor gave no value.</summary>
    public long Missed { get; init; }

    /// <summary>Samples that were read and not written: the buffer was full, or the disk. The writer counts them.</summary>
    public long Dropped { get; init; }

    /// <summary>Readings that took longer than a period.</summary>
    public long Stalls { get; init; }

    /// <summary>Null where the sampler did not measure it.</summary>
    public Lateness? Lateness { get; init; }
}

/// <summary>The on-CPU time of the recorded program: what was sampled, and what the kernel charged the recorder for it.</summary>
/// <param name="Counted">As sampled, at the end.</param>
/// <param name="Charged">Of the processes that were waited for, and theirs: without orphans.</param>
public sealed record ProgramTime(Duration Counted, Duration Charged);

/// <summary>The statistics of a recording.</summary>
/// <param name="Streams">By the stream's index; may be shorter than there are streams.</param>
/// <param name="Failure">Why writing stopped before the end: the disk was full; null where it did not.</param>
public sealed record SamplingStatistics(IReadOnlyList<StreamStatistics> Streams, string? Failure = null)
{
    /// <summary>Null where the program was not started by the recorder, or the recording ended before it did.</summary>
    public ProgramTime? Program { get; init; }

    public static SamplingStatistics None { get; } = new([]);
}
