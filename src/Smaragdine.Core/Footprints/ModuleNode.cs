using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>What a node of the module tree stands for.</summary>
public enum ModuleKind
{
    Root,
    Module,

    /// <summary>Holds weights that several other modules use.</summary>
    Shared,

    /// <summary>Several siblings of equal structure, merged.</summary>
    Folded,
}

/// <summary>Energy and time of one pass within a module.</summary>
public sealed record PassFigures(StepFigure? Energy, StepFigure Time);

/// <summary>What a folded row was made of.</summary>
/// <param name="Count">How many siblings.</param>
/// <param name="MeanJoules">Mean energy per step of a member; null without power.</param>
/// <param name="SdJoules">Sample standard deviation over the members.</param>
/// <param name="DifferingLeaves">Modules without children that only some members have.</param>
/// <param name="Names">The members' own names.</param>
public sealed record FoldedMembers(int Count, double? MeanJoules, double? SdJoules, int DifferingLeaves, IReadOnlyList<string> Names);

/// <summary>A module with all that lies beneath it.</summary>
public sealed class ModuleNode
{
    public required string Path { get; init; }

    /// <summary>Last segment of the path; empty at the root.</summary>
    public required string Name { get; init; }

    public required int Depth { get; init; }

    public required ModuleKind Kind { get; init; }

    public List<ModuleNode> Children { get; } = [];

    /// <summary>Operations directly in this module (of all members, where folded).</summary>
    public List<OperationRow> Rows { get; } = [];

    public required StepFigure Calls { get; init; }

    public required StepFigure Time { get; init; }

    public required StepFigure Covered { get; init; }

    /// <summary>Null where nothing beneath has power.</summary>
    public StepFigure? Energy { get; set; }

    /// <summary>Of the operations directly in this module.</summary>
    public StepFigure? Self { get; set; }

    public Quality? Quality { get; set; }

    public Dictionary<Pass, PassFigures> ByPass { get; } = [];

    /// <summary>Mean joules per step by domain.</summary>
    public SortedDictionary<string, double> ByDomain { get; } = new(StringComparer.Ordinal);

    public FoldedMembers? Members { get; set; }

    public double? Power => Energy is not null && Covered.Total > 0 ? Energy.Total / Covered.Total : null;

    /// <summary>This node and all beneath it, parents first.</summary>
    public IEnumerable<ModuleNode> Walk()
    {
        Stack<ModuleNode> open = new([this]);
        while (open.TryPop(out ModuleNode? node))
        {
            yield return node;
            for (int i = node.Children.Count - 1; i >= 0; i--)
            {
                open.Push(node.Children[i]);
            }
        }
    }
}
