using Smaragdine.Footprints;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Reports.Html;

/// <summary>Which modules and operations folding makes one, by position, for a page that shows both ways.</summary>
internal sealed class FoldedRows
{
    private FoldedRows(IReadOnlyList<int> moduleOf, IReadOnlyList<int> groupOf, IReadOnlyList<double?> deviations)
    {
        ModuleOf = moduleOf;
        GroupOf = groupOf;
        Deviations = deviations;
    }

    /// <summary>By module of the tree, parents first: the position of the folded tree's module that it is part of.</summary>
    public IReadOnlyList<int> ModuleOf { get; }

    /// <summary>By row: its group, of one device and pass.</summary>
    public IReadOnlyList<int> GroupOf { get; }

    /// <summary>By group: standard deviation of its energy, step to step, J; null without power or for one step.</summary>
    public IReadOnlyList<double?> Deviations { get; }

    /// <param name="report">Its tree not folded.</param>
    /// <param name="folded">The same tree, folded: it holds the same rows.</param>
    public static FoldedRows Of(Report report, ModuleNode folded)
    {
        List<ModuleNode> nodes = [.. folded.Walk()];
        Dictionary<OperationRow, int> holder = new(ReferenceEqualityComparer.Instance);
        Dictionary<ModuleNode, int> parent = new(ReferenceEqualityComparer.Instance);
        foreach ((int i, ModuleNode node) in nodes.Index())
        {
            node.Rows.ForEach(r => holder[r] = i);
            node.Children.ForEach(c => parent[c] = i);
        }

        return new([.. report.Tree.Walk().Select(Folded)], [.. Groups(report, folded, out List<double?> deviations)], deviations);

        // Folding merges siblings, so whatever lies beneath a module lies beneath its folded one, at the same depth.
        int Folded(ModuleNode module)
        {
            OperationRow? row = module.Walk().SelectMany(n => n.Rows).FirstOrDefault();
            int at = row is null ? 0 : holder[row];
            while (nodes[at].Depth > module.Depth)
            {
                at = parent[nodes[at]];
            }

            return at;
        }
    }

    private static List<int> Groups(Report report, ModuleNode folded, out List<double?> deviations)
    {
        Func<OperationRow, string> names = RowGroups.FoldedNames(folded);
        Dictionary<(DeviceId Device, Pass Pass, string Name), int> known = [];
        List<int> groups = [];
        List<StepFigure?> energies = [];
        foreach (OperationRow row in report.Rows)
        {
            (DeviceId, Pass, string) key = (row.Device, row.Pass, names(row));
            if (!known.TryGetValue(key, out int group))
            {
                known.Add(key, group = energies.Count);
                energies.Add(null);
            }

            groups.Add(group);
            if (row.Energy is { } energy)
            {
                (energies[group] ??= new(report.Footprint.Steps.Count)).Add(energy);
            }
        }

        deviations = [.. energies.Select(e => e?.StandardDeviation)];
        return groups;
    }
}
