using Smaragdine.Activity;
using Smaragdine.Footprints.Naming;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Recordings;

/// <summary>Everything that a recording (or a bare trace) holds, read.</summary>
public sealed record Recording
{
    /// <summary>As it was given.</summary>
    public required string Path { get; init; }

    public required RecordingLayout Layout { get; init; }

    public required Manifest Manifest { get; init; }

    public required Trace Trace { get; init; }

    public required IModuleNaming Naming { get; init; }

    /// <summary>Power that the recording's own sensors gave; empty where it had none.</summary>
    public required IReadOnlyList<DomainPower> Sensors { get; init; }

    /// <summary>What our own recorder sampled, stream by stream; null where another did, or none.</summary>
    public RecordedSamples? Samples { get; init; }

    /// <summary>Who used the processors; null where nobody watched.</summary>
    public required ActivityInput? Activity { get; init; }
}

/// <summary>How a recording is read.</summary>
/// <param name="Steps">Steps that are asked for: files of others may be damaged; null for all.</param>
/// <param name="MaxBytes">Bound on one input, unpacked.</param>
/// <param name="IsOneRank">It is one of several of a job: its samples of sensors are read with the other ranks', and without a trace it has no more steps than it tells.</param>
public sealed record RecordingOptions(IReadOnlySet<int>? Steps = null, long MaxBytes = Files.InputFile.DefaultMaxBytes, bool IsOneRank = false);
