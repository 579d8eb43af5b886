using Smaragdine.Activity;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>On-CPU time of every process of the machine, read now and then.</summary>
/// <remarks>
/// The time is that of each process's CPU clock, in ns; what `/proc/PID/stat` says in jiffies where `/proc` is another's. A process's line is read only when its
/// clock has moved: a used id whose clock stood still is the same process, or has nothing to tell.
/// </remarks>
public sealed class ProcessWatch : IDisposable
{
    private readonly IProcessSource source;
    private readonly ISensor busy;
    private readonly ISamplingClock clock;
    private readonly bool byClock;
    private readonly long nanosecondsPerJiffy;
    private readonly long[] busyNs;
    private readonly ReadStatus[] busyStatus;
    private Dictionary<int, Known> known = [];
    private Dictionary<int, Known> next = [];
    private int[] pids = new int[1024];

    /// <summary>What was last read of an id.</summary>
    private readonly record struct Known(ProcessKey Process, long Ns, bool KernelThread);

    /// <param name="source">The processes.</param>
    /// <param name="busy">All processors' time; owned.</param>
    /// <param name="clock">Stamps readings.</param>
    /// <param name="byClock">The processes' clocks can be read: they are of this machine.</param>
    internal ProcessWatch(IProcessSource source, ISensor busy, ISamplingClock clock, bool byClock)
    {
        this.source = source;
        this.busy = busy;
        this.clock = clock;
        this.byClock = byClock;
        nanosecondsPerJiffy = 1_000_000_000 / LinuxCalls.ReadClockTicks();
        busyNs = new long[busy.Streams.Count];
        busyStatus = new ReadStatus[busy.Streams.Count];
    }

    /// <summary>Begins.</summary>
    /// <param name="root">Where `/proc` is.</param>
    /// <param name="clock">Stamps readings.</param>
    /// <exception cref="IOException">`/proc/stat` cannot be read.</exception>
    public static ProcessWatch Open(SystemRoot root, ISamplingClock clock) => new(new LinuxProcesses(root), BusyTimeSensor.Open(root), clock, root.IsReal);

    /// <summary>Reads all processes that can be seen.</summary>
    public ProcessTimes Read()
    {
        int count = source.List(pids);
        while (count > pids.Length)
        {
            pids = new int[count * 2];
            count = source.List(pids);
        }

        // In the middle of the two looks at all CPUs: the clocks of the processes are read one after another.
        long begin = clock.MonotonicNs();
        long before = Busy();
        next.Clear();
        List<ProcessTime> times = new(count);
        foreach (int pid in pids.AsSpan(0, count))
        {
            if (TryRead(pid, out Known process))
            {
                next[pid] = process;
                times.Add(new(process.Process, Duration.FromNanoseconds(process.Ns)));
            }
        }

        long after = Busy();
        long end = clock.MonotonicNs();
        (known, next) = (next, known);
        return new(begin + ((end - begin) / 2), Duration.FromNanoseconds(before + ((after - before) / 2)), times);
    }

    /// <summary>Whether a process of the last reading is a thread of the kernel.</summary>
    public bool IsKernelThread(ProcessKey process) => known.TryGetValue(process.Pid, out Known found) && found.Process == process && found.KernelThread;

    public void Dispose()
    {
        source.Dispose();
        busy.Dispose();
    }

    private bool TryRead(int pid, out Known process)
    {
        bool seen = known.TryGetValue(pid, out process);
        long ns = 0;
        bool told = byClock && source.TryReadClock(pid, out ns);
        if (told && seen && ns == process.Ns)
        {
            return true;
        }

        int handle = -1;
        bool ok = source.TryReadStat(pid, ref handle, out ProcessStat stat);
        source.Close(handle);
        if (!ok)
        {
            return false;
        }

        process = new(new(pid, stat.Start), told ? ns : stat.OwnJiffies * nanosecondsPerJiffy, stat.IsKernelThread);
        return true;
    }

    private long Busy()
    {
        busy.Read(busyNs, busyStatus);
        return busyNs.Sum();
    }
}
