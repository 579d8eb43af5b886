using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings.Wire;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>The `rapl` and `nvml` samples of a DataSet.</summary>
internal sealed class PowerSamples
{
    /// <summary>More sockets or GPUs than any machine has: a number beyond it is damage.</summary>
    private const uint MaxIndex = 4095;

    private readonly SortedDictionary<uint, CounterSeries> packages = [];
    private readonly SortedDictionary<uint, CounterSeries> memories = [];
    private readonly SortedDictionary<uint, (PowerReadingSeries Series, string? BusId)> gpus = [];

    /// <summary>Takes a sample; returns how many of its readings say nothing.</summary>
    public int Add(long time, RaplSample sample)
    {
        int incomplete = 0;
        foreach (RaplReading reading in sample.Reading)
        {
            // `cpu` (core) and `gpu` (the processor's own graphics) lie inside the package: beside it they would count twice.
            if (!reading.HasSocket || reading.Socket > MaxIndex || (!reading.HasPackage && !reading.HasDram))
            {
                incomplete++;
                continue;
            }

            if (reading.HasPackage)
            {
                Add(packages, reading.Socket, time, reading.Package);
            }

            if (reading.HasDram)
            {
                Add(memories, reading.Socket, time, reading.Dram);
            }
        }

        return incomplete;
    }

    /// <summary>Takes a sample; returns how many of its readings say nothing.</summary>
    public int Add(long time, NvmlSample sample)
    {
        int incomplete = 0;
        foreach (NvmlReading reading in sample.Reading)
        {
            if (!reading.HasIndex || reading.Index > MaxIndex || !reading.HasPowerUsage)
            {
                incomplete++;
                continue;
            }

            if (!gpus.TryGetValue(reading.Index, out (PowerReadingSeries Series, string? BusId) gpu))
            {
                gpu = (new(), reading.HasBusId && reading.BusId.Length > 0 ? Excerpt.Of(reading.BusId, 64) : null);
                gpus.Add(reading.Index, gpu);
            }

            gpu.Series.Add(Instant.FromUnixNanoseconds(time), Watts.From(reading.PowerUsage / 1e3));
        }

        return incomplete;
    }

    public List<DomainPower> ToPower(string name, Action<Warning> warn)
    {
        List<DomainPower> result = [];
        foreach ((uint socket, CounterSeries counter) in packages)
        {
            Add(Domain.Package((int)socket), d => counter.ToTimeline(d, warn), () => null, "RAPL, by the paper's sampler", null);
        }

        foreach ((uint socket, CounterSeries counter) in memories)
        {
            Add(Domain.Dram((int)socket), d => counter.ToTimeline(d, warn), () => null, "RAPL, by the paper's sampler", null);
        }

        foreach ((uint index, (PowerReadingSeries series, string? busId)) in gpus)
        {
            Add(Domain.Gpu((int)index), d => series.ToTimeline(d, warn), () => series.UpdatePeriod, "NVML, by the paper's sampler", busId);
        }

        return result;

        void Add(Domain domain, Func<string, PowerTimeline> timeline, Func<Duration?> period, string source, string? uuid)
        {
            PowerTimeline power = timeline($"{name}, {domain}");
            if (power.IsEmpty)
            {
                warn(new("too-few-readings", $"{name}, {domain}: no two readings tell a power; the domain is left out"));
                return;
            }

            result.Add(new(domain, power, Quality.Measured, source, period(), uuid));
        }
    }

    private static void Add(SortedDictionary<uint, CounterSeries> series, uint socket, long time, ulong microjoules)
    {
        if (!series.TryGetValue(socket, out CounterSeries? counter))
        {
            series.Add(socket, counter = new());
        }

        counter.Add(Instant.FromUnixNanoseconds(time), CounterReading.FromMicrojoules(microjoules));
    }
}
