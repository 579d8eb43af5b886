namespace Smaragdine.Footprints;

/// <summary>
/// Merges siblings of equal structure into one row: `layer_0` … `layer_11` become `layer_* ×12`. Energies are sums; what a member costs is
/// in <see cref="ModuleNode.Members"/>. Numbers are compared by their rank among siblings (`layer_0` holds `layer_normalization_1`,
/// `layer_3` holds `layer_normalization_7`); modules without children that only some members have are let pass, and counted.
/// </summary>
public static class Folding
{
    /// <summary>A folded copy of a tree; the tree itself stays as it is.</summary>
    public static ModuleNode Fold(ModuleNode root, int steps) => Merge([root], root.Path, root.Name, root.Depth, root.Kind, steps);

    /// <summary>Children of the merged parents that stand for the same thing.</summary>
    private sealed class Slot(string pattern)
    {
        public string Pattern => pattern;

        public List<ModuleNode> Nodes { get; } = [];
    }

    private static ModuleNode Merge(List<ModuleNode> members, string path, string name, int depth, ModuleKind kind, int steps)
    {
        ModuleNode merged = ModuleTree.NewNode(path, name, depth, kind, steps);
        foreach (ModuleNode member in members)
        {
            ModuleTree.Add(merged, member, steps);
            merged.Rows.AddRange(member.Rows);
            if (member.Self is not null)
            {
                (merged.Self ??= new(steps)).Add(member.Self);
            }
        }

        foreach (List<Slot> cluster in Clusters(Slots(members)))
        {
            List<ModuleNode> nodes = [.. cluster.SelectMany(s => s.Nodes)];
            bool oneName = nodes.TrueForAll(n => n.Name == nodes[0].Name);
            string childName = oneName ? nodes[0].Name : cluster.Count > 1 ? cluster[0].Pattern : FoldPattern.Starred(nodes[0].Name);
            string childPath = path.Length == 0 ? childName : $"{path}/{childName}";
            ModuleKind childKind = nodes.Count > 1 && nodes[0].Kind is not ModuleKind.Shared ? ModuleKind.Folded : nodes[0].Kind;
            ModuleNode child = Merge(nodes, childPath, childName, depth + 1, childKind, steps);
            child.Members = nodes.Count > 1 ? Members(nodes) : null;
            merged.Children.Add(child);
        }

        return merged;
    }

    private static FoldedMembers Members(List<ModuleNode> nodes)
    {
        List<string> names = [.. nodes.Select(n => n.Path)];
        int differing = DifferingLeaves(nodes);
        if (nodes.Exists(n => n.Energy is null))
        {
            return new(nodes.Count, null, null, differing, names);
        }

        StepFigure energies = new(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            energies[i] = nodes[i].Energy!.Mean;
        }

        return new(nodes.Count, energies.Mean, energies.StandardDeviation, differing, names);
    }

    /// <summary>Children of all parents, matched by pattern and rank.</summary>
    private static List<Slot> Slots(List<ModuleNode> parents)
    {
        Dictionary<string, Slot> byKey = new(StringComparer.Ordinal);
        List<Slot> slots = [];
        foreach (ModuleNode parent in parents)
        {
            foreach ((string key, string pattern, ModuleNode child) in Ranked(parent))
            {
                if (!byKey.TryGetValue(key, out Slot? slot))
                {
                    byKey.Add(key, slot = new(pattern));
                    slots.Add(slot);
                }

                slot.Nodes.Add(child);
            }
        }

        return slots;
    }

    /// <summary>Children with the name under which they are compared: the pattern, and the rank among those of that pattern.</summary>
    private static IEnumerable<(string Key, string Pattern, ModuleNode Child)> Ranked(ModuleNode parent)
    {
        Dictionary<string, string> patterns = FoldPattern.Of([.. parent.Children.Select(c => c.Name)]);
        foreach (IGrouping<string, ModuleNode> group in parent.Children.GroupBy(c => patterns[c.Name], StringComparer.Ordinal))
        {
            int rank = 0;
            foreach (ModuleNode child in group.OrderBy(c => c.Name, Comparer<string>.Create(FoldPattern.Compare)))
            {
                yield return (child.Kind is ModuleKind.Shared ? $"shared:{child.Name}" : $"{group.Key}#{rank++}", group.Key, child);
            }
        }
    }

    /// <summary>Slots of one pattern and of like structure together, in the order of their first.</summary>
    private static List<List<Slot>> Clusters(List<Slot> slots)
    {
        List<List<Slot>> clusters = [];
        foreach (Slot slot in slots)
        {
            List<Slot>? home = slot.Nodes[0].Kind is ModuleKind.Shared || !slot.Pattern.Contains('*')
                ? null
                : clusters.Find(c => c[0].Pattern == slot.Pattern && c[0].Nodes[0].Kind is not ModuleKind.Shared
                    && Alike(c[0].Nodes[0], slot.Nodes[0]));
            if (home is null)
            {
                clusters.Add([slot]);
            }
            else
            {
                home.Add(slot);
            }
        }

        return clusters;
    }

    /// <summary>Equal in all that has children; of the modules without, at least half in common.</summary>
    private static bool Alike(ModuleNode left, ModuleNode right)
    {
        Dictionary<string, ModuleNode> a = Structure(left);
        Dictionary<string, ModuleNode> b = Structure(right);
        int common = 0;
        int leaves = 0;
        foreach (string key in a.Keys.Union(b.Keys, StringComparer.Ordinal))
        {
            bool inner = (a.TryGetValue(key, out ModuleNode? x) && x.Children.Count > 0)
                | (b.TryGetValue(key, out ModuleNode? y) && y.Children.Count > 0);
            if (inner && (x is null || y is null || !Alike(x, y)))
            {
                return false;
            }

            leaves += inner ? 0 : 1;
            common += !inner && x is not null && y is not null ? 1 : 0;
        }

        return common * 2 >= leaves;
    }

    private static Dictionary<string, ModuleNode> Structure(ModuleNode node) =>
        Ranked(node).Where(c => c.Child.Kind is not ModuleKind.Shared).ToDictionary(c => c.Key, c => c.Child, StringComparer.Ordinal);

    /// <summary>Modules without children that some members have and others lack, throughout the members.</summary>
    private static int DifferingLeaves(List<ModuleNode> members)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        Stack<(string Path, ModuleNode Node)> open = new(members.Select(m => ("", m)));
        while (open.TryPop(out (string Path, ModuleNode Node) at))
        {
            foreach ((string key, ModuleNode child) in Structure(at.Node))
            {
                string path = $"{at.Path}/{key}";
                if (child.Children.Count == 0)
                {
                    counts[path] = counts.GetValueOrDefault(path) + 1;
                }

                open.Push((path, child));
            }
        }

        return counts.Values.Count(n => n < members.Count);
    }
}
