using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// Runs inside one file, told apart by `_SOURCE`, which opens each run once on each device: where a device's comes again, another run has begun.
/// </summary>
internal static class RunBoundaries
{
    /// <summary>When each run starts, ascending; at least one, the first of them before everything.</summary>
    public static List<long> Find(IEnumerable<SpanTable> hostRows, OperationTable operations)
    {
        List<(long Start, int Row)> sources = [];
        int row = 0;
        foreach (SpanTable spans in hostRows)
        {
            sources.AddRange(OwnSources(spans, operations).Select(start => (start, row)));
            row++;
        }

        sources.Sort();
        List<long> starts = [long.MinValue];
        HashSet<int> seen = [];
        foreach ((long start, int device) in sources)
        {
            if (!seen.Add(device))
            {
                starts.Add(start);
                seen.Clear();
                seen.Add(device);
            }
        }

        return starts;
    }

    /// <summary>The number, from 0, of the run in which a span starts.</summary>
    public static int RunOf(List<long> starts, long start)
    {
        int found = starts.BinarySearch(start);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>
    /// Starts of the `_SOURCE`s that open a run. A function that the graph calls has one of its own, inside the span of the calling operation:
    /// those open none.
    /// </summary>
    private static IEnumerable<long> OwnSources(SpanTable spans, OperationTable operations)
    {
        long[] keys = spans.Starts.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        long reach = long.MinValue;
        long pendingStart = long.MinValue;
        long pendingReach = long.MinValue;
        foreach (int i in order)
        {
            long start = spans.Starts[i];
            long end = spans.Ends[i];
            if (start != pendingStart)
            {
                // Only what started earlier can hold a span strictly.
                reach = Math.Max(reach, pendingReach);
                pendingStart = start;
            }

            if (operations.NameOf(spans.Operations[i]) == operations.Names.Source)
            {
                if (reach <= end)
                {
                    yield return start;
                }
            }
            else
            {
                pendingReach = Math.Max(pendingReach, end);
            }
        }
    }
}
