using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>A device of a run and what its energy stands on.</summary>
/// <param name="Device">As reports write it.</param>
/// <param name="Domains">The domains that feed it, each with its sensor: `package-0 by powercap`.</param>
/// <param name="Quality">The worst of them; null without power.</param>
public sealed record RunDevice(string Device, IReadOnlyList<string> Domains, Quality? Quality);

/// <summary>Under which conditions a run was made; null is unknown.</summary>
public sealed record RunFacts
{
    /// <summary>As it was given.</summary>
    public required string Path { get; init; }

    /// <summary>With its version.</summary>
    public string? Framework { get; init; }

    public string? Model { get; init; }

    /// <summary>`pretrain`, `finetune`, `predict`, …</summary>
    public string? Mode { get; init; }

    /// <summary>Samples per step.</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens per sample.</summary>
    public int? Sequence { get; init; }

    public string? Host { get; init; }

    public string? Processor { get; init; }

    public int? LogicalCpus { get; init; }

    /// <summary>`split`, `paper`.</summary>
    public required string Attribution { get; init; }

    /// <summary>How many steps the figures are means over.</summary>
    public required int Steps { get; init; }

    /// <summary>Siblings of equal structure are one module.</summary>
    public required bool Folded { get; init; }

    public IReadOnlyList<RunDevice> Devices { get; init; } = [];

    /// <summary>The first moment known of the run: two with the same one are the same run.</summary>
    public Instant? Started { get; init; }
}
