namespace Smaragdine.Footprints;

/// <summary>Sums rows by any key: by type, by pass, by folded operation.</summary>
public static class RowGroups
{
    /// <summary>One node per key, in the order of first appearance; its rows are those of the key.</summary>
    public static IReadOnlyList<ModuleNode> By(IEnumerable<OperationRow> rows, Func<OperationRow, string> key, int steps)
    {
        Dictionary<string, ModuleNode> groups = new(StringComparer.Ordinal);
        List<ModuleNode> order = [];
        foreach (OperationRow row in rows)
        {
            string name = key(row);
            if (!groups.TryGetValue(name, out ModuleNode? group))
            {
                groups.Add(name, group = ModuleTree.NewNode(name, name, 0, ModuleKind.Module, steps));
                order.Add(group);
            }

            group.Rows.Add(row);
            ModuleTree.Add(group, row, steps);
        }

        return order;
    }

    /// <summary>
    /// Names under which operations of folded layers are one row: the module's part of a name as the folded tree has it, the leaf as it is.
    /// An operation whose name does not hold its module (the optimizer's `Mul_641`) loses its number.
    /// </summary>
    public static Func<OperationRow, string> FoldedNames(ModuleNode folded)
    {
        Dictionary<OperationRow, string> names = [];
        foreach (ModuleNode node in folded.Walk())
        {
            foreach (OperationRow row in node.Rows)
            {
                int at = row.Module.Length == 0 ? -1 : row.Name.IndexOf(row.Module, StringComparison.Ordinal);
                names[row] = at < 0
                    ? FoldPattern.Starred(row.Name)
                    : string.Concat(row.Name.AsSpan(0, at), node.Path, row.Name.AsSpan(at + row.Module.Length));
            }
        }

        return row => names.GetValueOrDefault(row, row.Name);
    }
}
