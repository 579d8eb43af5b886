using Smaragdine.Activity;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Host;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>Samples power and processes from its making on; each look covers the time since the one before.</summary>
internal sealed class TopMeter : IDisposable
{
    private static readonly Duration Kept = Duration.FromSeconds(10);
    private static readonly Duration ShortestBusyPeriod = Duration.FromMilliseconds(10);
    private static readonly Duration LongestSamplePeriod = Duration.FromMilliseconds(20);

    private readonly ExternalSensors external;
    private readonly ProcessWatch processes;
    private readonly NvmlUsers? gpus;
    private readonly LiveSamples live = new(Kept);
    private readonly Sampler sampler;
    private readonly LiveEstimate estimate;
    private readonly TopFrames frames;
    private readonly HashSet<string> warned = new(StringComparer.Ordinal);
    private ProcessTimes before;

    /// <param name="root">Where sensors are looked for, and processes where it has some.</param>
    /// <param name="set">The sensors to read.</param>
    /// <param name="external">The commands to take readings from; not owned.</param>
    /// <param name="period">How often it will be looked at.</param>
    /// <param name="baseline">Idle power by domain's name, where it was measured.</param>
    /// <param name="known">What the user knows of the machine's power.</param>
    /// <exception cref="RefusedInputException">a sensor vanished, or there is no /proc.</exception>
    public TopMeter(SystemRoot root, SensorSet set, ExternalSensors external, Duration period, IReadOnlyDictionary<string, Watts> baseline, EstimatorOptions known)
    {
        this.external = external;
        SystemRoot where = File.Exists(root.At("proc", "stat")) ? root : SystemRoot.Real;
        HostFacts host = HostProbe.Read(where);
        int logicalCpus = host.LogicalCpus ?? Environment.ProcessorCount;
        ProcessText text = new(where);
        estimate = new(CpuTopology.Read(where), logicalCpus, known with { CpuModel = host.CpuModel });
        BusyTimeSensor busy;
        try
        {
            processes = ProcessWatch.Open(where, MonotonicClock.Instance);
            Duration tenth = Duration.FromNanoseconds(period.Nanoseconds / 10);
            busy = BusyTimeSensor.Open(where, tenth > ShortestBusyPeriod ? tenth : ShortestBusyPeriod);
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"processes cannot be read: {e.Message}", e);
        }

        gpus = root.IsReal ? NvmlUsers.TryOpen() : null;
        frames = new(host.Name, logicalCpus, baseline, processes.IsKernelThread, text.Find);
        Duration twentieth = Duration.FromNanoseconds(period.Nanoseconds / 20);
        sampler = new([.. set.Open(null, twentieth < LongestSamplePeriod ? twentieth : LongestSamplePeriod), busy], live, MonotonicClock.Instance);
        live.AddStreams(sampler.Streams);
        external.Attach(live);
        sampler.Start();
        before = processes.Read();
    }

    /// <summary>What was not said yet of how the figures came about.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Looks at the time since the last look.</summary>
    /// <param name="last">Every sensor is read once more for it; there is nothing to look at afterwards.</param>
    public TopFrame Look(bool last = false)
    {
        if (last)
        {
            _ = sampler.Stop();
        }

        IReadOnlyList<GpuUsers> users = gpus?.Read() ?? [];
        ProcessTimes now = processes.Read();
        ProcessUse use = now.Since(before);
        before = now;
        RecordedSamples? samples = live.Look();
        Instant time = Instant.FromUnixNanoseconds(now.MonotonicNs + (samples?.UnixOffset ?? 0));
        return frames.Build(time, samples is null ? [] : Domains(samples, time, use.Period), use, users);
    }

    public void Dispose()
    {
        sampler.Dispose();
        external.Detach();
        gpus?.Dispose();
        processes.Dispose();
    }

    private List<TopDomain> Domains(RecordedSamples samples, Instant now, Duration period)
    {
        // Of a few seconds most warnings would be about their edges: a domain whose power is not known yet is shown without one.
        List<DomainPower> powers = [.. samples.ToPower(_ => { })];
        List<RecordedStream> read = [.. samples.Series.Select(s => s.Stream).Where(s => s.Kind is StreamKind.Energy or StreamKind.Power)];
        if (!read.Exists(s => Domain.Parse(s.Name).Kind is DomainKind.Package or DomainKind.Dram))
        {
            powers.AddRange(estimate.Of(samples, Note));
        }

        List<TopDomain> domains = [.. powers.Select(p => new TopDomain(p.Domain, RecentPower.Of(p, now, period), p.Quality, p.Source, p.DeviceUuid))];
        foreach (RecordedStream stream in read)
        {
            Domain domain = Domain.Parse(stream.Name);
            if (!domains.Exists(d => d.Domain == domain))
            {
                domains.Add(new(domain, null, stream.Quality, stream.Source, stream.DeviceId));
            }
        }

        return [.. domains.OrderBy(d => d.Domain.Kind).ThenBy(d => d.Domain.Index).ThenBy(d => d.Domain.Name, StringComparer.Ordinal)];
    }

    private void Note(Warning warning)
    {
        if (warned.Add(warning.Code))
        {
            Notes.Add(warning.Text);
        }
    }
}
