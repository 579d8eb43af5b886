using Smaragdine.Footprints;

namespace Smaragdine.Formats.Reports;

/// <summary>The module tree, the largest nodes down to a depth; what is left out is summed in a line of its own.</summary>
internal static class TextTree
{
    public static void Write(Report report, TextView view, TextStyle style, TextWriter output)
    {
        TextColumns columns = new(report.Tree, report.Per, byPass: true);
        HashSet<ModuleNode> shown = Shown(report.Tree, view, columns);
        List<TextRow> rows = [Row(report.Tree.Kind is ModuleKind.Root ? "(all operations)" : report.Tree.Path, report.Tree, columns, parent: null)];
        AddChildren(report.Tree, "", view, columns, shown, rows, report.Footprint.Steps.Count);
        TextTable.Write(output, columns.Title, columns.Headings, rows, style);
    }

    /// <summary>The largest nodes; since none is larger than its parent, they form a tree.</summary>
    private static HashSet<ModuleNode> Shown(ModuleNode root, TextView view, TextColumns columns)
    {
        IEnumerable<ModuleNode> deepEnough = root.Walk().Skip(1).Where(n => n.Depth - root.Depth <= view.Depth && columns.ShareOf(n) >= view.Floor);
        return [.. deepEnough.OrderByDescending(columns.ValueOf).ThenBy(n => n.Depth).Take(Math.Max(1, view.Top - 1))];
    }

    private static void AddChildren(
        ModuleNode node, string indent, TextView view, TextColumns columns, HashSet<ModuleNode> shown, List<TextRow> rows, int steps)
    {
        List<ModuleNode> children = [.. NodeOrder.Sort(node.Children.Where(shown.Contains), view.Order)];
        List<ModuleNode> rest = [.. node.Children.Where(c => !shown.Contains(c))];
        ModuleNode? own = OwnOperations(node, steps);
        int last = children.Count + (rest.Count > 0 && children.Count > 0 ? 1 : 0) + (own is not null ? 1 : 0) - 1;
        int at = 0;
        foreach (ModuleNode child in children)
        {
            bool isLast = at++ == last;
            rows.Add(Row($"{indent}{(isLast ? "└" : "├")} {Label(child, node)}", child, columns, node));
            AddChildren(child, indent + (isLast ? "  " : "│ "), view, columns, shown, rows, steps);
        }

        if (rest.Count > 0 && children.Count > 0)
        {
            bool isLast = at++ == last;
            ModuleNode sum = RowGroups.By(rest.SelectMany(n => n.Walk()).SelectMany(n => n.Rows), _ => "", steps)[0];
            rows.Add(Row($"{indent}{(isLast ? "└" : "├")} … {rest.Count:#,0} more", sum, columns, node));
        }

        if (own is not null)
        {
            rows.Add(Row($"{indent}└ (no module)", own, columns, node));
        }
    }

    /// <summary>Operations of no module, as a line of the root's.</summary>
    private static ModuleNode? OwnOperations(ModuleNode node, int steps) =>
        node.Kind is ModuleKind.Root && node.Rows.Count > 0 && node.Children.Count > 0
            ? RowGroups.By(node.Rows, _ => "(no module)", steps)[0]
            : null;

    private static string Label(ModuleNode node, ModuleNode parent)
    {
        int members = node.Members?.Count ?? 1;
        string times = members > (parent.Members?.Count ?? 1) ? $" ×{members}" : "";
        string shared = node.Kind is ModuleKind.Shared && parent.Kind is not ModuleKind.Shared ? " (shared)" : "";
        return $"{Printable.Text(node.Name)}{times}{shared}";
    }

    private static TextRow Row(string label, ModuleNode node, TextColumns columns, ModuleNode? parent)
    {
        string note = node.Members is { MeanJoules: { } mean } members && members.Count > (parent?.Members?.Count ?? 1)
            ? $"{columns.Marked(mean)}{(members.SdJoules is { } sd ? $" ± {columns.Number(sd)}" : "")} each"
            : "";
        return new(label, columns.Cells(node), parent is null ? null : columns.ShareOf(node), note);
    }
}
