using Smaragdine.Units;

namespace Smaragdine.Recordings;

/// <summary>What the values of a stream are.</summary>
public enum StreamKind
{
    /// <summary>Cumulative energy of a domain, µJ.</summary>
    Energy,

    /// <summary>Power of a domain, µW, averaged over the sensor's window.</summary>
    Power,

    /// <summary>Cumulative on-CPU time of the recorded program, ns.</summary>
    ProgramTime,

    /// <summary>Cumulative on-CPU time of all processes of a socket or host, ns (from jiffies).</summary>
    BusyTime,

    /// <summary>Context that no joule depends on, in the unit that its stream says.</summary>
    Context,
}

/// <summary>One time series of a recording: a sensor's domain, or an activity counter.</summary>
/// <param name="Name">`package-0`, `gpu-1`, `program`, `busy-0`, `package-0-frequency`.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Source">Who gave them: `powercap`, `nvml instant`.</param>
/// <param name="Quality">Measured, or estimated where a model stands in.</param>
/// <param name="Period">How often it is read.</param>
public sealed record RecordedStream(string Name, StreamKind Kind, string Source, Quality Quality, Duration Period)
{
    /// <summary>Where a counter starts again at zero, µJ.</summary>
    public CounterRange? Range { get; init; }

    /// <summary>How often the sensor has a new value, where known.</summary>
    public Duration? UpdatePeriod { get; init; }

    /// <summary>Over what a power reading is averaged, where known.</summary>
    public Duration? Window { get; init; }

    /// <summary>UUID or PCI bus id of a GPU.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The socket that an activity stream is of; null for the whole host.</summary>
    public int? Socket { get; init; }

    /// <summary>What a context stream's values are in (<see cref="ContextUnits"/>); null where the kind says it, or nobody does.</summary>
    public string? Unit { get; init; }
}

/// <summary>One value of one stream. 24 bytes.</summary>
/// <param name="MonotonicNs">Monotonic clock just before it was read, ns.</param>
/// <param name="Value">In the stream's unit.</param>
/// <param name="Stream">Index of the stream.</param>
/// <param name="ReadNs">How long reading took, ns; the value is of some moment in between.</param>
public readonly record struct RecordedSample(long MonotonicNs, long Value, int Stream, int ReadNs);

/// <summary>Where a sampler puts what it read. Called on the sampling thread: it must neither block nor allocate.</summary>
public interface IRecordingSink
{
    /// <summary>Takes samples; false where it had to drop some (its buffer is full), which it counts.</summary>
    bool Append(ReadOnlySpan<RecordedSample> samples);

    /// <summary>Takes a pair of clock readings made at the same moment.</summary>
    void Clock(long monotonicNs, long unixNs);
}
