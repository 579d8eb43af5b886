using Smaragdine.Activity;
using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Formats.Recordings;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Reporting;

/// <summary>A job's ranks as one recording: each host's power among its ranks, and the ranks' traces as one.</summary>
internal static class JobPower
{
    public static PoweredRecording Read(JobLayout layout, ReportOptions options, TimeZoneInfo localZone, Action<Warning> warn)
    {
        RecordedJob job = JobReader.Read(layout, new(options.Steps, options.MaxBytes), warn);
        if (options.PowerLog is not null && job.Hosts.Count > 1)
        {
            throw new UsageException(
                $"--power: a log is of one host, and the job ran on {job.Hosts.Count} ({string.Join(", ", job.Hosts.Take(4).Select(h => h.Name))}{(job.Hosts.Count > 4 ? ", …" : "")}); report one of them, such as {Path.Combine(layout.Root, job.Hosts[0].Name)}");
        }

        List<RankTrace> traces = [.. job.Hosts.SelectMany(h => h.Ranks.Select(r => new RankTrace(r.Number, h.Name, r.Recording.Trace, r.Run)))];
        bool aligned = traces.TrueForAll(t => t.Trace.Clock.HasEpoch);
        IReadOnlyList<DomainPower> log = ReportPipeline.ReadLog(options, Together(traces), localZone, warn);
        Dictionary<DeviceId, DevicePower> devices = [];
        List<DomainPower> whole = [];
        foreach (RecordedHost host in job.Hosts)
        {
            MappedPower mapped = Map(host, log, options, aligned, warn);
            mapped.Devices.ToList().ForEach(d => devices.Add(d.Key, d.Value));
            whole.AddRange(mapped.WholeMachine);
        }

        // Each rank has its processors, be their power known or not: a run without sensors and traces still has its time.
        IEnumerable<DeviceId> all = devices.Keys.Concat(traces.Where(t => t.Trace.IsUntraced).Select(t => DeviceId.Cpu(0, t.Rank, t.Host)));
        return new(job.With(JobTrace.Of(traces, all, warn)), new(devices, whole), log);
    }

    private static MappedPower Map(RecordedHost host, IReadOnlyList<DomainPower> log, ReportOptions options, bool aligned, Action<Warning> warn)
    {
        HostActivity activity = HostActivity.Of([.. host.Ranks.Select(r => aligned ? r.Recording.Activity : null)]);
        List<int> unwatched = [.. host.Ranks.Where(r => r.Recording.Activity is null).Select(r => r.Number)];
        if (activity.Input is not null && unwatched.Count > 0)
        {
            warn(new("rank-without-activity",
                $"{host.Name}: nobody watched the processor time of rank {string.Join(", ", unwatched)}: it counts as other processes', and its operations have no part of the processors' power."));
        }

        Manifest manifest = host.Ranks[0].Recording.Manifest;
        return HostMapping.Map(
            new(
                host.Name,
                [.. host.Ranks.Select(Seen)],
                [log, aligned ? host.Sensors : [], ReportPipeline.Estimate(activity.Input, manifest, options, [log, host.Sensors], warn)],
                options.Mappings,
                activity,
                host.Baseline),
            warn);
    }

    private static HostRank Seen(RecordedRank rank) =>
        new(rank.Number, [.. rank.Recording.Trace.Devices.Select(d => d.Id)], rank.Recording.Manifest.Gpus);

    /// <summary>All traces, to see whether a log is of their time.</summary>
    private static Trace Together(List<RankTrace> traces) => Trace.OfParts([.. traces.Select(t => t.Trace)], []);
}
