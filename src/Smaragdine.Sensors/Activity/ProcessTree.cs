using System.Runtime.InteropServices;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// The recorded process and its descendants as they come and go, and the on-CPU time of them all: cumulative, never going down, nothing in it twice.
/// </summary>
/// <remarks>
/// <para>
/// A process that lives counts by its CPU clock. One that ended took its clock along; what was last read of it is kept, and what it used after that, or
/// in a life so short that it was never seen, is made good from its parent's account of the children it waited for (cutime + cstime), which the kernel
/// keeps to the nanosecond and shows in jiffies. The two say the same thing of most children, so they are set against each other, account by account:
/// what the parent was charged beyond what was known is added; what is known and was not charged (an orphan that init waited for, a child that nobody
/// waits for) stays.
/// </para>
/// <para>
/// Order matters: the kernel charges the parent before the child's id is free. A scan therefore reads the parents' accounts first and the clocks after.
/// A child whose clock is still there was not in the account; one that vanished before may be in it, or be in the next one.
/// </para>
/// </remarks>
internal sealed class ProcessTree : IDisposable
{
    /// <summary>Ids above the last known one are tried one by one up to this many; beyond, all processes are looked through.</summary>
    private const int MostTried = 4096;

    /// <summary>Of all processes, how many are looked at in one scan: about a millisecond.</summary>
    private const int Slice = 64;

    /// <summary>A step of a process's clock, ns, beyond which it is asked whether it is still the same: whoever got its id brings his whole past.</summary>
    private const long Suspect = 50_000_000;

    /// <summary>Scans from one look through all processes to the next, in case the newest id is not what it seems (a virtualised `/proc`).</summary>
    private const int ScansPerSweep = 200;

    private readonly IProcessSource source;
    private readonly long nanosecondsPerJiffy;
    private readonly int? reaper;
    private readonly bool adopts;
    private readonly List<Entry> entries = new(64);
    private readonly Dictionary<int, int> indexOf = new(64);
    private int[] listed = new int[1024];
    private int listedCount;
    private int listedNext;
    private int scansToSweep;
    private int lastPid;
    private int root;
    private bool changed;
    private bool zombies;
    private long ended;
    private long total;

    /// <summary>A tree without a process: made before the recorded one is started, so that nothing is lost of one that has ended by <see cref="Follow"/>.</summary>
    /// <param name="source">The machine's processes; the tree disposes of it.</param>
    /// <param name="reaper">
    /// The process that waits for the root, if it waits for nobody else meanwhile: the recorder that starts it. Its account then holds the root's last
    /// milliseconds.
    /// </param>
    /// <param name="adopts">
    /// The reaper inherits the program's orphans (`PR_SET_CHILD_SUBREAPER`): its children are the program's, and the tree waits for those that nobody else
    /// knows of.
    /// </param>
    /// <param name="clockTicks">Jiffies per second.</param>
    public ProcessTree(IProcessSource source, int? reaper, bool adopts, long clockTicks)
    {
        this.source = source;
        this.reaper = reaper;
        this.adopts = adopts && reaper is not null;
        nanosecondsPerJiffy = 1_000_000_000 / clockTicks;
        lastPid = source.LastPid();
        int handle = -1;
        if (reaper is { } pid && source.TryReadStat(pid, ref handle, out ProcessStat own))
        {
            // What it waited for before is none of the program's.
            Add(own, handle, clock: 0, settled: 0);
        }
    }

    /// <summary>Begins with a process and the descendants it has by now. Once.</summary>
    /// <param name="process">The recorded process.</param>
    public void Follow(int process)
    {
        root = process;
        int handle = -1;
        if (source.TryReadClock(root, out long clock) && source.TryReadStat(root, ref handle, out ProcessStat stat))
        {
            Add(stat, handle, clock, settled: stat.ReapedJiffies * nanosecondsPerJiffy);
        }

        BeginSweep();
        int before;
        do
        {
            // Ids start again at 1 some day: a child may be listed before its parent.
            before = entries.Count;
            listedNext = 0;
            TakeListed(int.MaxValue);
        }
        while (entries.Count > before);

        total = Sum();
    }

    /// <summary>Processes of the program that live, zombies included.</summary>
    public int Live => entries.Count - (IsReaper(0) ? 1 : 0);

    /// <summary>The recorded process was waited for: accounts will not move much longer.</summary>
    public bool RootHasEnded => !indexOf.ContainsKey(root);

    /// <summary>Reads the clocks of the processes known.</summary>
    /// <returns>On-CPU time of the program, ns.</returns>
    public long Read()
    {
        ReadClocks(scanning: false);
        return total = Math.Max(total, Sum());
    }

    /// <summary>Reads accounts and clocks, and looks for new processes.</summary>
    /// <returns>On-CPU time of the program, ns.</returns>
    public long Scan()
    {
        int newest = source.LastPid();
        if (newest < 0 || --scansToSweep <= 0)
        {
            if (listedNext >= listedCount)
            {
                BeginSweep();
            }
        }

        // No process came anywhere and none of ours went: no account can have moved.
        if (newest >= 0 && newest == lastPid && !changed && listedNext >= listedCount)
        {
            return Read();
        }

        ReadAccounts();
        changed = false;
        ReadClocks(scanning: true);
        Span<Entry> all = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < all.Length; i++)
        {
            Settle(ref all[i]);
            changed |= all[i].Pending > 0;
        }

        if (zombies)
        {
            ReapOrphans();
            changed = true;
        }

        TakeNewest(newest);
        TakeListed(Slice);
        return total = Math.Max(total, Sum());
    }

    /// <summary>Copies the ids of the processes that live; how many there are. Grows the array where it is too small.</summary>
    public int CopyPids(ref int[] pids)
    {
        if (pids.Length < entries.Count)
        {
            pids = new int[entries.Count * 2];
        }

        int count = 0;
        for (int i = IsReaper(0) ? 1 : 0; i < entries.Count; i++)
        {
            pids[count++] = entries[i].Pid;
        }

        return count;
    }

    public void Dispose()
    {
        foreach (Entry entry in entries)
        {
            source.Close(entry.Handle);
        }

        entries.Clear();
        indexOf.Clear();
        source.Dispose();
    }

    private bool IsReaper(int index) => reaper is { } pid && index < entries.Count && entries[index].Pid == pid;

    private long Sum()
    {
        long sum = ended;
        foreach (ref readonly Entry e in CollectionsMarshal.AsSpan(entries))
        {
            sum += e.Total;
        }

        return sum;
    }

    private void Add(in ProcessStat stat, int handle, long clock, long settled)
    {
        indexOf[stat.Pid] = entries.Count;
        entries.Add(new()
        {
            Pid = stat.Pid,
            Parent = stat.Parent,
            Start = stat.Start,
            Handle = handle,
            Clock = clock,
            VerifiedClock = clock,
            Account = stat.ReapedJiffies * nanosecondsPerJiffy,
            NewAccount = stat.ReapedJiffies * nanosecondsPerJiffy,
            Settled = settled,
        });
    }

    private void ReadAccounts()
    {
        Span<Entry> all = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < all.Length; i++)
        {
            ref Entry e = ref all[i];
            if (!source.TryReadStat(e.Pid, ref e.Handle, out ProcessStat stat))
            {
                // Its clock will say whether it is gone or there were no file handles left.
                continue;
            }

            if (stat.Start != e.Start)
            {
                // Another process has its id: what the clock said since the last look may be that one's.
                e.Clock = e.VerifiedClock;
                e.Replaced = true;
                continue;
            }

            e.VerifiedClock = e.Clock;
            e.NewAccount = Math.Max(e.Account, stat.ReapedJiffies * nanosecondsPerJiffy);
            e.Fresh = true;
            e.Parent = stat.Parent;
            if (adopts && stat is { State: 'Z' } && stat.Parent == reaper && stat.Pid != root)
            {
                // Whoever waits for the root does not know this orphan. Its clock was read; the account has it from now on.
                e.Orphaned = true;
                zombies = true;
            }
        }
    }

    private void ReadClocks(bool scanning)
    {
        bool any = false;
        Span<Entry> all = CollectionsMarshal.AsSpan(entries);
        for (int i = IsReaper(0) ? 1 : 0; i < all.Length; i++)
        {
            ref Entry e = ref all[i];
            if (e.Replaced || !source.TryReadClock(e.Pid, out long clock) || (clock - e.Clock > Suspect && !IsStill(ref e)))
            {
                e.Ended = true;
                any = true;
            }
            else if (clock >= e.Clock)
            {
                e.Clock = clock;
            }
            else
            {
                // A clock does not go back: its id may be another's, which the next account will tell.
                changed = true;
            }
        }

        if (any)
        {
            changed = true;
            RemoveEnded(scanning);
        }
    }

    /// <summary>
    /// Whether an id is still that process's. Between two looks an id may be given to another, hours of whose time are none of the program's; a small
    /// step could be that too, and counts no more than itself.
    /// </summary>
    private bool IsStill(ref Entry e)
    {
        if (source.TryReadStat(e.Pid, ref e.Handle, out ProcessStat stat) && stat.Start != e.Start)
        {
            e.Clock = e.VerifiedClock;
            e.Replaced = true;
        }

        return !e.Replaced;
    }

    /// <summary>Waits for orphans that ended: the next account of the reaper holds what they used.</summary>
    private void ReapOrphans()
    {
        zombies = false;
        foreach (ref readonly Entry e in CollectionsMarshal.AsSpan(entries))
        {
            if (e.Orphaned)
            {
                source.Reap(e.Pid);
            }
        }
    }

    private void RemoveEnded(bool scanning)
    {
        // A parent stands before its children: from the end, a child is credited to its parent before the parent is to its own.
        Span<Entry> all = CollectionsMarshal.AsSpan(entries);
        for (int i = all.Length - 1; i >= 0; i--)
        {
            ref Entry e = ref all[i];
            if (!e.Ended)
            {
                continue;
            }

            Settle(ref e);
            ended += e.Uncharged;
            long known = e.Total - e.Uncharged;
            if (!indexOf.TryGetValue(e.Parent, out int parent))
            {
                ended += known;
            }
            else if (scanning)
            {
                all[parent].Ambiguous += known;
            }
            else
            {
                all[parent].Pending += known;
            }

            source.Close(e.Handle);
            indexOf.Remove(e.Pid);
            for (int child = i + 1; child < all.Length; child++)
            {
                if (all[child].Parent == e.Pid)
                {
                    // Until the next account says who adopted it.
                    all[child].Parent = e.Parent;
                }
            }
        }

        int kept = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (!all[i].Ended)
            {
                indexOf[all[i].Pid] = kept;
                all[kept++] = all[i];
            }
        }

        CollectionsMarshal.SetCount(entries, kept);
    }

    /// <summary>Sets what the account says was used by children against what was known of those that ended.</summary>
    private void Settle(ref Entry e)
    {
        if (!e.Fresh)
        {
            e.Pending += e.Ambiguous;
            e.Ambiguous = 0;
            return;
        }

        e.Fresh = false;
        long charged = e.NewAccount - e.Account;
        e.Account = e.NewAccount;
        long surplus = charged - e.Debt - e.Pending;
        e.Settled += e.Pending;
        e.Pending = e.Ambiguous;
        e.Ambiguous = 0;
        if (surplus >= 0)
        {
            e.Debt = 0;
            e.Settled += surplus;
            e.Pending -= Math.Min(surplus, e.Pending);
        }
        else
        {
            // The account is shown in whole jiffies, user and system each: that much may be charged and not shown yet. More is not charged at all.
            e.Debt = Math.Min(-surplus, 2 * nanosecondsPerJiffy);
            e.Uncharged += -surplus - e.Debt;
        }
    }

    private void TakeNewest(int newest)
    {
        int previous = lastPid;
        lastPid = newest;
        if (newest < 0 || newest == previous)
        {
            return;
        }

        if (previous < 0 || newest < previous || newest - previous > MostTried)
        {
            BeginSweep();
            return;
        }

        for (int pid = previous + 1; pid <= newest; pid++)
        {
            TryTake(pid);
        }
    }

    private void BeginSweep()
    {
        scansToSweep = ScansPerSweep;
        int count = source.List(listed);
        while (count > listed.Length)
        {
            listed = new int[count * 2];
            count = source.List(listed);
        }

        listedCount = count;
        listedNext = 0;
    }

    private void TakeListed(int most)
    {
        int end = (int)Math.Min(listedCount, (long)listedNext + most);
        for (; listedNext < end; listedNext++)
        {
            TryTake(listed[listedNext]);
        }
    }

    private void TryTake(int pid)
    {
        // The clock first: an id that is no process costs a third of a microsecond, opening its file thirty times that.
        if (indexOf.ContainsKey(pid) || !source.TryReadClock(pid, out long clock))
        {
            return;
        }

        int handle = -1;
        if (!source.TryReadStat(pid, ref handle, out ProcessStat stat))
        {
            return;
        }

        if (stat.Parent == reaper ? adopts : indexOf.ContainsKey(stat.Parent))
        {
            Add(stat, handle, clock, stat.ReapedJiffies * nanosecondsPerJiffy);
            changed = true;
        }
        else
        {
            source.Close(handle);
        }
    }

    private struct Entry
    {
        public int Pid;

        /// <summary>Its parent; after that one ended and until the next account, that one's parent.</summary>
        public int Parent;

        public int Handle;
        public long Start;

        /// <summary>Last read of its clock, ns.</summary>
        public long Clock;

        /// <summary>Last read of its clock that was surely its own.</summary>
        public long VerifiedClock;

        /// <summary>cutime + cstime as of the last settlement, ns.</summary>
        public long Account;

        /// <summary>The same, read and not settled yet.</summary>
        public long NewAccount;

        /// <summary>Time of ended children that counts, ns.</summary>
        public long Settled;

        /// <summary>Known of children that ended since; the next account holds it if any does.</summary>
        public long Pending;

        /// <summary>Known of children that ended about when the new account was read: it or the next holds it.</summary>
        public long Ambiguous;

        /// <summary>Settled but not seen in the account yet, at most two jiffies.</summary>
        public long Debt;

        /// <summary>Settled and never to be seen in an account.</summary>
        public long Uncharged;

        /// <summary>There is a new account.</summary>
        public bool Fresh;

        /// <summary>It has ended, and the reaper is to wait for it.</summary>
        public bool Orphaned;

        public bool Ended;
        public bool Replaced;

        public readonly long Total => Clock + Settled + Pending + Ambiguous;
    }
}
