using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>A device's spans in the order of their starts, and how to find those that touch a window.</summary>
internal sealed class SpanOrder
{
    private readonly SpanTable spans;
    private readonly int[] byStart;
    private readonly long[] starts;
    private readonly long[] latestEnd;

    public SpanOrder(SpanTable spans)
    {
        this.spans = spans;
        starts = spans.Starts.ToArray();
        byStart = new int[starts.Length];
        for (int i = 0; i < byStart.Length; i++)
        {
            byStart[i] = i;
        }

        Array.Sort(starts, byStart);
        latestEnd = new long[starts.Length];
        ReadOnlySpan<long> ends = spans.Ends;
        long latest = long.MinValue;
        for (int i = 0; i < byStart.Length; i++)
        {
            latest = Math.Max(latest, ends[byStart[i]]);
            latestEnd[i] = latest;
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
        for (int i = FirstThatMayReach(from); i < starts.Length && starts[i] < to; i++)
        {
            int span = byStart[i];
            if (spans.Ends[span] > from || starts[i] >= from)
            {
                yield return span;
            }
        }
    }

    private int FirstThatMayReach(long from)
    {
        int low = 0;
        int high = latestEnd.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (latestEnd[middle] <= from && starts[middle] < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
