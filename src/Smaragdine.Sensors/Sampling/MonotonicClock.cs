namespace Smaragdine.Sensors.Sampling;

/// <summary>Linux's clocks: `CLOCK_MONOTONIC`, `CLOCK_REALTIME`, `clock_nanosleep` until an absolute time. No allocation.</summary>
public sealed class MonotonicClock : ISamplingClock
{
    private MonotonicClock()
    {
    }

    public static MonotonicClock Instance { get; } = new();

    public long MonotonicNs() => LinuxCalls.ReadFastClock(LinuxCalls.ClockMonotonic);

    public long UnixNs() => LinuxCalls.ReadFastClock(LinuxCalls.ClockRealtime);

    public long ThreadCpuNs() => LinuxCalls.TryReadClock(LinuxCalls.ClockThreadCpuTime, out long time) ? time : 0;

    public void SleepUntil(long monotonicNs) => LinuxCalls.SleepUntil(monotonicNs);

    /// <summary>By default the kernel may wake a thread 50 µs late, to wake several at once: at 1 ms that is 5 % of the period.</summary>
    public void PrepareThread() => _ = LinuxCalls.ProcessControl(LinuxCalls.SetTimerSlack, 1, 0, 0, 0);
}
