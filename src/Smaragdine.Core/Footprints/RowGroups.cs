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

    /// <summary>An operation's name with the numbers that tell layers apart as `*`, so that the same operation of every layer is one row.</summary>
    public static string FoldedName(string operation) =>
        string.Join('/', operation.Split('/').Select(FoldPattern.Starred));
}
