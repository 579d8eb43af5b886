using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Comparison;

/// <summary>Sides of comparisons made by hand.</summary>
internal static class Sides
{
    public static RunFacts Facts(string path = "run") => new() { Path = path, Attribution = "split", Steps = 5, Folded = true };

    /// <summary>A run of leaf modules: path, types of its operations, joules; a call of a second each. What holds them is made.</summary>
    public static RunFootprint Run(params (string Path, string Types, double Joules)[] leaves) =>
        Run([.. leaves.Select(l => (l.Path, l.Types, new Cost(1, 1, 1, l.Joules)))]);

    public static RunFootprint Run(params (string Path, string Types, Cost Cost)[] leaves)
    {
        SortedDictionary<string, RunModule> modules = new(StringComparer.Ordinal);
        foreach ((string path, string types, Cost cost) in leaves)
        {
            string[] own = types.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (string at = path; ; at = ComparedSide.ParentOf(at))
            {
                RunModule? there = modules.GetValueOrDefault(at);
                modules[at] = new()
                {
                    Path = at,
                    Types = at == path ? [.. own.Union(there?.Types ?? []).Order(StringComparer.Ordinal)] : there?.Types ?? [],
                    ByPass = new Dictionary<Pass, Cost> { [Pass.Forward] = (there?.Total ?? default) + cost },
                    Quality = cost.Joules is null ? null : Quality.Derived,
                };
                if (at.Length == 0)
                {
                    break;
                }
            }
        }

        return new(Facts(), [.. modules.Values]);
    }

    public static ComparedSide Side(params (string Path, string Types, double Joules)[] leaves) => ComparedSide.Of([Run(leaves)]);

    /// <summary>Runs with one module `a`, of these joules, beside `rest` of 100 J.</summary>
    public static ComparedSide Runs(params double[] joules) =>
        ComparedSide.Of([.. joules.Select(j => Run(("a", "MatMul", j), ("rest", "Relu", 100)))]);

    public static FootprintComparison Compare(ComparedSide before, ComparedSide after) => FootprintComparison.Of(before, after, new(Measure.Energy, []));

    public static ModuleChange Of(this FootprintComparison comparison, string path) => comparison.Changes.Single(c => c.Path == path);
}
