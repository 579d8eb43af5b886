using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>What the samples of a context stream come to.</summary>
/// <param name="Least">In the stream's unit.</param>
/// <param name="Mean">Of the samples, which are taken at equal intervals.</param>
/// <param name="Most">In the stream's unit.</param>
/// <param name="Increase">Sum of all steps upwards: of a count of events, how many there were.</param>
public sealed record ContextSummary(long Least, double Mean, long Most, long Increase)
{
    /// <summary>Null where there is no sample, or no figure in the unit would say anything (a set of bits, a moment).</summary>
    public static ContextSummary? Of(SampleSeries series)
    {
        if (series.Count == 0 || series.Stream.Unit is ContextUnits.NvmlClockLimits or ContextUnits.UnixMicroseconds)
        {
            return null;
        }

        long least = long.MaxValue;
        long most = long.MinValue;
        double sum = 0;
        double increase = 0;
        for (int i = 0; i < series.Count; i++)
        {
            long value = series.Values[i];
            least = Math.Min(least, value);
            most = Math.Max(most, value);
            sum += value;

            // A count that went back began anew: what it had meanwhile is not known.
            increase += i > 0 && value > series.Values[i - 1] ? (double)value - series.Values[i - 1] : 0;
        }

        return new(least, sum / series.Count, most, (long)Math.Min(increase, long.MaxValue / 2));
    }
}
