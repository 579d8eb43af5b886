namespace Smaragdine.Sensors.Activity;

/// <summary>The lines of `/proc/stat` about each CPU.</summary>
public static class ProcStat
{
    /// <summary>
    /// Reads the busy time of each CPU: user + nice + system + irq + softirq, in jiffies since boot. Not in it: idle, iowait and steal (the CPU did
    /// nothing for this machine), guest and guest_nice (they are within user and nice).
    /// </summary>
    /// <param name="text">The file, or as much of it as was read: a line without an end is passed over.</param>
    /// <param name="busy">Taken by CPU number; a CPU without a line (offline) or beyond its end is left as it was.</param>
    /// <returns>How many CPUs had a line that could be read; 0 where the text is something else.</returns>
    public static int ReadBusy(ReadOnlySpan<byte> text, Span<long> busy)
    {
        int read = 0;
        while (text.StartsWith("cpu"u8))
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            DecimalBytes numbers = new(text[3..end]);
            // The first line, of all CPUs together, has a space where the others have a number.
            if (text[3] != (byte)' '
                && numbers.TryNext(out long cpu) && cpu >= 0
                && numbers.TryNext(out long user) && numbers.TryNext(out long nice) && numbers.TryNext(out long system)
                && numbers.TrySkip(2) && numbers.TryNext(out long irq) && numbers.TryNext(out long softIrq))
            {
                read++;
                if (cpu < busy.Length)
                {
                    busy[(int)cpu] = user + nice + system + irq + softIrq;
                }
            }

            text = text[(end + 1)..];
        }

        return read;
    }
}
