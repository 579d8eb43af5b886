using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>Builds the module tree from operation rows: every node is the sum of what lies beneath it.</summary>
public static class ModuleTree
{
    /// <summary>The deepest path that is built; what lies deeper is summed there (a hostile name may have a million segments).</summary>
    internal const int MaxDepth = 256;

    /// <summary>The tree of these rows.</summary>
    /// <param name="rows">Operations, already filtered as wanted.</param>
    /// <param name="shared">Paths of modules that hold shared weights.</param>
    /// <param name="steps">How many steps a figure has.</param>
    public static ModuleNode Build(IEnumerable<OperationRow> rows, IReadOnlySet<string> shared, int steps)
    {
        ModuleNode root = NewNode("", "", 0, ModuleKind.Root, steps);
        Dictionary<string, ModuleNode> nodes = new(StringComparer.Ordinal) { [""] = root };
        List<ModuleNode> chain = [];
        foreach (OperationRow row in rows)
        {
            Chain(row.Module, nodes, shared, steps, chain);
            chain[^1].Rows.Add(row);
            Add(chain[^1], row, steps);

            if (row.Energy is not null)
            {
                (chain[^1].Self ??= new(steps)).Add(row.Energy);
            }
        }

        // Children stand behind their parents: added up from the last on, each is whole before its parent takes it.
        ModuleNode[] parentsFirst = [.. root.Walk()];
        for (int i = parentsFirst.Length - 1; i >= 0; i--)
        {
            foreach (ModuleNode child in parentsFirst[i].Children)
            {
                Add(parentsFirst[i], child, steps);
            }
        }

        return root;
    }

    internal static ModuleNode NewNode(string path, string name, int depth, ModuleKind kind, int steps) => new()
    {
        Path = path,
        Name = name,
        Depth = depth,
        Kind = kind,
        Calls = new(steps),
        Time = new(steps),
        Covered = new(steps),
    };

    internal static void Add(ModuleNode node, OperationRow row, int steps)
    {
        node.Calls.Add(row.Calls);
        node.Time.Add(row.Time);
        PassFigures pass = node.ByPass.GetValueOrDefault(row.Pass) ?? new(null, new(steps));
        pass.Time.Add(row.Time);
        if (row.Energy is not null)
        {
            node.Covered.Add(row.Covered);
            (node.Energy ??= new(steps)).Add(row.Energy);
            node.Quality = node.Quality is { } quality ? Qualities.Worst(quality, row.Quality!.Value) : row.Quality;
            pass = pass with { Energy = pass.Energy ?? new(steps) };
            pass.Energy!.Add(row.Energy);
            foreach ((string domain, double joules) in row.ByDomain)
            {
                node.ByDomain[domain] = node.ByDomain.GetValueOrDefault(domain) + joules;
            }
        }

        node.ByPass[row.Pass] = pass;
    }

    /// <summary>Adds all that another node has summed.</summary>
    internal static void Add(ModuleNode node, ModuleNode other, int steps)
    {
        node.Calls.Add(other.Calls);
        node.Time.Add(other.Time);
        node.Covered.Add(other.Covered);
        if (other.Energy is not null)
        {
            (node.Energy ??= new(steps)).Add(other.Energy);
            node.Quality = node.Quality is { } quality ? Qualities.Worst(quality, other.Quality!.Value) : other.Quality;
        }

        foreach ((Pass pass, PassFigures figures) in other.ByPass)
        {
            PassFigures sum = node.ByPass.GetValueOrDefault(pass) ?? new(null, new(steps));
            sum.Time.Add(figures.Time);
            if (figures.Energy is not null)
            {
                sum = sum with { Energy = sum.Energy ?? new(steps) };
                sum.Energy!.Add(figures.Energy);
            }

            node.ByPass[pass] = sum;
        }

        foreach ((string domain, double joules) in other.ByDomain)
        {
            node.ByDomain[domain] = node.ByDomain.GetValueOrDefault(domain) + joules;
        }
    }

    /// <summary>The nodes from the root to a module, made where missing.</summary>
    private static void Chain(string module, Dictionary<string, ModuleNode> nodes, IReadOnlySet<string> shared, int steps, List<ModuleNode> chain)
    {
        chain.Clear();
        ModuleNode node = nodes[""];
        chain.Add(node);
        for (int end = 0; end < module.Length && chain.Count <= MaxDepth;)
        {
            int start = end == 0 ? 0 : end + 1;
            end = module.IndexOf('/', start);
            end = end < 0 ? module.Length : end;
            string path = module[..end];
            if (!nodes.TryGetValue(path, out ModuleNode? child))
            {
                child = NewNode(path, module[start..end], node.Depth + 1, shared.Contains(path) ? ModuleKind.Shared : ModuleKind.Module, steps);
                nodes.Add(path, child);
                node.Children.Add(child);
            }

            node = child;
            chain.Add(node);
        }
    }
}
