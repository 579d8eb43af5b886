namespace Smaragdine.Comparison;

/// <summary>Why two modules are taken for the same one.</summary>
public enum MatchedBy
{
    /// <summary>Nothing: one side has it alone.</summary>
    Nothing,

    /// <summary>A rule of the user's.</summary>
    Rule,

    /// <summary>Equal paths.</summary>
    Path,

    /// <summary>Equal names but for case, separators and numbers, in the same parent, or elsewhere and alike.</summary>
    Name,

    /// <summary>What they are made of, in the same parent.</summary>
    Structure,
}

/// <summary>A module on both sides, or on one of them.</summary>
public sealed record ModulePair(SideModule? Base, SideModule? New, MatchedBy By);
