using Smaragdine.Footprints;

namespace Smaragdine.Formats.Reports;

/// <summary>A ranking of operations, types or passes.</summary>
internal static class TextRanking
{
    public static void Write(Report report, TextView view, TextStyle style, TextWriter output)
    {
        int steps = report.Footprint.Steps.Count;
        bool operations = view.Rows is ReportRows.Operation;
        Func<OperationRow, string> key = view.Rows switch
        {
            ReportRows.Type => r => r.Type,
            ReportRows.Pass => r => r.Pass.Name(),
            _ when view.Fold => RowGroups.FoldedNames(report.Tree),
            _ => r => r.Name,
        };
        TextColumns columns = new(report.Tree, report.Per, byPass: false);
        List<ModuleNode> groups = [.. NodeOrder.Sort(RowGroups.By(report.Rows, key, steps), view.Order)];
        List<TextRow> rows = [];
        foreach (ModuleNode group in groups.Take(view.Top))
        {
            IReadOnlyList<string> cells = columns.Cells(group);
            rows.Add(new(Printable.Fit(group.Name, style.Width), operations ? [Types(group, style.Width), .. cells] : cells, columns.ShareOf(group)));
        }

        if (groups.Count > view.Top)
        {
            ModuleNode rest = RowGroups.By(groups.Skip(view.Top).SelectMany(g => g.Rows), _ => "", steps)[0];
            IReadOnlyList<string> cells = columns.Cells(rest);
            rows.Add(new($"… {groups.Count - view.Top:#,0} more", operations ? ["", .. cells] : cells, columns.ShareOf(rest)));
        }

        string title = view.Rows switch
        {
            ReportRows.Type => "operation type",
            ReportRows.Pass => "pass",
            _ => "operation",
        };
        TextTable.Write(output, title, operations ? ["<type", .. columns.Headings] : columns.Headings, rows, style, operations ? 42 : 24);
    }

    private static string Types(ModuleNode group, int width)
    {
        List<string> types = [.. group.Rows.Select(r => r.Type).Distinct(StringComparer.Ordinal)];
        return Printable.Fit(types.Count == 1 ? types[0] : $"{types[0]}, …", width / 8);
    }
}
