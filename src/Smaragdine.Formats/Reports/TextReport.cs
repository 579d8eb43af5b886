using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>What the lines of a text report are.</summary>
public enum ReportRows
{
    Module,
    Operation,
    Type,
    Pass,
}

/// <summary>What a report is sorted by.</summary>
public enum ReportOrder
{
    Energy,
    Time,
    Power,
    Calls,
    Name,
}

/// <summary>How much of a report the text shows.</summary>
/// <param name="Rows">What a line is.</param>
/// <param name="Order">Largest first (by name: alphabetically).</param>
/// <param name="Depth">Levels of the module tree.</param>
/// <param name="Top">Lines at most.</param>
/// <param name="Fold">Operations of layers as one, as the tree has them.</param>
public sealed record TextView(ReportRows Rows, ReportOrder Order, int Depth, int Top, bool Fold);

/// <summary>The report as text for a person: head, tree or table, where the joules went, warnings.</summary>
public static class TextReport
{
    public static void Write(Report report, TextView view, TextStyle style, TextWriter output)
    {
        TextHead.Write(report, style, output);
        output.WriteLine();
        if (report.Footprint.IsUntraced)
        {
            TextDomains.Write(report, style, output);
            output.WriteLine();
            TextFoot.Write(report, style, output);
            return;
        }

        foreach ((string? heading, Report part) in Parts(report))
        {
            if (heading is not null)
            {
                output.WriteLine($"  {heading}");
            }

            if (view.Rows is ReportRows.Module)
            {
                TextTree.Write(part, view, style, output);
            }
            else
            {
                TextRanking.Write(part, view, style, output);
            }

            output.WriteLine();
        }

        TextFoot.Write(report, style, output);
    }

    /// <summary>Joules of different quality are never added into one headline: then each quality has a table of its own.</summary>
    private static IEnumerable<(string? Heading, Report Part)> Parts(Report report)
    {
        List<IGrouping<Quality?, OperationRow>> qualities = [.. report.Rows.GroupBy(r => r.Energy is null ? null : r.Quality)];
        if (qualities.Count <= 1)
        {
            yield return (null, report);
            yield break;
        }

        int steps = report.Footprint.Steps.Count;
        foreach (IGrouping<Quality?, OperationRow> quality in qualities.OrderBy(q => q.Key ?? Quality.Simulated + 1))
        {
            string devices = string.Join(", ", quality.Select(r => r.Device).Distinct().Order());
            ModuleNode tree = ModuleTree.Build(quality, report.Footprint.SharedModules, steps);
            if (report.Tree.Walk().Any(n => n.Kind is ModuleKind.Folded))
            {
                tree = Folding.Fold(tree, steps);
            }

            string heading = quality.Key is { } known ? $"{devices}, {known.Name()}" : $"{devices}, no power: time only";
            yield return (heading, report with { Rows = [.. quality], Tree = tree });
        }
    }
}
