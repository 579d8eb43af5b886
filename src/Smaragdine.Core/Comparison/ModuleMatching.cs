namespace Smaragdine.Comparison;

/// <summary>
/// Finds which module of one side is which of the other: by the user's rules, by equal paths, then, from matched parents down, by names, by names
/// but for case, separators and numbers, at a deeper level too, and by what they are made of; last by names wherever they are. Of several that may be meant the one
/// that is made most alike is taken; where two are as alike, neither.
/// </summary>
public sealed class ModuleMatching
{
    /// <summary>Less alike than this is another module, where nothing but what it is made of speaks for it.</summary>
    internal const double LeastLikeness = 0.6;

    /// <summary>The same where the name speaks for it too.</summary>
    private const double LeastLikenessOfNamesakes = 0.3;

    /// <summary>More pairs of siblings than this are not tried: hostile input could have a million.</summary>
    private const int MostTried = 40_000;

    private readonly Dictionary<SideModule, (SideModule Other, MatchedBy By)> matched = [];
    private readonly Dictionary<SideModule, ModuleShape> shapes = [];
    private readonly Queue<(SideModule Base, SideModule New)> open = [];
    private readonly Queue<(SideModule Base, SideModule New)> deeper = [];

    private ModuleMatching()
    {
    }

    /// <summary>Every module of both sides exactly once: pairs and what only the new one has in its order, each followed by what lies beneath; then what only the base has.</summary>
    public static IReadOnlyList<ModulePair> Match(SideModule before, SideModule after, IReadOnlyList<RenameRule> rules)
    {
        ModuleMatching matching = new();
        List<SideModule> olds = [.. before.Walk()];
        List<SideModule> news = [.. after.Walk()];
        matching.Pair(before, after, MatchedBy.Path);
        matching.ByPath(olds, news, rules);
        matching.DownFromParents();
        int known;
        do
        {
            // With some of them gone, of those that are left two may be each other's one best.
            known = matching.matched.Count;
            matching.Elsewhere(olds, news);
            matching.DownFromAll(olds);
        }
        while (matching.matched.Count > known);
        return
        [
            .. news.Select(n => matching.matched.TryGetValue(n, out (SideModule Other, MatchedBy By) m) ? new ModulePair(m.Other, n, m.By) : new(null, n, MatchedBy.Nothing)),
            .. olds.Where(matching.IsFree).Select(b => new ModulePair(b, null, MatchedBy.Nothing)),
        ];
    }

    private void ByPath(List<SideModule> olds, List<SideModule> news, IReadOnlyList<RenameRule> rules)
    {
        Dictionary<string, SideModule> byPath = news.ToDictionary(n => n.Path, StringComparer.Ordinal);
        foreach (SideModule old in rules.Count > 0 ? olds : [])
        {
            string path = RenameRule.Apply(rules, old.Path);
            if (path != old.Path && byPath.TryGetValue(path, out SideModule? there))
            {
                Pair(old, there, MatchedBy.Rule);
            }
        }

        foreach (SideModule old in olds)
        {
            if (byPath.TryGetValue(old.Path, out SideModule? there))
            {
                Pair(old, there, MatchedBy.Path);
            }
        }
    }

    private void DownFromParents()
    {
        for (Direct(); deeper.TryDequeue(out (SideModule Base, SideModule New) pair); Direct())
        {
            List<SideModule> olds = [.. pair.Base.Children.Where(IsFree)];
            List<SideModule> news = [.. pair.New.Children.Where(IsFree)];
            if (olds.Count > 0)
            {
                ByNameAndShape(olds, pair.New.Walk().Skip(1));
            }

            if (news.Count > 0)
            {
                ByNameAndShape(pair.Base.Walk().Skip(1), news);
            }

            ByShape([.. olds.Where(IsFree)], [.. news.Where(IsFree)], MatchedBy.Structure);
        }
    }

    /// <summary>Children of equal names, of all that is matched so far: before anything is looked for deeper.</summary>
    private void Direct()
    {
        while (open.TryDequeue(out (SideModule Base, SideModule New) pair))
        {
            ByName(pair.Base, pair.New, m => m.ToDictionary(c => c, c => c.Name));
            ByName(pair.Base, pair.New, ModuleShape.NormalNames);
            deeper.Enqueue(pair);
        }
    }

    private void DownFromAll(List<SideModule> olds)
    {
        foreach (SideModule old in olds)
        {
            if (matched.TryGetValue(old, out (SideModule Other, MatchedBy By) pair))
            {
                open.Enqueue((old, pair.Other));
            }
        }

        DownFromParents();
    }

    /// <summary>Of one name, wherever among those given: a layer that was put into another.</summary>
    private void ByNameAndShape(IEnumerable<SideModule> olds, IEnumerable<SideModule> news)
    {
        ILookup<string, SideModule> byName = news.Where(IsFree).ToLookup(ModuleShape.NormalName, StringComparer.Ordinal);
        foreach (IGrouping<string, SideModule> group in olds.Where(IsFree).GroupBy(ModuleShape.NormalName, StringComparer.Ordinal))
        {
            ByShape([.. group.Where(IsFree)], [.. byName[group.Key].Where(IsFree)], MatchedBy.Name);
            Direct();
        }
    }

    private void ByName(SideModule before, SideModule after, Func<IReadOnlyCollection<SideModule>, Dictionary<SideModule, string>> namesOf)
    {
        if (!before.Children.Exists(IsFree) || !after.Children.Exists(IsFree))
        {
            return;
        }

        // Ranks are among all siblings, those that are matched already included.
        Dictionary<SideModule, string> oldNames = namesOf(before.Children);
        Dictionary<string, SideModule> byName = namesOf(after.Children).Where(n => IsFree(n.Key)).ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);
        foreach (SideModule old in before.Children)
        {
            if (byName.TryGetValue(oldNames[old], out SideModule? there))
            {
                Pair(old, there, MatchedBy.Name);
            }
        }
    }

    /// <summary>Pairs that are each other's one best, again and again, until there are none.</summary>
    private void ByShape(List<SideModule> olds, List<SideModule> news, MatchedBy by)
    {
        if ((long)olds.Count * news.Count is 0 or > MostTried)
        {
            return;
        }

        double least = by is MatchedBy.Structure ? LeastLikeness : LeastLikenessOfNamesakes;
        double[,] likeness = new double[olds.Count, news.Count];
        for (int i = 0; i < olds.Count; i++)
        {
            for (int j = 0; j < news.Count; j++)
            {
                likeness[i, j] = ShapeOf(olds[i]).Likeness(ShapeOf(news[j]));
            }
        }

        bool found = true;
        while (found)
        {
            found = false;
            for (int i = 0; i < olds.Count; i++)
            {
                if (IsFree(olds[i])
                    && Best(news, least, j => likeness[i, j]) is { } best
                    && Best(olds, least, k => likeness[k, best]) == i)
                {
                    Pair(olds[i], news[best], by);
                    found = true;
                }
            }
        }
    }

    /// <summary>The one that is liker than all others that are free; null where two are as good, or none is good enough.</summary>
    private int? Best(List<SideModule> modules, double least, Func<int, double> likeness)
    {
        int? best = null;
        double most = least - 1e-6;
        for (int i = 0; i < modules.Count; i++)
        {
            if (!IsFree(modules[i]))
            {
                continue;
            }

            double like = likeness(i);
            if (like > most + 1e-9)
            {
                best = i;
                most = like;
            }
            else if (best is not null && like > most - 1e-9)
            {
                best = null;
            }
        }

        return best;
    }

    /// <summary>Moved modules, from the top, so that what lies beneath goes with them.</summary>
    private void Elsewhere(List<SideModule> olds, List<SideModule> news)
    {
        ILookup<string, SideModule> byName = news.Where(IsFree).ToLookup(ModuleShape.NormalName, StringComparer.Ordinal);
        foreach (IGrouping<string, SideModule> group in olds.Where(IsFree).ToLookup(ModuleShape.NormalName, StringComparer.Ordinal))
        {
            ByShape([.. group.Where(IsFree)], [.. byName[group.Key].Where(IsFree)], MatchedBy.Name);
            DownFromParents();
        }
    }

    private bool IsFree(SideModule module) => !matched.ContainsKey(module);

    private ModuleShape ShapeOf(SideModule module) => shapes.TryGetValue(module, out ModuleShape? shape) ? shape : shapes[module] = new(module);

    private void Pair(SideModule before, SideModule after, MatchedBy by)
    {
        if (IsFree(before) && IsFree(after))
        {
            matched.Add(before, (after, by));
            matched.Add(after, (before, by));
            open.Enqueue((before, after));
        }
    }
}
