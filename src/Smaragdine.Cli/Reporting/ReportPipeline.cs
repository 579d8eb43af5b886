using Smaragdine.Activity;
using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Reporting;

/// <summary>A recording's data with the power of each device decided.</summary>
public sealed record PoweredRecording(Recording Recording, MappedPower Power, IReadOnlyList<DomainPower> Log);

/// <summary>A report, and the spans and power that it was made of.</summary>
public sealed record AccountedRecording(Report Report, PoweredRecording Powered);

/// <summary>From what the command line says to a report: read, map, align, attribute, sum.</summary>
public static class ReportPipeline
{
    /// <summary>Reads the recording, or those of a job's ranks, and decides where each device's power comes from.</summary>
    public static PoweredRecording Read(ReportOptions options, TimeZoneInfo localZone, Action<Warning> warn)
    {
        PoweredRecording powered = JobLayout.Of(options.Path, options.MaxBytes, warn) is { } job
            ? JobPower.Read(job, options, localZone, warn)
            : ReadOne(options, localZone, warn);
        if (powered.Recording.Trace.IsUntraced && options.Attribution is AttributionRule.Paper)
        {
            throw NothingToShare("--attribution paper", options.Path);
        }

        if (!powered.Recording.Trace.Clock.HasEpoch && powered.Recording.Sensors.Count > 0)
        {
            warn(new("no-epoch", "the trace's times do not count from a known moment: its sensors' power cannot be aligned with it, and the report is about time only."));
        }

        return powered;
    }

    private static PoweredRecording ReadOne(ReportOptions options, TimeZoneInfo localZone, Action<Warning> warn)
    {
        Recording recording = RecordingReader.Read(options.Path, new(options.Steps, options.MaxBytes), warn);
        TellOfOtherRanks(recording.Manifest, warn);
        IReadOnlyList<DomainPower> log = ReadLog(options, recording.Trace, localZone, warn);
        bool aligned = recording.Trace.Clock.HasEpoch;
        MappedPower power = PowerMapping.Map(
            new(
                [.. recording.Trace.Devices.Select(d => d.Id)],
                [log, aligned ? recording.Sensors : [], aligned ? Estimate(recording.Activity, recording.Manifest, options, [log, recording.Sensors], warn) : []],
                options.Mappings,
                recording.Manifest.Gpus,
                recording.Activity,
                recording.Manifest.Baseline) { IsUntraced = recording.Trace.IsUntraced },
            warn);
        return new(recording, power, log);
    }

    /// <summary>`--power`; empty without.</summary>
    internal static IReadOnlyList<DomainPower> ReadLog(ReportOptions options, Trace trace, TimeZoneInfo localZone, Action<Warning> warn)
    {
        if (options.PowerLog is not { } path)
        {
            return [];
        }

        using BoundedStream stream = InputFile.Open(path, options.MaxBytes);
        IReadOnlyList<DomainPower> log = PowerLogReader.Read(stream, new(Path.GetFileName(path), options.TimeZone), warn);
        PowerOverlap.Require(trace, log, path, localZone);
        return log;
    }

    /// <summary>An estimate stands in only where neither the log nor the recording has the processors' power.</summary>
    internal static IReadOnlyList<DomainPower> Estimate(
        ActivityInput? activity, Manifest manifest, ReportOptions options, IReadOnlyList<IReadOnlyList<DomainPower>> measured, Action<Warning> warn) =>
        activity is null || measured.Any(s => s.Any(d => d.Domain.Kind is DomainKind.Package or DomainKind.Dram))
            ? []
            : UtilisationEstimator.Estimate(activity, new(manifest.CpuModel, options.TdpWatts, options.IdleWatts), warn);

    /// <summary>One rank by itself: whose power it shows, and who counts as another process.</summary>
    private static void TellOfOtherRanks(Manifest manifest, Action<Warning> warn)
    {
        if (manifest is not { Rank: { WorldSize: { } size } rank, HoldsSensors: { } holds })
        {
            return;
        }

        warn(new("one-rank", holds
            ? $"this is rank {rank.Rank} of {size}: the power is its whole host's, and other ranks there count as other processes. `smaragdine report` of the job's directory, two levels up, shows all ranks."
            : $"this is rank {rank.Rank} of {size}, and another rank read its host's sensors. `smaragdine report` of the job's directory, two levels up, shows all ranks with that power."));
    }

    /// <summary>What is about operations cannot be had of a recording without traces.</summary>
    internal static UsageException NothingToShare(string what, string path) =>
        new($"{what}: {path} has no trace, so there are no operations to share energy among; `smaragdine report` shows the whole run");

    /// <summary>The whole way.</summary>
    public static Report Run(ReportOptions options, TimeZoneInfo localZone) => Account(options, localZone).Report;

    /// <summary>The whole way, for what draws spans and power beside the report.</summary>
    public static AccountedRecording Account(ReportOptions options, TimeZoneInfo localZone)
    {
        List<Warning> warnings = [];
        try
        {
            return Account(options, localZone, warnings);
        }
        catch (RefusedInputException e) when (warnings.Count > 0)
        {
            // What was found before often is the reason: every span left out as an outlier, every reading as damaged.
            throw new RefusedInputException($"{e.Message}\nBefore that: {string.Join("\n", warnings.Take(3).Select(w => w.Text))}", e);
        }
    }

    private static AccountedRecording Account(ReportOptions options, TimeZoneInfo localZone, List<Warning> warnings)
    {
        PoweredRecording powered = Read(options, localZone, warnings.Add);
        Recording recording = powered.Recording;
        Footprint footprint = FootprintBuilder.Build(
            new(
                recording.Trace,
                powered.Power.Devices,
                recording.Naming,
                SelectedSteps(options, recording.Trace),
                options.Attribution,
                RunOf(powered)),
            warnings.Add);
        IReadOnlyList<OperationRow> rows = RowFilter.Apply(footprint, options);
        ModuleNode tree = RowFilter.Zoom(rows, footprint, options);
        warnings.AddRange([.. ReportAdvice.Of(footprint, powered, warnings)]);
        Report report = new()
        {
            Recording = Facts(recording, footprint),
            Attribution = options.Attribution,
            Footprint = footprint,
            Rows = rows,
            Tree = tree,
            Warnings = warnings,
            Per = PerUnitOf(options, recording.Manifest),
            StaticJoules = StaticJoules(footprint, powered.Power),
        };
        return new(report, powered);
    }

    /// <summary>What `--steps` and `--skip-first` leave; null for all.</summary>
    /// <exception cref="UsageException">none.</exception>
    public static IReadOnlySet<int>? SelectedSteps(ReportOptions options, Trace trace)
    {
        if (options.SkipFirst <= 0)
        {
            return options.Steps;
        }

        List<int> left = [.. trace.Steps.Select(s => s.Number).Where(s => options.Steps?.Contains(s) ?? true).Skip(options.SkipFirst)];
        return left.Count > 0
            ? left.ToHashSet()
            : throw new UsageException($"--skip-first {options.SkipFirst} leaves none of the {trace.Steps.Count} traced steps");
    }

    private static RunContext RunOf(PoweredRecording powered)
    {
        Recording recording = powered.Recording;
        List<Interval> extents = [];
        if (recording.Manifest.Run is { } told)
        {
            extents.Add(told);
        }
        else
        {
            extents.AddRange(powered.Power.Devices.Values.SelectMany(d => d.Domains)
                .Select(d => d.Power)
                .Where(p => !p.Timeline.IsEmpty && !powered.Log.Contains(p))
                .Select(p => p.Timeline.Extent));
            extents.AddRange(recording.Manifest.UntracedSteps);
        }

        Interval? extent = extents.Count == 0 ? null : new(extents.Min(e => e.Start), extents.Max(e => e.End));
        return new(extent, powered.Power.WholeMachine, TracingOverheads.Of(recording.Manifest, powered.Power));
    }

    private static RecordingFacts Facts(Recording recording, Footprint footprint)
    {
        Manifest manifest = recording.Manifest;
        return new(
            recording.Path,
            manifest.Framework ?? (recording.Trace.IsUntraced ? null : recording.Trace.Framework.ToLowerInvariant()),
            manifest.FrameworkVersion,
            manifest.Model,
            manifest.Mode,
            manifest.Host,
            manifest.CpuModel,
            manifest.LogicalCpus,
            recording.Trace.Clock.HasEpoch ? footprint.Run?.Extent.Start : null);
    }

    private static PerUnit? PerUnitOf(ReportOptions options, Manifest manifest)
    {
        switch (options.Per)
        {
            case null:
                return null;
            case "sample":
                double samples = options.Samples ?? manifest.Batch
                    ?? throw new UsageException("--per sample: the manifest does not say how many samples a step has; give `--samples N`");
                return new("sample", samples);
            default:
                double tokens = options.Tokens ?? (double?)manifest.Batch * manifest.Sequence
                    ?? throw new UsageException("--per token: the manifest does not say how many tokens a step has; give `--tokens N`");
                return new("token", tokens);
        }
    }

    private static Dictionary<DeviceId, double> StaticJoules(Footprint footprint, MappedPower power)
    {
        Dictionary<DeviceId, double> joules = [];
        foreach (DeviceFootprint device in footprint.Devices)
        {
            if (power.Devices.TryGetValue(device.Device, out DevicePower? feeding) && feeding.Domains.Any(d => d.Baseline is not null))
            {
                joules[device.Device] = feeding.Domains.Sum(d => (d.Baseline?.Value ?? 0) * PartOf(d, device)) * device.Covered.Mean;
            }
        }

        return joules;
    }

    /// <summary>The mean part of a domain that fed a device in its steps.</summary>
    private static double PartOf(FeedingDomain domain, DeviceFootprint device)
    {
        if (domain.Share is null)
        {
            return 1;
        }

        double seconds = 0;
        double part = 0;
        foreach (StepWindow window in device.Windows)
        {
            (_, Duration covered, double mean) = domain.Over(window.Window);
            seconds += covered.TotalSeconds;
            part += mean * covered.TotalSeconds;
        }

        return seconds > 0 ? part / seconds : 0;
    }
}
