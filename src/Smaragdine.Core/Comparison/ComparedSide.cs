using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>One side of a comparison: runs that repeat each other, and the modules of all of them.</summary>
public sealed class ComparedSide
{
    private ComparedSide(IReadOnlyList<RunFootprint> runs, SideModule root)
    {
        Runs = runs;
        Root = root;
    }

    public IReadOnlyList<RunFootprint> Runs { get; }

    public SideModule Root { get; }

    /// <summary>Puts runs side by side.</summary>
    /// <param name="runs">One or more.</param>
    /// <exception cref="ArgumentException">there is none.</exception>
    public static ComparedSide Of(IReadOnlyList<RunFootprint> runs)
    {
        if (runs.Count == 0)
        {
            throw new ArgumentException("a side has at least one run", nameof(runs));
        }

        Dictionary<string, RunModule?[]> byPath = new(StringComparer.Ordinal);
        List<string> order = [];
        for (int run = 0; run < runs.Count; run++)
        {
            foreach (RunModule module in runs[run].Modules)
            {
                if (!byPath.TryGetValue(module.Path, out RunModule?[]? at))
                {
                    byPath.Add(module.Path, at = new RunModule?[runs.Count]);
                    order.Add(module.Path);
                }

                at[run] = module;
            }
        }

        // A module that did not run used nothing, where a run's energy is known at all.
        Cost[] absent = [.. byPath[""].Select(root => new Cost(0, 0, 0, root?.Total.Joules is null ? null : 0))];
        Dictionary<string, SideModule> modules = new(StringComparer.Ordinal);
        foreach (string path in order)
        {
            SideModule module = NewModule(path, byPath[path], absent, path.Length == 0 ? null : modules[ParentOf(path)]);
            module.Parent?.Children.Add(module);
            modules.Add(path, module);
        }

        return new(runs, modules[""]);
    }

    /// <summary>All of a path but its last segment.</summary>
    public static string ParentOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    private static SideModule NewModule(string path, RunModule?[] runs, Cost[] absent, SideModule? parent)
    {
        List<RunModule> there = [.. runs.OfType<RunModule>()];
        Dictionary<Pass, IReadOnlyList<Cost>> byPass = [];
        foreach (Pass pass in Passes.All.Where(p => there.Exists(m => m.ByPass.ContainsKey(p))))
        {
            byPass.Add(pass, [.. runs.Select((m, i) => m is not null && m.ByPass.TryGetValue(pass, out Cost cost) ? cost : absent[i])]);
        }

        List<Quality> qualities = [.. there.Select(m => m.Quality).OfType<Quality>()];
        return new()
        {
            Path = path,
            Name = path[(path.LastIndexOf('/') + 1)..],
            Parent = parent,
            Members = there.Max(m => m.Members),
            Types = there.SelectMany(m => m.Types).ToHashSet(StringComparer.Ordinal),
            Quality = qualities.Count == 0 ? null : qualities.Max(),
            Total = [.. runs.Select((m, i) => m?.Total ?? absent[i])],
            ByPass = byPass,
        };
    }
}
