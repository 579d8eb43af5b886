using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>How regularly a stream was sampled, told by its samples' times.</summary>
/// <param name="Period">The median interval.</param>
/// <param name="JitterMedian">Jitter is how far an interval is from the period that was wanted (where none was told: from the median).</param>
/// <param name="JitterP99">Of a hundred intervals one is further off.</param>
/// <param name="JitterP999">Of a thousand.</param>
/// <param name="JitterMax">The furthest.</param>
/// <param name="Gaps">Intervals longer than three median ones: what lies in them counts as uncovered.</param>
/// <param name="GapTime">Their sum.</param>
/// <param name="Longest">The longest interval.</param>
public sealed record SamplingRegularity(
    Duration Period, Duration JitterMedian, Duration JitterP99, Duration JitterP999, Duration JitterMax, int Gaps, Duration GapTime, Duration Longest)
{
    internal static SamplingRegularity? Of(SampleSeries series)
    {
        if (series.Count < 2)
        {
            return null;
        }

        long[] intervals = new long[series.Count - 1];
        for (int i = 0; i < intervals.Length; i++)
        {
            // Times of a damaged or foreign recorder may be anything: what is out of order or absurd counts as no time at all.
            long interval = unchecked(series.Times[i + 1] - series.Times[i]);
            intervals[i] = Math.Max(0, interval);
        }

        Array.Sort(intervals);
        long median = intervals[intervals.Length / 2];
        long wanted = series.Stream.Period.Nanoseconds > 0 ? series.Stream.Period.Nanoseconds : median;
        int gaps = 0;
        double gapTime = 0;
        for (int i = intervals.Length - 1; i >= 0 && intervals[i] / 3 > median; i--)
        {
            gaps++;
            gapTime += intervals[i];
        }

        long longest = intervals[^1];
        for (int i = 0; i < intervals.Length; i++)
        {
            intervals[i] = Math.Abs(intervals[i] - wanted);
        }

        Array.Sort(intervals);
        return new(Ns(median), At(0.5), At(0.99), At(0.999), Ns(intervals[^1]), gaps, Ns((long)gapTime), Ns(longest));

        Duration At(double share) => Ns(intervals[Math.Min(intervals.Length - 1, (int)Math.Ceiling(share * intervals.Length) - 1)]);
    }

    private static Duration Ns(long nanoseconds) => Duration.FromNanoseconds(nanoseconds);
}
