using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Activity;

/// <summary>
/// A world of processes that fork, work, end and are waited for, at random, also between any two questions about it. It knows the truth.
/// </summary>
internal sealed class SimulatedProcesses : IProcessSource
{
    public const int Init = 1;
    public const int Recorder = 10;
    public const int Root = 20;
    public const long Jiffy = 10_000_000;

    private readonly Random random;
    private readonly SortedDictionary<int, Process> all = [];
    private readonly int largestPid;
    private int last = Root;
    private long now;

    public SimulatedProcesses(int seed, int largestPid = int.MaxValue)
    {
        random = new(seed);
        this.largestPid = largestPid;
        all[Init] = new() { Pid = Init };
        all[Recorder] = new() { Pid = Recorder, Parent = Init };
        all[Root] = new() { Pid = Root, Parent = Recorder, Program = true };
    }

    /// <summary>On-CPU time of the root and all its descendants so far, ns.</summary>
    public long Truth { get; private set; }

    /// <summary>Parents may end before their children.</summary>
    public bool Orphans { get; init; }

    /// <summary>The recorder inherits them.</summary>
    public bool Adopting { get; init; }

    /// <summary>Some parents do not wait: their children vanish and nobody is charged.</summary>
    public bool AutoReap { get; init; }

    /// <summary>The newest id is not to be known.</summary>
    public bool Hidden { get; init; }

    /// <summary>How much happens between two questions.</summary>
    public int Bustle { get; set; } = 3;

    public int OpenHandles { get; private set; }

    public bool RootLives => all.ContainsKey(Root);

    public int LivingOfProgram => all.Values.Count(p => p.Program);

    public void Happen(int events)
    {
        for (int i = 0; i < events; i++)
        {
            now += 1_000_000;
            Process[] program = [.. all.Values.Where(p => p.Program || p.Pid == Init)];
            Process one = program[random.Next(program.Length)];
            switch (random.Next(10))
            {
                case < 4:
                    Work(one, random.Next(5_000_000));
                    break;
                case < 5:
                    Work(one, random.Next(200_000_000));
                    break;
                case < 7:
                    Fork(one);
                    break;
                case < 8:
                    if (one.Pid is not (Root or Init))
                    {
                        End(one);
                    }

                    break;
                default:
                    WaitFor(one);
                    break;
            }
        }
    }

    /// <summary>All but the root end and are waited for; orphans that the recorder inherited stay for it to wait for.</summary>
    public void FinishChildren()
    {
        while (all.Values.LastOrDefault(p => p.Program && p.Pid != Root && !IsInherited(p) && all.Values.All(c => c.Parent != p.Pid || c.Zombie)) is { } leaf)
        {
            End(leaf, final: true);
            if (all.ContainsKey(leaf.Pid) && !IsInherited(leaf))
            {
                Reap(leaf);
            }
        }

        bool IsInherited(Process p) => Adopting && p is { Zombie: true, Parent: Recorder };
    }

    public void FinishRoot()
    {
        End(all[Root], final: true);
        Reap(all[Root]);
    }

    public void Burn(int pid, long ns) => Work(all[pid], ns);

    /// <summary>A new child of a process.</summary>
    public int Start(int parent)
    {
        Fork(all[parent]);
        return last;
    }

    /// <summary>A process ends and is waited for, and its id goes to another of init's, who has worked long.</summary>
    public void Replace(int pid, long clock)
    {
        all[pid].Zombie = true;
        Reap(all[pid]);
        all[pid] = new() { Pid = pid, Parent = Init, Start = ++now, Clock = clock };
    }

    public bool TryReadClock(int pid, out long nanoseconds)
    {
        Happen(random.Next(Bustle));
        bool there = all.TryGetValue(pid, out Process? process);
        nanoseconds = there ? process!.Clock : 0;
        return there;
    }

    public bool TryReadStat(int pid, ref int handle, out ProcessStat stat)
    {
        Happen(random.Next(Bustle));
        stat = default;
        if (!all.TryGetValue(pid, out Process? p))
        {
            Close(handle);
            handle = -1;
            return false;
        }

        if (handle < 0)
        {
            handle = pid;
            OpenHandles++;
        }

        // Two fields, each cut to whole jiffies.
        long user = p.Charged / 3;
        stat = new(pid, p.Zombie ? 'Z' : 'S', p.Parent, (user / Jiffy) + ((p.Charged - user) / Jiffy), p.Start);
        return true;
    }

    public void Close(int handle) => OpenHandles -= handle >= 0 ? 1 : 0;

    void IProcessSource.Reap(int pid)
    {
        if (all.TryGetValue(pid, out Process? process) && process is { Zombie: true, Parent: Recorder })
        {
            Reap(process);
        }
    }

    public int LastPid() => Hidden ? -1 : last;

    public int List(Span<int> pids)
    {
        int i = 0;
        foreach (int pid in all.Keys)
        {
            if (i < pids.Length)
            {
                pids[i] = pid;
            }

            i++;
        }

        return i;
    }

    public void Dispose()
    {
    }

    private void Work(Process p, long ns)
    {
        if (!p.Zombie && p.Pid is not (Init or Recorder))
        {
            p.Clock += ns;
            Truth += p.Program ? ns : 0;
        }
    }

    private void Fork(Process parent)
    {
        if (parent.Zombie || parent.Pid == Init || all.Count > 40)
        {
            return;
        }

        do
        {
            last = last >= largestPid ? Root + 1 : last + 1;
        }
        while (all.ContainsKey(last));

        all[last] = new() { Pid = last, Parent = parent.Pid, Start = ++now, Program = true };
    }

    private void End(Process p, bool final = false)
    {
        if (p.Zombie || (!Orphans && !final && all.Values.Any(c => c.Parent == p.Pid)))
        {
            return;
        }

        p.Zombie = true;
        foreach (Process child in all.Values.Where(c => c.Parent == p.Pid).ToArray())
        {
            child.Parent = Adopting ? Recorder : Init;
        }

        if (AutoReap && !final && random.Next(3) == 0)
        {
            all.Remove(p.Pid);
        }
    }

    private void WaitFor(Process parent)
    {
        if (all.Values.FirstOrDefault(c => c.Parent == parent.Pid && c.Zombie) is { } child)
        {
            Reap(child);
        }
    }

    private void Reap(Process child)
    {
        if (all.TryGetValue(child.Parent, out Process? parent))
        {
            parent.Charged += child.Clock + child.Charged;
        }

        all.Remove(child.Pid);
    }

    private sealed class Process
    {
        public int Pid { get; init; }

        public int Parent { get; set; }

        public long Start { get; init; }

        public long Clock { get; set; }

        public long Charged { get; set; }

        public bool Zombie { get; set; }

        public bool Program { get; init; }
    }
}
