using System.Globalization;
using System.Text.RegularExpressions;
using Smaragdine.Formats.Recordings.Samples;

namespace Smaragdine.Formats.Recordings;

/// <summary>One trace file of a recording and the step that its name tells; null where the name tells none.</summary>
public sealed record TraceFile(string Path, int? Step);

/// <summary>Which files of a directory (or which single file) are what, told by their names; nothing is opened.</summary>
/// <remarks>The paper's layout: `timeline-N.json[.gz]`, `run_metadata-N.pb[.gz]`, `samples-N.pb[.gz]`, one of each per step N.</remarks>
public sealed partial record RecordingLayout
{
    public const string ManifestName = "manifest.json";

    public required string Root { get; init; }

    public string? Manifest { get; init; }

    public IReadOnlyList<TraceFile> Timelines { get; init; } = [];

    public IReadOnlyList<TraceFile> RunMetadata { get; init; } = [];

    public IReadOnlyList<TraceFile> Samples { get; init; } = [];

    public string? Activity { get; init; }

    /// <summary>`samples.smrg[.gz]`: what our own recorder sampled.</summary>
    public string? Recorded { get; init; }

    /// <summary>Files that may be traces under names of their own.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The layout of a directory.</summary>
    /// <exception cref="RefusedInputException">it may not be listed, or a step is there twice.</exception>
    public static RecordingLayout OfDirectory(string directory)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(directory);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new RefusedInputException($"{directory}: cannot be listed: {e.Message}", e);
        }

        List<TraceFile> timelines = [];
        List<TraceFile> metadata = [];
        List<TraceFile> samples = [];
        foreach (string file in files)
        {
            Match match = StepFile().Match(Path.GetFileName(file));
            if (!match.Success || !int.TryParse(match.Groups["step"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int step))
            {
                continue;
            }

            List<TraceFile> kind = match.Groups["kind"].Value switch
            {
                "timeline" => timelines,
                "samples" => samples,
                _ => metadata,
            };
            if (kind.Find(f => f.Step == step) is { } twin)
            {
                throw new RefusedInputException($"{directory}: step {step} is there twice, as {Path.GetFileName(twin.Path)} and {Path.GetFileName(file)}; move one of them away");
            }

            kind.Add(new(file, step));
        }

        return new()
        {
            Root = directory,
            Manifest = files.FirstOrDefault(f => Path.GetFileName(f) == ManifestName),
            Timelines = [.. timelines.OrderBy(t => t.Step)],
            RunMetadata = [.. metadata.OrderBy(t => t.Step)],
            Samples = [.. samples.OrderBy(t => t.Step)],
            Activity = files.FirstOrDefault(f => Path.GetFileName(f) is "activity.csv" or "activity.csv.gz"),
            Recorded = files.FirstOrDefault(f => Path.GetFileName(f) is SampleFormat.FileName or SampleFormat.FileName + ".gz"),
            Others = timelines.Count + metadata.Count > 0 ? [] : [.. files.Where(MayBeTrace).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>What to say where no file is a trace.</summary>
    public RefusedInputException NoTrace() => new(
        $"{Root}: no trace here. Expected timeline-N.json[.gz] or run_metadata-N.pb[.gz] (TensorFlow), beside samples-N.pb[.gz] or activity.csv[.gz] where power or activity was sampled; or {SampleFormat.FileName} of a recording without traces{Near(Root)}");

    /// <summary>Recordings that lie one level below, to name them when the directory itself is none.</summary>
    private static string Near(string directory)
    {
        List<string> below = [];
        foreach (string sub in Directory.EnumerateDirectories(directory).Take(200))
        {
            if (Directory.EnumerateFiles(sub).Take(1000).Any(f => StepFile().IsMatch(Path.GetFileName(f)) || Path.GetFileName(f) is SampleFormat.FileName))
            {
                below.Add(sub);
            }
        }

        below.Sort(StringComparer.Ordinal);
        return below.Count == 0 ? "." : $". Below it are recordings: {string.Join(", ", below.Take(4))}{(below.Count > 4 ? ", …" : "")}.";
    }

    private static bool MayBeTrace(string file)
    {
        string name = Path.GetFileName(file);
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        return (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".pb", StringComparison.Ordinal)) && name is not ManifestName;
    }

    [GeneratedRegex(@"^(?<kind>timeline|run_metadata|samples)-(?<step>\d{1,9})\.(json|pb)(\.gz)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StepFile();
}
