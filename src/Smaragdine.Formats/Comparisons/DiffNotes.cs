using Smaragdine.Comparison;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Formats.Comparisons;

/// <summary>Sentences that text and Markdown share.</summary>
internal static class DiffNotes
{
    /// <summary>What the verdicts stand on.</summary>
    public static string OnClaims(ComparisonReport report)
    {
        int before = report.Comparison.Base.Runs.Count;
        int after = report.Comparison.New.Runs.Count;
        if (!report.HasReplicates)
        {
            return "one run a side: how much runs differ is not known, so nothing is claimed. Steps of one run are no repetitions; `--base RUN… --new RUN…` takes several runs.";
        }

        int tested = report.Comparison.Changes.Count(c => c.AdjustedP is not null);
        string single = before > 1 && after > 1 ? "" : $" The one {(before > 1 ? "new" : "base")} run is taken to vary as those of the other side do.";
        return $"higher, lower: a change of {Figures.Percent(report.Comparison.Options.LeastChange)} % or more, with less than {Figures.Percent(FootprintComparison.Level)} % to be wrong about any of the {tested} tested modules; by runs ({before} and {after}), not by steps.{single}";
    }

    /// <summary>A limit and what became of it.</summary>
    public static string OnCheck(LimitCheck check, Measure measure)
    {
        Difference difference = check.Change.Whole.By(measure).Difference!.Value;
        string name = check.Change.Parent is null ? "(all operations)" : Printable.Text(check.Change.Path);
        string seen = $"{ChangeText.Ratio(difference.Ratio) ?? "from nothing"}{(difference.Interval is { } interval ? $" ({ChangeText.Interval(interval)})" : "")}";
        return check.IsOver
            ? $"{name} is over {Figures.Percent(check.Limit.Share)} %: {seen}"
            : $"{name} is not surely over {Figures.Percent(check.Limit.Share)} %: {seen}";
    }
}
