using Smaragdine.Footprints;

namespace Smaragdine.Comparison;

/// <summary>What a module is made of, for telling whether two are the same under other names.</summary>
internal sealed class ModuleShape
{
    /// <summary>More than enough to tell modules apart; of a larger one the rest is not looked at.</summary>
    private const int MostFeatures = 4096;

    private readonly HashSet<string> features = new(StringComparer.Ordinal);

    /// <summary>Types of operations beneath it, by themselves and with the name of the module that they are in: not the way there, which re-nesting changes.</summary>
    public ModuleShape(SideModule module)
    {
        Stack<(SideModule Module, string Name)> open = new([(module, "")]);
        while (features.Count < MostFeatures && open.TryPop(out (SideModule Module, string Name) at))
        {
            foreach (string type in at.Module.Types)
            {
                features.Add(type);
                features.Add($"{at.Name}|{type}");
            }

            Dictionary<SideModule, string> names = NormalNames(at.Module.Children);
            foreach (SideModule child in at.Module.Children)
            {
                open.Push((child, names[child]));
            }
        }
    }

    /// <summary>From 0, nothing in common, to 1, the same (Dice's coefficient).</summary>
    public double Likeness(ModuleShape other)
    {
        int all = features.Count + other.features.Count;
        return all == 0 ? 0 : 2.0 * features.Count(other.features.Contains) / all;
    }

    /// <summary>Names of siblings without case, separators and numbers; where several have numbers, with their ranks: `layer_1`, `layer_2` are `layer#0`, `layer#1`.</summary>
    public static Dictionary<SideModule, string> NormalNames(IReadOnlyCollection<SideModule> siblings)
    {
        Dictionary<string, string> patterns = FoldPattern.Of([.. siblings.Select(s => s.Name)]);
        Dictionary<SideModule, string> names = [];
        foreach (IGrouping<string, SideModule> group in siblings.GroupBy(s => Plain(patterns[s.Name]), StringComparer.Ordinal))
        {
            int rank = 0;
            foreach (SideModule sibling in group.OrderBy(s => s.Name, Comparer<string>.Create(FoldPattern.Compare)))
            {
                names.Add(sibling, $"{group.Key}#{rank++}");
            }
        }

        return names;
    }

    /// <summary>A name by itself: without case, separators and numbers.</summary>
    public static string NormalName(SideModule module) => Plain(FoldPattern.Starred(module.Name));

    private static string Plain(string pattern) => string.Concat(pattern.Where(c => c is not ('_' or '-' or '.' or '*'))).ToLowerInvariant();
}
