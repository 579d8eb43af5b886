using Smaragdine.Sensors.Sampling;

namespace Smaragdine.Tests.Sensors.Sampling;

/// <summary>Time that passes only while somebody sleeps or a sensor says that it took some.</summary>
internal sealed class FakeClock : ISamplingClock
{
    public long Now { get; set; } = 5_000_000_000;

    /// <summary>How much too late a sleeper wakes.</summary>
    public long Oversleep { get; set; }

    /// <summary>Unix time at which the monotonic clock was 0; who sets the wall clock changes it.</summary>
    public long Epoch { get; set; } = 1_700_000_000_000_000_000;

    public long MonotonicNs() => Now;

    public long UnixNs() => Now + Epoch;

    public long ThreadCpuNs() => 0;

    /// <summary>When the sleeper is stopped (SIGSTOP, no time from the machine), ns, and for how long; taken when its time has come.</summary>
    public Queue<(long At, long For)> Stops { get; } = [];

    public void SleepUntil(long monotonicNs)
    {
        Now = Math.Max(Now, monotonicNs + Oversleep);
        while (Stops.TryPeek(out (long At, long For) stop) && stop.At <= Now)
        {
            Now += Stops.Dequeue().For;
        }
    }

    public void PrepareThread()
    {
    }
}
