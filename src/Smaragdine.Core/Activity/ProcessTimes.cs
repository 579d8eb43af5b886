using Smaragdine.Units;

namespace Smaragdine.Activity;

/// <summary>A process, told from a later one with the same id by when it started.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Start">Jiffies since boot.</param>
public readonly record struct ProcessKey(int Pid, long Start);

/// <summary>On-CPU time of a process since its start.</summary>
public readonly record struct ProcessTime(ProcessKey Process, Duration OnCpu);

/// <summary>What the processes of a machine had used at one moment.</summary>
/// <param name="MonotonicNs">The moment, on a clock that is never set.</param>
/// <param name="Busy">On-CPU time of all CPUs together, of whichever process, since any fixed moment.</param>
/// <param name="Processes">Those that could be seen; each once.</param>
public sealed record ProcessTimes(long MonotonicNs, Duration Busy, IReadOnlyList<ProcessTime> Processes)
{
    /// <summary>Who used the processors since an earlier moment.</summary>
    /// <remarks>A process that was not there before has started since: all of its time is of this period.</remarks>
    public ProcessUse Since(ProcessTimes earlier)
    {
        Dictionary<ProcessKey, Duration> before = new(earlier.Processes.Count);
        foreach (ProcessTime time in earlier.Processes)
        {
            before[time.Process] = time.OnCpu;
        }

        List<ProcessTime> used = [];
        Duration seen = Duration.Zero;
        foreach (ProcessTime time in Processes)
        {
            Duration more = time.OnCpu - before.GetValueOrDefault(time.Process);
            if (more > Duration.Zero)
            {
                used.Add(time with { OnCpu = more });
                seen += more;
            }
        }

        Duration busy = Busy - earlier.Busy;
        return new(Duration.FromNanoseconds(MonotonicNs - earlier.MonotonicNs), busy > seen ? busy : seen, seen, used);
    }
}

/// <summary>Who used the processors over a period.</summary>
/// <param name="Period">Its length.</param>
/// <param name="Busy">On-CPU time of all together, at least <paramref name="Seen"/>: jiffies may lag behind the clocks of the processes.</param>
/// <param name="Seen">That of <paramref name="Processes"/> together.</param>
/// <param name="Processes">Those that used some, each with how much.</param>
public sealed record ProcessUse(Duration Period, Duration Busy, Duration Seen, IReadOnlyList<ProcessTime> Processes)
{
    /// <summary>What nobody is known for: processes that ended or lived too short to be seen, interrupts, processes of other namespaces.</summary>
    public Duration Unseen => Busy - Seen;
}
