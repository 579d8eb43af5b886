namespace Smaragdine.Attribution;

/// <summary>How a device's energy is shared among the operations that run on it.</summary>
public enum AttributionRule
{
    /// <summary>At each instant equally among the running spans.</summary>
    Split,

    /// <summary>As the paper's released code does it, for comparing with published figures only.</summary>
    Paper,
}

/// <summary>What reports call the rules.</summary>
public static class AttributionRules
{
    /// <summary>`split`, `paper`.</summary>
    public static string Name(this AttributionRule rule) => rule is AttributionRule.Paper ? "paper" : "split";
}
