using Google.Protobuf;
using Smaragdine.Activity;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings.Wire;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>
/// Reads what the paper's sampler wrote: `DataSet` messages (protos/sample.proto), one file for each step, added in the order of the steps;
/// docs/sensors/paper-dataset.md.
/// </summary>
/// <remarks>Samples are read one by one; memory holds figures, not messages. Not for use from several threads.</remarks>
public sealed class DataSetReader
{
    /// <summary>Unix milliseconds between which a timestamp can be one: 1973 and 2262.</summary>
    private const ulong MinMilliseconds = 100_000_000_000;

    private const ulong MaxMilliseconds = 9_223_372_036_854;

    private readonly PowerSamples power = new();
    private readonly ProcessorSamples processors = new();
    private readonly TaskSamples tasks = new();
    private string name = "DataSet";

    /// <summary>Samples read so far, of all four kinds.</summary>
    public long Count { get; private set; }

    /// <summary>Reads one file to its end; call in the order of the steps, for counters go on from file to file.</summary>
    /// <exception cref="RefusedInputException">it holds no sample of a DataSet at all.</exception>
    public void Add(BoundedStream stream, Action<Warning> warn)
    {
        name = Count == 0 ? stream.Name : Path.GetDirectoryName(stream.Name) is { Length: > 0 } folder ? folder : name;
        using CodedInputStream input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, 100);
        long samples = 0;
        int unusable = 0;
        long whole = 0;
        string? damage = null;
        try
        {
            while (input.ReadTag() is var tag and not 0)
            {
                if (!TryRead(input, tag, ref unusable))
                {
                    input.SkipLastField();
                }
                else
                {
                    samples++;
                }

                whole = input.Position;
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            damage = e.Message;
        }

        Count += samples;
        if (samples == 0 && stream.Position > 0)
        {
            throw new RefusedInputException(
                $"{stream.Name}: no sample of the paper's sampler in its {stream.Position:N0} bytes{(damage is null ? "" : $" (after byte {whole:N0}: {damage})")}; expected a `DataSet` protobuf with `rapl`, `cpu`, `process` or `nvml` samples");
        }

        if (damage is not null || stream.Truncated)
        {
            string compressed = stream.Truncated ? "the compressed file ends early or is damaged" : $"the file is cut off or damaged ({damage})";
            warn(new("samples-cut", $"{stream.Name}: {compressed} after byte {whole:N0}; the {samples:N0} samples before that are used", Incomplete: true));
        }
        else if (samples == 0)
        {
            warn(new("no-samples", $"{stream.Name}: an empty `DataSet`: the sampler had recorded nothing when it was read"));
        }

        if (unusable > 0)
        {
            warn(new("incomplete-samples",
                $"{stream.Name}: {unusable:N0} readings lack a field, or their timestamp is no Unix time in milliseconds; they are left out"));
        }
    }

    /// <summary>Power of the domains that were sampled (`package-N`, `dram-N`, `gpu-N`); none where the files hold none.</summary>
    public IReadOnlyList<DomainPower> ToPower(Action<Warning> warn) => power.ToPower(name, warn);

    /// <summary>Who used the processors, by socket; null where the files do not hold both `cpu` and `process` samples.</summary>
    /// <param name="clockTicksPerSecond">Jiffies per second of the machine that was sampled; 100 on nearly every Linux.</param>
    /// <param name="warn">Takes warnings.</param>
    public ActivityInput? ToActivity(int clockTicksPerSecond, Action<Warning> warn)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockTicksPerSecond);
        if (processors.LogicalCpus == 0 || tasks.Samples.Count == 0)
        {
            if (processors.LogicalCpus + tasks.Samples.Count > 0)
            {
                string there = processors.LogicalCpus > 0 ? "cpu" : "process";
                string absent = processors.LogicalCpus > 0 ? "process" : "cpu";
                warn(new("activity-incomplete", $"{name}: `{there}` samples without `{absent}` samples: who used the processors cannot be told"));
            }

            return null;
        }

        if (tasks.WentBack > 0)
        {
            warn(new("clock-went-back",
                $"{name}: time goes back {tasks.WentBack:N0} time(s) between `process` samples (files in another order than their steps, or a clock that was set); counting began anew there"));
        }

        List<ActivityTimeline> timelines = [];
        foreach ((uint socket, PacedCounter busy) in processors.Sockets)
        {
            busy.Sort();
            ActivitySeries series = new(socket > int.MaxValue ? null : (int)socket);
            double program = 0;
            foreach ((long time, (uint Cpu, double Jiffies)[] used) in tasks.Samples)
            {
                foreach ((uint cpu, double jiffies) in used)
                {
                    program += processors.SocketOf(cpu) == socket ? jiffies : 0;
                }

                if (busy.At(time, ActivitySeries.SmoothingWindow.Nanoseconds) is { } all)
                {
                    series.Add(Instant.FromUnixNanoseconds(time), program / clockTicksPerSecond, all / clockTicksPerSecond);
                }
            }

            timelines.Add(series.ToTimeline(processors.CpusOf(socket), warn));
        }

        return new(timelines, processors.LogicalCpus);
    }

    private bool TryRead(CodedInputStream input, uint tag, ref int unusable)
    {
        switch (tag)
        {
            case (DataSet.RaplFieldNumber << 3) | 2:
                RaplSample rapl = new();
                input.ReadMessage(rapl);
                unusable += Time(rapl.HasTimestamp, rapl.Timestamp) is { } raplTime ? power.Add(raplTime, rapl) : 1;
                return true;
            case (DataSet.CpuFieldNumber << 3) | 2:
                CpuSample cpu = new();
                input.ReadMessage(cpu);
                unusable += Time(cpu.HasTimestamp, cpu.Timestamp) is { } cpuTime ? processors.Add(cpuTime, cpu) : 1;
                return true;
            case (DataSet.ProcessFieldNumber << 3) | 2:
                ProcessSample process = new();
                input.ReadMessage(process);
                unusable += Time(process.HasTimestamp, process.Timestamp) is { } processTime ? tasks.Add(processTime, process) : 1;
                return true;
            case (DataSet.NvmlFieldNumber << 3) | 2:
                NvmlSample nvml = new();
                input.ReadMessage(nvml);
                unusable += Time(nvml.HasTimestamp, nvml.Timestamp) is { } nvmlTime ? power.Add(nvmlTime, nvml) : 1;
                return true;
            default:
                return false;
        }
    }

    private static long? Time(bool given, ulong milliseconds) =>
        given && milliseconds is >= MinMilliseconds and < MaxMilliseconds ? (long)milliseconds * 1_000_000 : null;
}
