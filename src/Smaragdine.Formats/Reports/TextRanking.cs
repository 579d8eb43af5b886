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
            _ when view.Fold => r => RowGroups.FoldedName(r.Name),
            _ => r => r.Name,
        };
        TextColumns columns = new(report.Tree, report.Per, byPass: false);
        List<ModuleNode> groups = [.. NodeOrder.Sort(RowGroups.By(report.Rows, key, steps), view.Order)];
        List<TextRow> rows = [];
        foreach (ModuleNode group in groups.Take(view.Top))
        {
            IReadOnlyList<string> cells = columns.Cells(group);
            rows.Add(new(Printable.Text(group.Name), operations ? [Types(group), .. cells] : cells, columns.ShareOf(group)));
        }

        if (groups.Count > view.Top)
        {
            string sum = columns.WithUnit(groups.Skip(view.Top).Sum(columns.ValueOf));
            rows.Add(new($"… {groups.Count - view.Top:#,0} more, {sum}", [.. Enumerable.Repeat("", columns.Headings.Count + (operations ? 1 : 0))]));
        }

        string title = view.Rows switch
        {
            ReportRows.Type => "operation type",
            ReportRows.Pass => "pass",
            _ => "operation",
        };
        TextTable.Write(output, title, operations ? ["<type", .. columns.Headings] : columns.Headings, rows, style);
    }

    private static string Types(ModuleNode group)
    {
        List<string> types = [.. group.Rows.Select(r => r.Type).Distinct(StringComparer.Ordinal)];
        return Printable.Fit(types.Count == 1 ? types[0] : $"{types[0]}, …", 28);
    }
}
