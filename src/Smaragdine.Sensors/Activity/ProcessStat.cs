namespace Smaragdine.Sensors.Activity;

/// <summary>What is taken of a line of `/proc/PID/stat`.</summary>
/// <param name="Pid">Field 1.</param>
/// <param name="State">Field 3: `R`, `S`, `Z`, …</param>
/// <param name="Parent">Field 4.</param>
/// <param name="ReapedJiffies">Fields 16 + 17, cutime + cstime: on-CPU time of the children that were waited for, and of theirs.</param>
/// <param name="Start">Field 22, jiffies since boot: tells a process from a later one with the same id.</param>
public readonly record struct ProcessStat(int Pid, char State, int Parent, long ReapedJiffies, long Start)
{
    private const long KernelThread = 0x0020_0000;

    /// <summary>Fields 14 + 15, utime + stime: on-CPU time of all its threads.</summary>
    public long OwnJiffies { get; init; }

    /// <summary>By field 9: it belongs to the kernel and has no program.</summary>
    public bool IsKernelThread { get; init; }

    /// <summary>Reads the line; false where it is something else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        // The name may hold spaces and parentheses; what follows the last one does not.
        int close = text.LastIndexOf((byte)')');
        int open = text.IndexOf((byte)'(');
        if (open < 2 || close < open || close + 4 > text.Length)
        {
            return false;
        }

        DecimalBytes before = new(text[..open]);
        DecimalBytes after = new(text[(close + 3)..]);
        if (!before.TryNext(out long pid) || !after.TryNext(out long parent)
            || !after.TrySkip(4) || !after.TryNext(out long flags) || !after.TrySkip(4)
            || !after.TryNext(out long ownUser) || !after.TryNext(out long ownSystem) || !after.TryNext(out long user) || !after.TryNext(out long system)
            || !after.TrySkip(4) || !after.TryNext(out long start)
            || pid is <= 0 or > int.MaxValue || parent is < 0 or > int.MaxValue)
        {
            return false;
        }

        stat = new((int)pid, (char)text[close + 2], (int)parent, user + system, start) { OwnJiffies = ownUser + ownSystem, IsKernelThread = (flags & KernelThread) != 0 };
        return true;
    }
}
