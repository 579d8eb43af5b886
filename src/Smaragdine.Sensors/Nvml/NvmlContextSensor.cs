using Smaragdine.Recordings;
using Smaragdine.Sensors.Context;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Nvml;

/// <summary>
/// Of each NVIDIA GPU that is read: clocks of its multiprocessors and memory (`gpu-0-sm-clock`, `gpu-0-memory-clock`, Hz), temperature
/// (`gpu-0-temperature`, m°C), utilisation (`gpu-0-utilization`, %: the share of time in which any kernel ran), and why its clocks are held down
/// (`gpu-0-clock-limits`). Each where the driver has it.
/// </summary>
internal sealed class NvmlContextSensor : ISensor
{
    private readonly NvmlLibrary library;
    private readonly Channel[] channels;
    private bool disposed;

    private NvmlContextSensor(NvmlLibrary library, List<Channel> channels)
    {
        this.library = library;
        this.channels = [.. channels];
        Streams = [.. channels.Select(c => c.Stream)];
    }

    private enum Quantity
    {
        SmClock,
        MemoryClock,
        Temperature,
        Utilization,
        ClockLimits,
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => true;

    /// <summary>Null where no NVIDIA GPU is read, or none tells any of these.</summary>
    /// <param name="root">Where the driver's library is.</param>
    /// <param name="read">The power sensors that are read.</param>
    public static NvmlContextSensor? TryOpen(SystemRoot root, IReadOnlyList<SensorFinding> read)
    {
        if (!root.MayHaveNvml || !read.Any(f => f.DeviceId is not null) || NvmlLibrary.TryOpen(root.NvmlLibrary, out _) is not { } open)
        {
            return null;
        }

        List<Channel> found = [];
        foreach (NvmlGpu gpu in open.Gpus(out _).Where(g => g.Access == NvmlReturn.Success))
        {
            if (read.FirstOrDefault(f => f.DeviceId is not null && f.DeviceId == gpu.DeviceId) is not { } finding || open.Open(gpu, out nint handle) != NvmlReturn.Success)
            {
                continue;
            }

            Device device = new(handle);
            foreach (Quantity quantity in Enum.GetValues<Quantity>())
            {
                if (Ask(open, handle, quantity, out _) == NvmlReturn.Success)
                {
                    (string name, string unit) = Describe(quantity);
                    found.Add(new(device, quantity, new($"{finding.Domain.Name}-{name}", StreamKind.Context, "nvml", Quality.Measured, ContextSensors.Period)
                    {
                        DeviceId = gpu.DeviceId,
                        Unit = unit,
                    }));
                }
            }
        }

        if (found.Count > 0)
        {
            return new(open, found);
        }

        open.Dispose();
        return null;
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            values[i] = 0;
            statuses[i] = ReadStatus.Gone;
            Device device = channels[i].Device;
            if (disposed || device.Gone)
            {
                continue;
            }

            NvmlReturn code = Ask(library, device.Handle, channels[i].Quantity, out values[i]);
            device.Gone = NvmlErrors.IsFinal(code);
            statuses[i] = code == NvmlReturn.Success ? ReadStatus.Value : device.Gone ? ReadStatus.Gone : ReadStatus.Missed;
        }
    }

    public void Dispose()
    {
        disposed = true;
        library.Dispose();
    }

    private static (string Name, string Unit) Describe(Quantity quantity) => quantity switch
    {
        Quantity.SmClock => ("sm-clock", ContextUnits.Hertz),
        Quantity.MemoryClock => ("memory-clock", ContextUnits.Hertz),
        Quantity.Temperature => ("temperature", ContextUnits.Millidegrees),
        Quantity.Utilization => ("utilization", ContextUnits.Percent),
        _ => ("clock-limits", ContextUnits.NvmlClockLimits),
    };

    private static NvmlReturn Ask(NvmlLibrary library, nint device, Quantity quantity, out long value)
    {
        NvmlReturn code;
        uint number = 0;
        switch (quantity)
        {
            case Quantity.SmClock:
                code = library.ClockMegahertz(device, NvmlLibrary.SmClock, out number);
                value = number * 1_000_000L;
                break;
            case Quantity.MemoryClock:
                code = library.ClockMegahertz(device, NvmlLibrary.MemoryClock, out number);
                value = number * 1_000_000L;
                break;
            case Quantity.Temperature:
                code = library.Temperature(device, out number);
                value = number * 1000L;
                break;
            case Quantity.Utilization:
                code = library.Utilization(device, out number);
                value = number;
                break;
            default:
                code = library.ClockLimits(device, out ulong limits);
                value = (long)limits;
                break;
        }

        value = code == NvmlReturn.Success ? value : 0;
        return code;
    }

    private sealed class Device(nint handle)
    {
        public nint Handle { get; } = handle;

        /// <summary>Set once, for good: calls on a lost device may hang.</summary>
        public bool Gone { get; set; }
    }

    private sealed record Channel(Device Device, Quantity Quantity, RecordedStream Stream);
}
