using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>A module in one run, with all that lies beneath it.</summary>
public sealed record RunModule
{
    /// <summary>Empty at the root.</summary>
    public required string Path { get; init; }

    /// <summary>How many siblings are folded into it; 1 for a module by itself.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Types of the operations directly in it but for the optimizer's, each once, in ordinal order.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    public required IReadOnlyDictionary<Pass, Cost> ByPass { get; init; }

    /// <summary>Of the energy; null with it.</summary>
    public Quality? Quality { get; init; }

    public Cost Total => ByPass.Values.Aggregate(default(Cost), (sum, cost) => sum + cost);
}
