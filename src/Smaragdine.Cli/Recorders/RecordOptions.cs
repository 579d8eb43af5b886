using Smaragdine.Sensors;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What `record` was asked to do.</summary>
public sealed record RecordOptions
{
    /// <summary>The command; empty with <see cref="Pid"/>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>A program that already runs.</summary>
    public int? Pid { get; init; }

    /// <summary>Where sensors are looked for.</summary>
    public SystemRoot Root { get; init; } = SystemRoot.Real;

    /// <summary>Where to; null for `smaragdine-TIME`, or `smaragdine-job-ID` of a job's ranks.</summary>
    public string? Output { get; init; }

    /// <summary>One period for all sensors; null for what suits each.</summary>
    public Duration? Period { get; init; }

    public IReadOnlyList<string>? Sensors { get; init; }

    /// <summary>End after this.</summary>
    public Duration? Duration { get; init; }

    /// <summary>Measure idle power for so long before the start.</summary>
    public Duration? Baseline { get; init; }

    /// <summary>Files that the program writes and that belong to the recording.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    /// <summary>Refuse to start where nothing can be measured.</summary>
    public bool RequireMeasured { get; init; }

    /// <summary>Record this process by itself though a launcher's variables say that it is one of several ranks.</summary>
    public bool IgnoreRanks { get; init; }

    /// <summary>Leave the command line out of the manifest.</summary>
    public bool HideCommand { get; init; }
}
