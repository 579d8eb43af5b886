namespace Smaragdine.Attribution;

/// <summary>How a device's energy is shared among the operations that run on it.</summary>
public enum AttributionRule
{
    /// <summary>At each instant equally among the running spans (DESIGN rule 3).</summary>
    Split,

    /// <summary>As the paper's released code does it, for comparing with published figures only.</summary>
    Paper,
}
