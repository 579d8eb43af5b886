using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>The program that was recorded.</summary>
/// <remarks>There is no field for environment variables: they hold secrets, and what counts of them (ranks) has fields of its own.</remarks>
public sealed record ProgramFacts
{
    /// <summary>Its command line; null where it is not to be kept (`--no-command`).</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public string? Framework { get; init; }

    public string? FrameworkVersion { get; init; }

    /// <summary>Versions of what else counts: `python`, `cuda`, `cudnn`.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? Model { get; init; }

    /// <summary>`pretrain`, `finetune`, `predict`, …</summary>
    public string? Mode { get; init; }

    /// <summary>Samples per step.</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens per sample.</summary>
    public int? Sequence { get; init; }

    public RankFacts? Rank { get; init; }

    public IReadOnlyList<ManifestStep> Steps { get; init; } = [];

    public IReadOnlyList<Interval> UntracedSteps { get; init; } = [];
}

/// <summary>What the caller of a recorder knows for the manifest.</summary>
public sealed record ManifestFacts
{
    public HostFacts Host { get; init; } = new();

    public ProgramFacts Program { get; init; } = new();

    /// <summary>The recorder and its version: `smaragdine 0.1.0`.</summary>
    public string? Recorder { get; init; }

    /// <summary>Of a rank's recording: whether it was (or became) the one on its host that read the host's sensors. Null where there are no ranks.</summary>
    public bool? HoldsSensors { get; init; }

    /// <summary>Idle power by domain, measured before the run.</summary>
    public IReadOnlyDictionary<string, Watts> Baseline { get; init; } = new Dictionary<string, Watts>(StringComparer.Ordinal);
}
