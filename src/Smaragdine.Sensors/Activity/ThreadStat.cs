namespace Smaragdine.Sensors.Activity;

/// <summary>What is taken of a line of `/proc/PID/task/TID/stat`.</summary>
/// <param name="Jiffies">Fields 14 + 15, utime + stime: on-CPU time of the thread.</param>
/// <param name="Start">Field 22, jiffies since boot: tells a thread from a later one with the same id.</param>
/// <param name="Cpu">Field 39: the CPU on which it runs or ran last.</param>
public readonly record struct ThreadStat(long Jiffies, long Start, int Cpu)
{
    /// <summary>Reads the line; false where it is something else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ThreadStat stat)
    {
        stat = default;

        // The name may hold spaces and parentheses; what follows the last one does not.
        int close = text.LastIndexOf((byte)')');
        if (close < 0 || close + 4 > text.Length)
        {
            return false;
        }

        DecimalBytes after = new(text[(close + 3)..]);
        if (!after.TrySkipWords(10) || !after.TryNext(out long user) || !after.TryNext(out long system)
            || !after.TrySkipWords(6) || !after.TryNext(out long start)
            || !after.TrySkipWords(16) || !after.TryNext(out long cpu)
            || user < 0 || system < 0 || cpu is < 0 or > ushort.MaxValue)
        {
            return false;
        }

        stat = new(user + system, start, (int)cpu);
        return true;
    }
}
