using Smaragdine.Comparison;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Formats.Comparisons;

/// <summary>A comparison as a comment of a pull request: what to know first, the table folded away beneath it.</summary>
public static class DiffMarkdown
{
    /// <summary>Writes it.</summary>
    public static void Write(ComparisonReport report, TextWriter output)
    {
        string what = report.Measure is Measure.Energy ? "Energy" : "Time";
        IReadOnlyList<LimitCheck> over = report.Over;
        ModuleChange whole = report.Comparison.Whole;
        string interval = ChangeText.Interval(whole.Whole.By(report.Measure).Difference?.Interval) is { } range ? $" ({range})" : "";
        string claim = whole.Verdict is Verdict.NoDifference ? ", no difference beyond what runs differ by" : "";
        output.Write($"### {what} per step: {ChangeText.Change(whole, report.Measure)}{interval}{claim}\n\n");
        foreach (LimitCheck check in over)
        {
            output.Write($"- **over the limit**: {Text(DiffNotes.OnCheck(check, report.Measure))}\n");
        }

        List<ModuleChange> large = [.. report.Comparison.Changes.Where(report.IsLarge)];
        List<ModuleChange> changed = [.. large.Where(c => c.Parent is not null && c.Verdict is Verdict.Higher or Verdict.Lower or Verdict.Added or Verdict.Removed)];
        output.Write(over.Count > 0 ? "\n" : "");
        if (changed.Count > 0)
        {
            WriteTable(report, changed, output);
        }
        else if (report.HasReplicates)
        {
            output.Write("No module changed beyond what runs differ by.\n\n");
        }

        output.Write($"<details><summary>All {large.Count} modules of {Figures.Percent(report.Comparison.Options.SmallestPart)} % or more</summary>\n\n");
        WriteTable(report, large, output);
        output.Write($"</details>\n\n{Text(DiffNotes.OnClaims(report))}\n");
        foreach (Warning warning in report.Warnings)
        {
            output.Write($"\n> {Text(warning.Text)}\n");
        }
    }

    private static void WriteTable(ComparisonReport report, List<ModuleChange> changes, TextWriter output)
    {
        Quantity whole = report.Comparison.Whole.Whole.By(report.Measure);
        FigureUnit unit = FigureUnit.For(report.Measure is Measure.Energy ? "J" : "s", Math.Max(whole.Base?.Mean ?? 0, whole.New?.Mean ?? 0));
        output.Write($"| module | base {unit.Symbol} | new {unit.Symbol} | change | 95 % | | because |\n|---|--:|--:|--:|--:|---|---|\n");
        foreach (ModuleChange change in changes.OrderBy(c => c.Parent is not null).ThenByDescending(c => Math.Abs(c.Change(report.Measure) ?? 0)).ThenBy(c => c.Path, StringComparer.Ordinal))
        {
            Quantity quantity = change.Whole.By(report.Measure);
            string name = change.Parent is null ? "(all operations)" : Code(change.Path);
            string was = change.Modules is { Base: { } b, New: { } n } && b.Path != n.Path ? $" (was {Code(b.Path)})" : "";
            string[] cells =
            [
                $"{name}{was}",
                ChangeText.Figure(quantity.Base, unit, change.Modules.Base?.Quality, report.Measure).Replace("~", "\\~"),
                ChangeText.Figure(quantity.New, unit, change.Modules.New?.Quality, report.Measure).Replace("~", "\\~"),
                ChangeText.Change(change, report.Measure),
                ChangeText.Interval(quantity.Difference?.Interval) ?? "",
                ChangeText.Claim(change) is { Length: > 0 } claim ? $"**{claim}**" : "",
                Because.Of(change, report.Comparison.Options).Replace("~", "\\~"),
            ];
            output.Write($"| {string.Join(" | ", cells)} |\n");
        }

        output.Write('\n');
    }

    /// <summary>A name that cannot end its cell or its code, nor mention anybody.</summary>
    private static string Code(string name) => $"`{Printable.Fit(name, 120).Replace('`', '\'').Replace("|", "\\|")}`";

    private static string Text(string text) => Printable.Fit(text, 2000).Replace("<", "&lt;").Replace("@", "&#64;").Replace("|", "\\|").Replace("~", "\\~");
}
