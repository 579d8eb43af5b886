using Smaragdine.Footprints;
using Smaragdine.Traces;
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
/// <param name="Floor">Modules below this share of the whole are summed, not listed.</param>
public sealed record TextView(ReportRows Rows, ReportOrder Order, int Depth, int Top, bool Fold, double Floor = 0);

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

    /// <summary>
    /// Joules of different quality are never added into one headline: then each quality has a table of its own. So has each device
    /// without power, since the time of launching a kernel and that of the kernel add up to nothing.
    /// </summary>
    private static IEnumerable<(string? Heading, Report Part)> Parts(Report report)
    {
        List<IGrouping<(Quality? Quality, DeviceId? Device), OperationRow>> parts =
            [.. report.Rows.GroupBy(r => r.Energy is null ? (default(Quality?), (DeviceId?)r.Device) : (r.Quality, null))];
        if (parts.Count <= 1)
        {
            yield return (null, report);
            yield break;
        }

        int steps = report.Footprint.Steps.Count;
        foreach (IGrouping<(Quality? Quality, DeviceId? Device), OperationRow> part in parts.OrderBy(p => p.Key.Quality ?? Quality.Simulated + 1).ThenBy(p => p.Key.Device))
        {
            string devices = string.Join(", ", part.Select(r => r.Device).Distinct().Order().Select(d => d.ToString()).Distinct(StringComparer.Ordinal));
            ModuleNode tree = ModuleTree.Build(part, report.Footprint.SharedModules, steps);
            if (report.Tree.Walk().Any(n => n.Kind is ModuleKind.Folded))
            {
                tree = Folding.Fold(tree, steps);
            }

            tree = tree.Walk().FirstOrDefault(n => n.Path == report.Tree.Path) ?? tree;
            bool powered = report.Footprint.Devices.Any(d => d.Energy is not null && part.Any(r => r.Device == d.Device));
            string heading = part.Key.Quality is { } known ? $"{devices}, {known.Name()}"
                : powered ? $"{devices}, operations in time without power: time only"
                : $"{devices}, no power: time only";
            yield return (heading, report with { Rows = [.. part], Tree = tree });
        }
    }
}
