namespace Smaragdine.Sensors.Sampling;

/// <summary>The clocks that a sampler lives by.</summary>
public interface ISamplingClock
{
    /// <summary>A clock that is never set, ns.</summary>
    long MonotonicNs();

    /// <summary>The time of day, ns since the Unix epoch.</summary>
    long UnixNs();

    /// <summary>On-CPU time of the calling thread, ns.</summary>
    long ThreadCpuNs();

    /// <summary>Returns at or soon after a moment of the monotonic clock.</summary>
    void SleepUntil(long monotonicNs);

    /// <summary>Called once by each thread that will sleep.</summary>
    void PrepareThread();
}
