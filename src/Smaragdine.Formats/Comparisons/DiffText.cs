using Smaragdine.Comparison;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Formats.Comparisons;

/// <summary>A comparison for a terminal: the sides, the tree of what changed, limits, warnings.</summary>
public static class DiffText
{
    private const string Indent = "           ";

    /// <summary>Columns that causes get, so that they do not push others out: half as many beside intervals.</summary>
    private const int CauseWidth = 42;

    /// <summary>Writes it.</summary>
    /// <param name="report">What to show.</param>
    /// <param name="depth">Levels of the tree.</param>
    /// <param name="style">How.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ComparisonReport report, int depth, TextStyle style, TextWriter output)
    {
        WriteSide("base", report.Comparison.Base, style, output);
        WriteSide("new", report.Comparison.New, style, output);
        output.WriteLine();
        List<ModuleChange> shown = [];
        List<TextRow> rows = [];
        ILookup<ModuleChange?, ModuleChange> children = report.Comparison.Changes.ToLookup(c => c.Parent);
        Quantity whole = report.Comparison.Whole.Whole.By(report.Measure);
        FigureUnit unit = FigureUnit.For(report.Measure is Measure.Energy ? "J" : "s", Math.Max(whole.Base?.Mean ?? 0, whole.New?.Mean ?? 0));
        AddRow(report.Comparison.Whole, "", "");

        List<string> headings = [$"base {unit.Symbol}", $"new {unit.Symbol}", "change"];
        if (report.HasReplicates)
        {
            headings.AddRange(["95 %", "<"]);
        }

        headings.Add("<because");
        TextTable.Write(output, report.Measure is Measure.Energy ? "energy per step" : "time per step", headings, rows, style);
        output.WriteLine();
        WriteFoot(report, report.Comparison.Changes.Count - shown.Count, style, output);

        void AddRow(ModuleChange change, string indent, string branch)
        {
            shown.Add(change);
            Quantity quantity = change.Whole.By(report.Measure);
            List<string> cells =
            [
                ChangeText.Figure(quantity.Base, unit, change.Modules.Base?.Quality, report.Measure),
                ChangeText.Figure(quantity.New, unit, change.Modules.New?.Quality, report.Measure),
                ChangeText.Change(change, report.Measure),
            ];
            if (report.HasReplicates)
            {
                cells.AddRange([ChangeText.Interval(quantity.Difference?.Interval) ?? "", ChangeText.Claim(change)]);
            }

            rows.Add(new($"{branch}{ChangeText.Label(change)}", [.. cells, Because.Of(change, report.Comparison.Options, report.HasReplicates ? CauseWidth / 2 : CauseWidth)]));
            if (DepthOf(change) < depth)
            {
                List<ModuleChange> below = [.. children[change].Where(report.IsLarge).OrderByDescending(c => Math.Abs(c.Change(report.Measure) ?? 0)).ThenBy(c => c.Path, StringComparer.Ordinal)];
                for (int i = 0; i < below.Count; i++)
                {
                    bool last = i == below.Count - 1;
                    AddRow(below[i], indent + (last ? "  " : "│ "), $"{indent}{(last ? "└ " : "├ ")}");
                }
            }
        }
    }

    private static int DepthOf(ModuleChange change)
    {
        int depth = 0;
        for (ModuleChange? at = change.Parent; at is not null; at = at.Parent)
        {
            depth++;
        }

        return depth;
    }

    private static void WriteSide(string name, ComparedSide side, TextStyle style, TextWriter output)
    {
        RunFacts first = side.Runs[0].Facts;
        List<int> steps = [.. side.Runs.Select(r => r.Facts.Steps).Distinct().Order()];
        string runs = side.Runs.Count == 1 ? Printable.Fit(first.Path, 60) : $"{side.Runs.Count} runs: {Printable.Fit(first.Path, 40)}, …";
        output.WriteLine($"{style.Dim($"{name,-4}")}  {runs} · {string.Join(" or ", steps)} step{(steps is [1] ? "" : "s")}{(side.Runs.Count > 1 ? " each" : "")}");
    }

    private static void WriteFoot(ComparisonReport report, int hidden, TextStyle style, TextWriter output)
    {
        if (hidden > 0)
        {
            Line("not shown", $"{hidden:#,0} modules: deeper, or below {Figures.Percent(report.Comparison.Options.SmallestPart)} % of the whole on both sides");
        }

        Line("note", DiffNotes.OnClaims(report));
        foreach (LimitCheck check in report.Checks.Where(c => c.Limit.Module is not null || c.IsOver))
        {
            Line(check.IsOver ? "FAIL" : "limit", DiffNotes.OnCheck(check, report.Measure), warn: check.IsOver);
        }

        if (report.Checks.Count > 0 && report.Over.Count == 0)
        {
            Line("limit", $"none of {report.Checks.Count} checked modules is surely over its limit");
        }

        foreach (Warning warning in report.Warnings)
        {
            Line("warning", Printable.Fit(warning.Text, 2000), warn: true);
        }

        void Line(string label, string text, bool warn = false)
        {
            foreach ((int i, string line) in TextWrap.Lines(text, Math.Max(40, style.Width - Indent.Length - 2)).Index())
            {
                string head = (i == 0 ? label : "").PadRight(Indent.Length);
                output.WriteLine($"  {(warn ? style.Yellow(head) : style.Dim(head))}{line}");
            }
        }
    }
}
