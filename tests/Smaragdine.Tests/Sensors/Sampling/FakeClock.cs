using Smaragdine.Sensors.Sampling;

namespace Smaragdine.Tests.Sensors.Sampling;

/// <summary>Time that passes only while somebody sleeps or a sensor says that it took some.</summary>
internal sealed class FakeClock : ISamplingClock
{
    public long Now { get; set; } = 5_000_000_000;

    /// <summary>How much too late a sleeper wakes.</summary>
    public long Oversleep { get; set; }

    public long MonotonicNs() => Now;

    public long UnixNs() => Now + 1_700_000_000_000_000_000;

    public long ThreadCpuNs() => 0;

    public void SleepUntil(long monotonicNs) => Now = Math.Max(Now, monotonicNs + Oversleep);

    public void PrepareThread()
    {
    }
}
