namespace Smaragdine.Footprints;

/// <summary>What part of a step an operation belongs to.</summary>
public enum Pass
{
    Forward,
    Backward,

    /// <summary>A forward pass run again for the backward one (activation checkpointing).</summary>
    Recompute,
    Optimizer,
    Other,
}

/// <summary>The names of <see cref="Pass"/> in reports.</summary>
public static class Passes
{
    public static IReadOnlyList<Pass> All { get; } = Enum.GetValues<Pass>();

    /// <summary>Lower case, as reports write it.</summary>
    public static string Name(this Pass pass) => pass switch
    {
        Pass.Forward => "forward",
        Pass.Backward => "backward",
        Pass.Recompute => "recompute",
        Pass.Optimizer => "optimizer",
        Pass.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(pass)),
    };

    public static bool TryParse(string text, out Pass pass)
    {
        foreach (Pass candidate in All)
        {
            if (string.Equals(candidate.Name(), text, StringComparison.OrdinalIgnoreCase))
            {
                pass = candidate;
                return true;
            }
        }

        pass = default;
        return false;
    }
}
