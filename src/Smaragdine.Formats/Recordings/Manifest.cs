using System.Text.Json;
using Smaragdine.Footprints;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>A step as the manifest tells it.</summary>
public sealed record ManifestStep(int Number, Interval Window);

/// <summary>
/// `manifest.json` of a recording: what ran, where, and when its steps were. Every field may be missing; fields that are not known are
/// passed over, so that older and newer recordings are read alike.
/// </summary>
public sealed record Manifest
{
    public static Manifest Empty { get; } = new();

    public string? Framework { get; init; }

    public string? FrameworkVersion { get; init; }

    public string? Model { get; init; }

    /// <summary>`pretrain`, `finetune`, `predict`, …</summary>
    public string? Mode { get; init; }

    public string? Host { get; init; }

    public string? CpuModel { get; init; }

    public int? LogicalCpus { get; init; }

    /// <summary>Logical CPUs by socket, where told.</summary>
    public IReadOnlyDictionary<int, int> SocketCpus { get; init; } = new Dictionary<int, int>();

    /// <summary>Why the recorder stopped before the program did (the disk was full); null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Samples per step.</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens per sample.</summary>
    public int? Sequence { get; init; }

    /// <summary>Jiffies per second.</summary>
    public int ClockTicks { get; init; } = 100;

    public IReadOnlyList<ManifestStep> Steps { get; init; } = [];

    /// <summary>Steps that ran without tracing: warm-up, or for comparison.</summary>
    public IReadOnlyList<Interval> UntracedSteps { get; init; } = [];

    /// <summary>Idle power by domain, measured before the run.</summary>
    public IReadOnlyDictionary<string, Watts> Baseline { get; init; } = new Dictionary<string, Watts>(StringComparer.Ordinal);

    public IReadOnlyList<GpuFacts> Gpus { get; init; } = [];

    /// <summary>The recording's sensors were stand-ins: `sensors` lists one that begins with `simulated`.</summary>
    public bool SimulatedSensors { get; init; }

    /// <summary>Which part of a distributed job this is; null outside of one.</summary>
    public RankFacts? Rank { get; init; }

    /// <summary>Whether this rank's recorder read its host's sensors; null where there were no ranks, or nobody told.</summary>
    public bool? HoldsSensors { get; init; }

    /// <summary>The kernel's id of the boot; null where not told.</summary>
    public string? BootId { get; init; }

    /// <summary>The run's extent, where told.</summary>
    public Interval? Run { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="RefusedInputException">it is not JSON, or a field that counts is not what it must be.</exception>
    public static Manifest Read(Stream stream, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw new RefusedInputException($"{name}: a manifest is a JSON object, this is {Kind(document.RootElement)}");
            }

            return new ManifestFields(document.RootElement, name).ToManifest();
        }
        catch (JsonException e)
        {
            throw new RefusedInputException(
                $"{name}: not valid JSON at line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0} of it. Mend it, or move it away: the traces are read without one too.", e);
        }
    }

    internal static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
