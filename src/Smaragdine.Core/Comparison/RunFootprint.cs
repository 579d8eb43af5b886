using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>One run as comparisons see it: its modules, and under which conditions it was made.</summary>
/// <param name="Facts">The conditions.</param>
/// <param name="Modules">By path, parents before children; the root is there.</param>
public sealed record RunFootprint(RunFacts Facts, IReadOnlyList<RunModule> Modules)
{
    /// <summary>The path of what operations of no module took, as a module beside the others.</summary>
    public const string NoModule = "(no module)";

    /// <summary>The modules of a tree. Siblings that folding gave one name, their structures being different, are one here.</summary>
    public static RunFootprint Of(RunFacts facts, ModuleNode tree)
    {
        List<ModuleNode> nodes = [.. tree.Walk()];
        Dictionary<ModuleNode, Dictionary<Pass, Cost>> costs = [];
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            Dictionary<Pass, Cost> sums = [];
            Add(sums, nodes[i].Rows);

            foreach ((Pass pass, Cost cost) in nodes[i].Children.SelectMany(c => costs[c]))
            {
                Add(sums, pass, cost);
            }

            costs.Add(nodes[i], sums);
        }

        Dictionary<string, RunModule> modules = new(StringComparer.Ordinal);
        List<string> order = [];
        foreach (RunModule module in nodes.Select(n => Module(n, costs[n])).Concat(WithoutModule(tree)))
        {
            if (modules.TryGetValue(module.Path, out RunModule? there))
            {
                modules[module.Path] = Together(there, module);
            }
            else
            {
                modules.Add(module.Path, module);
                order.Add(module.Path);
            }
        }

        return new(facts, [.. order.Select(p => modules[p])]);
    }

    private static RunModule Module(ModuleNode node, Dictionary<Pass, Cost> costs) => new()
    {
        Path = node.Path,
        Members = node.Members?.Count ?? 1,
        Types = TypesOf(node.Rows),
        ByPass = costs,
        Quality = node.Quality,
    };

    private static IEnumerable<RunModule> WithoutModule(ModuleNode tree)
    {
        if (tree is not { Kind: ModuleKind.Root, Rows.Count: > 0, Children.Count: > 0 })
        {
            yield break;
        }

        Dictionary<Pass, Cost> sums = [];
        Add(sums, tree.Rows);
        List<Quality> qualities = [.. tree.Rows.Select(r => r.Quality).OfType<Quality>()];
        yield return new() { Path = NoModule, Types = TypesOf(tree.Rows), ByPass = sums, Quality = qualities.Count == 0 ? null : qualities.Max() };
    }

    /// <summary>The optimizer's come and go with the weights, which models may share, and say little of what a module is.</summary>
    private static string[] TypesOf(IEnumerable<OperationRow> rows) => [.. rows.Where(r => r.Pass is not Pass.Optimizer).Select(r => r.Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static RunModule Together(RunModule left, RunModule right)
    {
        Dictionary<Pass, Cost> sums = new(left.ByPass);
        foreach ((Pass pass, Cost cost) in right.ByPass)
        {
            Add(sums, pass, cost);
        }

        return left with
        {
            Members = left.Members + right.Members,
            Types = [.. left.Types.Union(right.Types, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            ByPass = sums,
            Quality = left.Quality is { } a && right.Quality is { } b ? Qualities.Worst(a, b) : left.Quality ?? right.Quality,
        };
    }

    private static void Add(Dictionary<Pass, Cost> sums, IEnumerable<OperationRow> rows)
    {
        foreach (OperationRow row in rows)
        {
            // Without power there is time, and no covered time.
            Add(sums, row.Pass, new(row.Calls.Mean, row.Time.Mean, row.Energy is null ? 0 : row.Covered.Mean, row.Energy?.Mean));
        }
    }

    private static void Add(Dictionary<Pass, Cost> sums, Pass pass, Cost cost) =>
        sums[pass] = sums.TryGetValue(pass, out Cost sum) ? sum + cost : cost;
}
