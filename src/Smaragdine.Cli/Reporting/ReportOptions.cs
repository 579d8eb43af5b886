using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Traces;

namespace Smaragdine.Cli.Reporting;

/// <summary>What a report is made from and of, as the command line says it.</summary>
public sealed record ReportOptions
{
    public required string Path { get; init; }

    public string? PowerLog { get; init; }

    public TimeZoneInfo? TimeZone { get; init; }

    public IReadOnlyList<DomainMapping> Mappings { get; init; } = [];

    public IReadOnlySet<int>? Steps { get; init; }

    /// <summary>Leave out this many of the first steps: warm-up.</summary>
    public int SkipFirst { get; init; }

    public AttributionRule Attribution { get; init; }

    public Pass? Pass { get; init; }

    public DeviceId? Device { get; init; }

    /// <summary>Of a job.</summary>
    public int? Rank { get; init; }

    public string? Module { get; init; }

    public bool Fold { get; init; }

    /// <summary>`token`, `sample`, or null.</summary>
    public string? Per { get; init; }

    /// <summary>Per step, over what the manifest says.</summary>
    public double? Tokens { get; init; }

    /// <summary>Per step, over what the manifest says.</summary>
    public double? Samples { get; init; }

    /// <summary>Watts of the whole machine, for the estimator.</summary>
    public double? TdpWatts { get; init; }

    /// <summary>Watts of the whole machine, for the estimator.</summary>
    public double? IdleWatts { get; init; }

    public long MaxBytes { get; init; } = Formats.Files.InputFile.DefaultMaxBytes;
}
