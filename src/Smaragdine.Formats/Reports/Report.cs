using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>What was recorded, as far as known; unknown is null.</summary>
public sealed record RecordingFacts(
    string Path, string? Framework, string? FrameworkVersion, string? Model, string? Mode, string? Host, string? CpuModel, int? LogicalCpus, Instant? Started)
{
    /// <summary>`tensorflow 2.15.1`, without a version where that is not known.</summary>
    public string? FrameworkAndVersion => FrameworkVersion is null ? Framework : $"{Framework} {FrameworkVersion}";
}

/// <summary>Energies are also given per one of these.</summary>
/// <param name="Unit">`token` or `sample`.</param>
/// <param name="PerStep">How many a step handles.</param>
public sealed record PerUnit(string Unit, double PerStep);

/// <summary>Everything a report shows; its writers only differ in form.</summary>
public sealed record Report
{
    public required RecordingFacts Recording { get; init; }

    public required AttributionRule Attribution { get; init; }

    /// <summary>Devices and run of the whole; operations already filtered.</summary>
    public required Footprint Footprint { get; init; }

    /// <summary>Operations after `--pass`, `--device`, `--module`.</summary>
    public required IReadOnlyList<OperationRow> Rows { get; init; }

    /// <summary>Module tree of these rows, folded where asked for; its root is the zoomed module.</summary>
    public required ModuleNode Tree { get; init; }

    public required IReadOnlyList<Warning> Warnings { get; init; }

    public PerUnit? Per { get; init; }

    /// <summary>Idle power while the steps ran, J per step by device; null where no baseline is known.</summary>
    public IReadOnlyDictionary<DeviceId, double> StaticJoules { get; init; } = new Dictionary<DeviceId, double>();
}
