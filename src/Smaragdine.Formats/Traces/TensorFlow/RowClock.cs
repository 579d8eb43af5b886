using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Tells times that cannot be: a row on another clock, a span years away.</summary>
internal static class RowClock
{
    /// <summary>No step is longer: what lies farther from its file's median start is on another clock, or is noise.</summary>
    public const long Day = 86_400_000_000_000;

    /// <summary>Nanoseconds since 1970 are more than this (March 1973) in any trace; times since boot are less.</summary>
    private const long LeastUnixNanoseconds = 100_000_000_000_000_000;

    /// <summary>The median start of these spans; null where there are none.</summary>
    public static long? MedianStart(IEnumerable<SpanTable> tables)
    {
        SpanTable[] all = [.. tables];
        long[] starts = new long[all.Sum(s => s.Count)];
        int filled = 0;
        foreach (SpanTable spans in all)
        {
            spans.Starts.CopyTo(starts.AsSpan(filled));
            filled += spans.Count;
        }

        return filled == 0 ? null : Select(starts, filled / 2);
    }

    /// <summary>What would stand at this place if the values were sorted. Narrows down in linear time; input made to defeat that is sorted.</summary>
    private static long Select(long[] values, int place)
    {
        int low = 0;
        int high = values.Length - 1;
        for (int round = 0; low < high; round++)
        {
            if (round == 64)
            {
                Array.Sort(values, low, high - low + 1);
                break;
            }

            long pivot = values[low + ((high - low) / 2)];
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (place <= j)
            {
                high = j;
            }
            else if (place >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return values[place];
    }

    /// <summary>Whether two times lie at most a day apart.</summary>
    public static bool Near(long time, long median) => (time >= median ? (ulong)time - (ulong)median : (ulong)median - (ulong)time) <= Day;

    public static bool IsUnix(long nanoseconds) => nanoseconds >= LeastUnixNanoseconds;
}
