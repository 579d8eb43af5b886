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
        List<long> starts = [];
        foreach (SpanTable spans in tables)
        {
            starts.AddRange(spans.Starts);
        }

        if (starts.Count == 0)
        {
            return null;
        }

        starts.Sort();
        return starts[starts.Count / 2];
    }

    /// <summary>Whether two times lie at most a day apart.</summary>
    public static bool Near(long time, long median) => (time >= median ? (ulong)time - (ulong)median : (ulong)median - (ulong)time) <= Day;

    public static bool IsUnix(long nanoseconds) => nanoseconds >= LeastUnixNanoseconds;
}
