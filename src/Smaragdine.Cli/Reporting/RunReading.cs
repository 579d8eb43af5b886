using Smaragdine.Attribution;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Formats.Comparisons;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli.Reporting;

/// <summary>Reads the runs of a comparison: recordings, traces, and baseline files with runs in them.</summary>
/// <param name="Options">How each is read; the path is each one's own.</param>
/// <param name="PowerLog">A log beside each recording, by its name; null for none.</param>
/// <param name="LocalZone">The user's.</param>
internal sealed record RunReading(ReportOptions Options, string? PowerLog, TimeZoneInfo LocalZone)
{
    /// <summary>One side's runs.</summary>
    /// <param name="paths">As the command line names them.</param>
    /// <param name="warn">Takes what each run's reader should know, with the run's path.</param>
    /// <exception cref="UsageException">a run is there twice, or runs are not to be put side by side.</exception>
    public ComparedSide Side(IReadOnlyList<string> paths, Action<string, Warning> warn)
    {
        List<RunFootprint> runs = [];
        foreach (string path in paths)
        {
            runs.AddRange(Runs(path, warn));
        }

        for (int i = 0; i < runs.Count; i++)
        {
            if (runs.FindIndex(0, i, r => Parity.IsSame(r.Facts, runs[i].Facts)) is var same and >= 0)
            {
                throw new UsageException($"{runs[i].Facts.Path}: the same run as {runs[same].Facts.Path}; a run is no repetition of itself, leave one of them out");
            }
        }

        return ComparedSide.Of(runs);
    }

    private IReadOnlyList<RunFootprint> Runs(string path, Action<string, Warning> warn)
    {
        if (BaselineFile.Is(path))
        {
            using BoundedStream stream = InputFile.Open(path, Options.MaxBytes);
            IReadOnlyList<RunFootprint> runs = BaselineFile.Read(stream, path);
            return runs.All(r => r.Facts.Folded == Options.Fold)
                ? runs
                : throw new UsageException($"{path}: its modules are {(Options.Fold ? "not " : "")}folded; compare with `--fold-layers {(Options.Fold ? "false" : "true")}`, or write it anew");
        }

        AccountedRecording accounted = ReportPipeline.Account(Options with { Path = path, PowerLog = LogOf(path) }, LocalZone);
        if (accounted.Report.Footprint.IsUntraced)
        {
            throw ReportPipeline.NothingToShare("comparing modules", path);
        }

        foreach (Warning warning in accounted.Report.Warnings)
        {
            warn(path, warning);
        }

        return [RunFootprint.Of(Facts(accounted, Options.Fold), accounted.Report.Tree)];
    }

    private string? LogOf(string path) => PowerLog is null ? null : Path.Combine(Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? "", PowerLog);

    private static RunFacts Facts(AccountedRecording accounted, bool folded)
    {
        RecordingFacts recording = accounted.Report.Recording;
        Manifest manifest = accounted.Powered.Recording.Manifest;
        return new()
        {
            Path = recording.Path,
            Framework = recording.FrameworkAndVersion,
            Model = recording.Model,
            Mode = recording.Mode,
            Batch = manifest.Batch,
            Sequence = manifest.Sequence,
            Host = recording.Host,
            Processor = recording.CpuModel,
            LogicalCpus = recording.LogicalCpus,
            Attribution = accounted.Report.Attribution.Name(),
            Steps = accounted.Report.Footprint.Steps.Count,
            Folded = folded,
            Started = recording.Started,
            Devices = [.. accounted.Report.Footprint.Devices.Select(Device)],
        };
    }

    private static RunDevice Device(DeviceFootprint device) =>
        new(device.Device.ToString(), [.. device.Domains.Select(d => $"{d.Domain} by {d.Source}")], device.Quality);
}
