using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>A device's spans in the order of their starts, and how to find those that touch a window.</summary>
internal sealed class SpanOrder
{
    private readonly SpanTable spans;
    /// <summary>Spans whose latest end is kept in one number: where a window's spans begin needs to be found only so exactly.</summary>
    private const int Block = 64;

    private readonly int[] byStart;

    /// <summary>The latest end of all spans up to the end of each block.</summary>
    private readonly long[] latestEnd;

    public SpanOrder(SpanTable spans)
    {
        this.spans = spans;
        byStart = new int[spans.Count];
        for (int i = 0; i < byStart.Length; i++)
        {
            byStart[i] = i;
        }

        Array.Sort(spans.Starts.ToArray(), byStart);
        latestEnd = new long[(byStart.Length + Block - 1) / Block];
        ReadOnlySpan<long> ends = spans.Ends;
        long latest = long.MinValue;
        for (int i = 0; i < byStart.Length; i++)
        {
            latest = Math.Max(latest, ends[byStart[i]]);
            latestEnd[i / Block] = latest;
        }
    }

    /// <summary>
    /// Spans of positive length that touch the window or of any length that start in it, by start. Half-open: what ends at the
    /// window's start, or starts at its end, does not touch it.
    /// </summary>
    public IEnumerable<int> Touching(Interval window)
    {
        long from = window.Start.UnixNanoseconds;
        long to = window.End.UnixNanoseconds;
        for (int i = FirstThatMayReach(from); i < byStart.Length; i++)
        {
            int span = byStart[i];
            long start = spans.Starts[span];
            if (start >= to)
            {
                yield break;
            }

            if (spans.Ends[span] > from || start >= from)
            {
                yield return span;
            }
        }
    }

    /// <summary>The first span of the first block in which one may reach beyond <paramref name="from"/> or start at it.</summary>
    private int FirstThatMayReach(long from)
    {
        int low = 0;
        int high = latestEnd.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int last = Math.Min(byStart.Length, (middle + 1) * Block) - 1;
            if (latestEnd[middle] <= from && spans.Starts[byStart[last]] < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low * Block;
    }
}
