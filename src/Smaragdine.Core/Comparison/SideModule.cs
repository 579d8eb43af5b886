using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>A module of one side of a comparison: what it took in each of the side's runs.</summary>
public sealed class SideModule
{
    public required string Path { get; init; }

    /// <summary>Last segment of the path; empty at the root.</summary>
    public required string Name { get; init; }

    public required SideModule? Parent { get; init; }

    public List<SideModule> Children { get; } = [];

    /// <summary>The most of any run.</summary>
    public required int Members { get; init; }

    public required IReadOnlySet<string> Types { get; init; }

    /// <summary>The worst of the runs; null without energy.</summary>
    public required Quality? Quality { get; init; }

    /// <summary>By run; one in which the module is absent has 0, and no energy only where the run has none at all.</summary>
    public required IReadOnlyList<Cost> Total { get; init; }

    /// <summary>The same by pass; passes that ran in none are absent.</summary>
    public required IReadOnlyDictionary<Pass, IReadOnlyList<Cost>> ByPass { get; init; }

    /// <summary>This module and all beneath it, parents first.</summary>
    public IEnumerable<SideModule> Walk()
    {
        Stack<SideModule> open = new([this]);
        while (open.TryPop(out SideModule? module))
        {
            yield return module;
            for (int i = module.Children.Count - 1; i >= 0; i--)
            {
                open.Push(module.Children[i]);
            }
        }
    }
}
