using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>What may be said of a module.</summary>
public enum Verdict
{
    /// <summary>One run a side, no figure, or figures of different quality: nothing is claimed.</summary>
    NotTested,

    /// <summary>Too small a part of both sides to be tested.</summary>
    TooSmall,

    /// <summary>Within what runs differ by, or too small a change to be worth naming.</summary>
    NoDifference,

    Higher,

    Lower,

    /// <summary>Only the new side has it.</summary>
    Added,

    /// <summary>Only the base has it.</summary>
    Removed,
}

/// <summary>The names of <see cref="Verdict"/> in reports.</summary>
public static class Verdicts
{
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.NotTested => "not_tested",
        Verdict.TooSmall => "too_small",
        Verdict.NoDifference => "no_difference",
        Verdict.Higher => "higher",
        Verdict.Lower => "lower",
        Verdict.Added => "added",
        Verdict.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };
}

/// <summary>A module on both sides, and what changed.</summary>
public sealed class ModuleChange
{
    public required ModulePair Modules { get; init; }

    /// <summary>The change of what holds it on the new side, or, of a removed one, held it on the base's; null of the root.</summary>
    public required ModuleChange? Parent { get; init; }

    public required Quantities Whole { get; init; }

    public required IReadOnlyDictionary<Pass, Quantities> ByPass { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Of no difference, Holm over all tested modules; null where it was not tested.</summary>
    public required double? AdjustedP { get; init; }

    /// <summary>Null where a side did not run.</summary>
    public required Factors? Factors { get; init; }

    /// <summary>Of both sides' energy; null without any.</summary>
    public required Quality? Quality { get; init; }

    /// <summary>The new path; of a removed module the base's.</summary>
    public string Path => (Modules.New ?? Modules.Base)!.Path;

    /// <summary>It is in another module now.</summary>
    public bool Moved => Modules is { Base.Parent: { } before, New: not null } && Parent?.Modules.Base != before;

    /// <summary>New less base, where what is not there took nothing; null where a figure is missing.</summary>
    public double? Change(Measure measure)
    {
        Quantity quantity = Whole.By(measure);
        return (quantity, Modules) switch
        {
            ({ Difference: { } difference }, _) => difference.Change,
            ({ New: { } added }, { Base: null }) => added.Mean,
            ({ Base: { } removed }, { New: null }) => -removed.Mean,
            _ => null,
        };
    }
}
