using Smaragdine.Footprints;

namespace Smaragdine.Cli.Reporting;

/// <summary>Keeps the rows that `--pass`, `--device`, `--rank` and `--module` ask for.</summary>
internal static class RowFilter
{
    /// <exception cref="UsageException">nothing is left, or the module is not there.</exception>
    public static IReadOnlyList<OperationRow> Apply(Footprint footprint, ReportOptions options)
    {
        IEnumerable<OperationRow> rows = footprint.Operations;
        if (options.Device is { } device)
        {
            if (!footprint.Devices.Any(d => device.Means(d.Device)))
            {
                throw new UsageException($"--device {device}: the trace has {string.Join(", ", footprint.Devices.Select(d => d.Device.ToString()).Distinct(StringComparer.Ordinal))}");
            }

            rows = rows.Where(r => device.Means(r.Device));
        }

        if (options.Rank is { } rank)
        {
            List<int> ranks = [.. footprint.Devices.Select(d => d.Device.Rank).OfType<int>().Distinct().Order()];
            if (!ranks.Contains(rank))
            {
                throw new UsageException($"--rank {rank}: {(ranks.Count == 0 ? "this is no job of several ranks" : $"there are {FootprintBuilder.Ranges(ranks)}")}");
            }

            rows = rows.Where(r => r.Device.Rank == rank);
        }

        if (options.Pass is { } pass)
        {
            List<OperationRow> before = [.. rows];
            List<Pass> there = [.. before.Select(r => r.Pass).Distinct().Order()];
            if (!there.Contains(pass))
            {
                throw new UsageException($"--pass {pass.Name()}: no such operation; there are {string.Join(", ", there.Select(p => p.Name()))}");
            }

            rows = before.Where(r => r.Pass == pass);
        }

        List<OperationRow> kept = [.. rows];
        if (options.Module is not { } module)
        {
            return kept;
        }

        ModuleNode? node = Find(Tree(kept, footprint, options.Fold), module) ?? Find(Tree(kept, footprint, fold: false), module);
        HashSet<OperationRow> within = node is null ? throw NoModule(module, kept, footprint) : [.. node.Walk().SelectMany(n => n.Rows)];
        return [.. kept.Where(within.Contains)];
    }

    /// <summary>The tree of these rows, its root the module that was asked for.</summary>
    public static ModuleNode Zoom(IReadOnlyList<OperationRow> rows, Footprint footprint, ReportOptions options)
    {
        ModuleNode tree = Tree(rows, footprint, options.Fold);
        return options.Module is { } module
            ? Find(tree, module) ?? Find(Tree(rows, footprint, fold: false), module) ?? tree
            : tree;
    }

    private static ModuleNode Tree(IReadOnlyList<OperationRow> rows, Footprint footprint, bool fold)
    {
        ModuleNode tree = ModuleTree.Build(rows, footprint.SharedModules, footprint.Steps.Count);
        return fold ? Folding.Fold(tree, footprint.Steps.Count) : tree;
    }

    private static ModuleNode? Find(ModuleNode tree, string path) => tree.Walk().FirstOrDefault(n => n.Path == path.Trim('/'));

    private static UsageException NoModule(string module, IReadOnlyList<OperationRow> rows, Footprint footprint)
    {
        string leaf = module.TrimEnd('/').Split('/')[^1];
        List<string> near = [.. Tree(rows, footprint, fold: true).Walk()
            .Select(n => n.Path)
            .Where(p => p.Length > 0 && (p.EndsWith(leaf, StringComparison.OrdinalIgnoreCase) || !p.Contains('/')))
            .OrderByDescending(p => p.EndsWith(leaf, StringComparison.OrdinalIgnoreCase))
            .Take(4)];
        return new($"--module {module}: no such module{(near.Count > 0 ? $"; there is {string.Join(", ", near)}" : "")}");
    }
}
