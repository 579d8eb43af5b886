using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>Samples sensors into memory: what `stat` and a baseline need, with the same sampler and the same reader as a recording.</summary>
internal sealed class SamplingRun : IDisposable
{
    private readonly MemoryStream bytes = new();
    private readonly RecordingWriter writer;
    private readonly Sampler sampler;
    private readonly ExternalSensors external;

    public SamplingRun(IReadOnlyList<ISensor> sensors, ExternalSensors external)
    {
        this.external = external;
        writer = new(bytes, [.. sensors.SelectMany(s => s.Streams)]);
        sampler = new(sensors, writer, MonotonicClock.Instance);
        writer.Start();
        external.Attach(writer);
        sampler.Start();
    }

    /// <summary>Stops, and gives what was read.</summary>
    public RecordedSamples Stop(Action<Warning> warn)
    {
        SamplerStatistics statistics = sampler.Stop();
        external.Detach();
        writer.Finish(SamplingReport.ToFormat(statistics));
        return RecordingStreamReader.Read(new MemoryStream(bytes.ToArray()), "samples", warn);
    }

    /// <summary>Mean power of each domain over a stretch of rest.</summary>
    public static IReadOnlyDictionary<string, Watts> Baseline(
        SensorSet set, ExternalSensors external, Duration period, Duration time)
    {
        using IDisposable signals = external.EndWithThisProcess();
        using SamplingRun run = new(set.Open(period), external);
        Thread.Sleep(TimeSpan.FromSeconds(time.TotalSeconds));
        Dictionary<string, Watts> watts = new(StringComparer.Ordinal);
        foreach (Power.DomainPower domain in run.Stop(_ => { }).ToPower(_ => { }))
        {
            (Joules energy, Duration covered) = domain.Timeline.Total();
            if (covered > Duration.Zero)
            {
                watts[domain.Domain.Name] = energy / covered;
            }
        }

        return watts;
    }

    public void Dispose()
    {
        sampler.Dispose();
        external.Detach();
        writer.Dispose();
        bytes.Dispose();
    }
}

/// <summary>The sampler's statistics as a recording keeps them.</summary>
internal static class SamplingReport
{
    public static SamplingStatistics ToFormat(SamplerStatistics statistics, ProgramAccount? account = null)
    {
        Lateness lateness = new(
            Duration.FromNanoseconds(statistics.Lateness.P50Ns),
            Duration.FromNanoseconds(statistics.Lateness.P99Ns),
            Duration.FromNanoseconds(statistics.Lateness.P999Ns),
            Duration.FromNanoseconds(statistics.Lateness.MaxNs));

        // Stalls and what its thread dropped are counted by sensor: they befell all of its streams.
        return new([.. statistics.Sensors.SelectMany(sensor => sensor.Missed.Select(missed => new StreamStatistics
        {
            Missed = missed,
            Dropped = sensor.Missed.Count == 0 ? 0 : sensor.Dropped / sensor.Missed.Count,
            Stalls = sensor.Stalls,
            Lateness = lateness,
        }))])
        {
            Program = account is null ? null : new(account.Counted, account.Charged),
        };
    }
}
