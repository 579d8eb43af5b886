using System.Globalization;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Reports;
using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Where a recording's context says that clocks were held down while it was made.</summary>
public static class Throttling
{
    private static readonly (ClockLimits Limits, string Words)[] Reasons =
    [
        (ClockLimits.SoftwareThermal | ClockLimits.HardwareThermal, "by heat"),
        (ClockLimits.PowerCap, "by its power limit"),
        (ClockLimits.PowerBrake, "by the power supply's brake"),
        (ClockLimits.SyncBoost, "to keep step with another GPU"),
    ];

    /// <summary>One sentence, without a full stop, for each package or GPU that throttled: `package-0 throttled 31 times`, `gpu-0 was slowed down by heat in 12 % of its samples`.</summary>
    public static IReadOnlyList<string> Of(RecordedSamples samples)
    {
        List<string> said = [];
        foreach (SampleSeries series in samples.Series.Where(s => s.Stream.Kind is StreamKind.Context && s.Count > 0))
        {
            string? words = series.Stream.Unit switch
            {
                ContextUnits.Events when Domain(series, "-throttles") is { } package => Package(package, series),
                ContextUnits.NvmlClockLimits when Domain(series, "-clock-limits") is { } gpu => Gpu(gpu, series),
                _ => null,
            };
            if (words is not null)
            {
                said.Add(words);
            }
        }

        return said;
    }

    private static string? Domain(SampleSeries series, string suffix) =>
        series.Stream.Name.EndsWith(suffix, StringComparison.Ordinal) ? Excerpt.Of(series.Stream.Name[..^suffix.Length]) : null;

    private static string? Package(string package, SampleSeries series) => ContextSummary.Of(series) is { Increase: > 0 and var times }
        ? $"{package} throttled {(times == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{times:#,0} times"))}"
        : null;

    private static string? Gpu(string gpu, SampleSeries series)
    {
        List<string> reasons = [];
        ClockLimits named = ClockLimits.None;
        foreach ((ClockLimits limits, string words) in Reasons)
        {
            named |= limits;
            Add(Share(series, l => (l & limits) != ClockLimits.None), words);
        }

        // Of a slowdown by the hardware older cards do not say why.
        Add(Share(series, l => (l & ClockLimits.HardwareSlowdown) != ClockLimits.None && (l & named) == ClockLimits.None), "by the hardware");
        return reasons.Count == 0 ? null : $"{gpu} was slowed down {string.Join(", ", reasons)} of its samples";

        void Add(double share, string words)
        {
            if (share > 0)
            {
                reasons.Add($"{words} in {Figures.Percent(share)} %");
            }
        }
    }

    private static double Share(SampleSeries series, Func<ClockLimits, bool> isLimited) =>
        (double)series.Values.Count(v => isLimited((ClockLimits)v)) / series.Count;
}
