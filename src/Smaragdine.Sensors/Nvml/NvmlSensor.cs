using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Nvml;

/// <summary>
/// Reads one or several GPUs: of each GPU all fields in one call of nvmlDeviceGetFieldValues. A call takes a few tens of µs to some ms, more while the driver is busy.
/// </summary>
/// <remarks>
/// Streams: those of the channels in their order, then the driver's own times as context, µs since 1970: `gpu-0-driver-time` of the fields of GPU 0,
/// `gpu-0-samples-time` of its samples. No joule depends on them: whether a driver stamps the measurement or the question is not documented.
/// </remarks>
public sealed class NvmlSensor : ISensor
{
    /// <summary>Room for samples beyond what the driver says that it keeps, which changes.</summary>
    private const int SpareSamples = 64;

    private readonly NvmlChannel[] _channels;
    private readonly RecordedStream[] _streams;
    private readonly Device[] _devices;
    private readonly NvmlLibrary _library;
    private bool _disposed;

    private NvmlSensor(NvmlChannel[] channels, NvmlLibrary library)
    {
        _channels = channels;
        _library = library;
        List<RecordedStream> streams = [.. channels.Select(c => c.Stream)];
        List<Device> devices = [];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, channels.Length).GroupBy(i => channels[i].Gpu.Index))
        {
            devices.Add(OpenDevice(channels[group.First()].Gpu, [.. group], streams));
        }

        _devices = [.. devices];
        _streams = [.. streams];
    }

    /// <summary>Opens NVML and the channels' GPUs.</summary>
    /// <param name="libraryPath">NVML's file; null for the driver's own.</param>
    /// <param name="channels">What to read; at least one.</param>
    /// <exception cref="IOException">NVML or a GPU cannot be opened; the message says why and what to do.</exception>
    public static NvmlSensor Open(string? libraryPath, IReadOnlyList<NvmlChannel> channels)
    {
        ArgumentOutOfRangeException.ThrowIfZero(channels.Count, nameof(channels));
        NvmlLibrary library = NvmlLibrary.TryOpen(libraryPath, out NvmlProblem? problem) ?? throw Fault(problem!);
        try
        {
            return new([.. channels], library);
        }
        catch
        {
            library.Dispose();
            throw;
        }
    }

    public IReadOnlyList<RecordedStream> Streams => _streams;

    /// <summary>Always: a call goes to the kernel driver and may wait for the GPU's firmware.</summary>
    public bool MayBlock => true;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        for (int i = 0; i < _streams.Length; i++)
        {
            values[i] = 0;
            statuses[i] = ReadStatus.Missed;
        }

        foreach (Device device in _devices)
        {
            if (!device.Gone && !_disposed)
            {
                ReadFields(device, values, statuses);
            }

            foreach (Single single in device.Singles)
            {
                if (!device.Gone && !_disposed)
                {
                    ReadSingle(device, single, values, statuses);
                }
            }

            if (device.Gone || _disposed)
            {
                foreach (int stream in device.Streams)
                {
                    // What was read before the device was lost within this call is kept.
                    statuses[stream] = statuses[stream] == ReadStatus.Value ? ReadStatus.Value : ReadStatus.Gone;
                }
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _library.Dispose();
    }

    /// <summary>The largest value that is believed, in mJ or mW.</summary>
    internal static ulong Most(NvmlQuantity quantity) => quantity is NvmlQuantity.Counter ? long.MaxValue / 1000 : NvmlValue.MostMilliwatts;

    private void ReadFields(Device device, Span<long> values, Span<ReadStatus> statuses)
    {
        if (device.Fields.Length == 0)
        {
            return;
        }

        for (int i = 0; i < device.Fields.Length; i++)
        {
            // A driver that leaves a value untouched must not pass off the previous one as new.
            device.Fields[i].Return = (int)NvmlReturn.Unknown;
            device.Fields[i].Timestamp = 0;
        }

        NvmlReturn code = _library.FieldValues(device.Handle, device.Fields);
        device.Gone |= NvmlErrors.IsFinal(code);
        if (code != NvmlReturn.Success)
        {
            return;
        }

        for (int i = 0; i < device.Fields.Length; i++)
        {
            ref NvmlFieldValue field = ref device.Fields[i];
            device.Gone |= NvmlErrors.IsFinal((NvmlReturn)field.Return);
            int stream = device.FieldStreams[i];
            if (field.Return != (int)NvmlReturn.Success
                || !NvmlValue.TryThousandths(field.ValueType, field.Value, Most(_channels[stream].Quantity), out long value))
            {
                continue;
            }

            values[stream] = value;
            statuses[stream] = ReadStatus.Value;
            if (field.Timestamp > 0 && statuses[device.TimeStream] != ReadStatus.Value)
            {
                values[device.TimeStream] = field.Timestamp;
                statuses[device.TimeStream] = ReadStatus.Value;
            }
        }
    }

    private void ReadSingle(Device device, Single single, Span<long> values, Span<ReadStatus> statuses)
    {
        ulong value;
        NvmlReturn code;
        switch (single.Quantity)
        {
            case NvmlQuantity.Counter:
                code = _library.TotalEnergy(device.Handle, out value);
                break;
            case NvmlQuantity.Power:
                code = _library.PowerUsage(device.Handle, out uint milliwatts);
                value = milliwatts;
                break;
            default:
                ReadSamples(device, single, values, statuses);
                return;
        }

        device.Gone |= NvmlErrors.IsFinal(code);
        if (code == NvmlReturn.Success && value <= Most(single.Quantity))
        {
            values[single.Stream] = (long)value * 1000;
            statuses[single.Stream] = ReadStatus.Value;
        }
    }

    /// <summary>The mean of the samples that the driver took since the last reading, and the time of the newest. None since: missed.</summary>
    private void ReadSamples(Device device, Single single, Span<long> values, Span<ReadStatus> statuses)
    {
        NvmlReturn code = _library.PowerSamples(device.Handle, single.LastSeen, single.Samples, out int type, out int count);
        device.Gone |= NvmlErrors.IsFinal(code);
        if (code != NvmlReturn.Success)
        {
            return;
        }

        long sum = 0;
        int taken = 0;
        ulong newest = single.LastSeen;
        for (int i = 0; i < count; i++)
        {
            ref NvmlSample sample = ref single.Samples[i];
            if (sample.Timestamp > single.LastSeen && sample.Timestamp <= long.MaxValue
                && NvmlValue.TryThousandths(type, sample.Value, Most(NvmlQuantity.Samples), out long microwatts))
            {
                sum += microwatts;
                taken++;
                newest = Math.Max(newest, sample.Timestamp);
            }
        }

        // The first reading takes the whole buffer, seconds of the past: it only sets where the next begins.
        bool first = single.LastSeen == 0;
        single.LastSeen = newest;
        if (taken == 0 || first)
        {
            return;
        }

        values[single.Stream] = sum / taken;
        statuses[single.Stream] = ReadStatus.Value;
        values[single.TimeStream] = (long)newest;
        statuses[single.TimeStream] = ReadStatus.Value;
    }

    private Device OpenDevice(NvmlGpu gpu, int[] channels, List<RecordedStream> streams)
    {
        NvmlReturn code = _library.Open(gpu, out nint handle);
        if (code != NvmlReturn.Success)
        {
            throw Fault(NvmlErrors.Explain(code, $"gpu-{gpu.Index} cannot be opened"));
        }

        List<int> owned = [.. channels];
        int[] fields = [.. channels.Where(c => _channels[c].ByField)];
        int timeStream = -1;
        if (fields.Length > 0)
        {
            timeStream = AddTime("driver-time");
        }

        List<Single> singles = [];
        foreach (int channel in channels.Where(c => !_channels[c].ByField))
        {
            Single single = new(_channels[channel].Quantity, channel);
            if (single.Quantity is NvmlQuantity.Samples)
            {
                _ = _library.PowerSamples(handle, 0, [], out _, out int most);
                single.Samples = new NvmlSample[most + SpareSamples];
                single.TimeStream = AddTime("samples-time");
            }

            singles.Add(single);
        }

        return new(handle)
        {
            Fields = [.. fields.Select(c => new NvmlFieldValue { FieldId = _channels[c].Field, ScopeId = _channels[c].Scope })],
            FieldStreams = fields,
            TimeStream = timeStream,
            Singles = [.. singles],
            Streams = [.. owned],
        };

        int AddTime(string what)
        {
            streams.Add(new($"gpu-{gpu.Index}-{what}", StreamKind.Context, "nvml", Quality.Measured, Duration.Zero) { DeviceId = gpu.DeviceId, Unit = ContextUnits.UnixMicroseconds });
            owned.Add(streams.Count - 1);
            return streams.Count - 1;
        }
    }

    private static IOException Fault(NvmlProblem problem) =>
        new(problem.Unlock is null ? problem.Text : $"{problem.Text}. To do: {problem.Unlock}");

    /// <summary>One GPU with all that is read of it.</summary>
    private sealed class Device(nint handle)
    {
        public nint Handle { get; } = handle;

        public required NvmlFieldValue[] Fields { get; init; }

        /// <summary>The stream of each field.</summary>
        public required int[] FieldStreams { get; init; }

        public required int TimeStream { get; init; }

        public required Single[] Singles { get; init; }

        /// <summary>All streams of this GPU.</summary>
        public required int[] Streams { get; init; }

        /// <summary>Set once, for good: calls on a lost device may hang.</summary>
        public bool Gone { get; set; }
    }

    /// <summary>What has a call of its own.</summary>
    private sealed class Single(NvmlQuantity quantity, int stream)
    {
        public NvmlQuantity Quantity { get; } = quantity;

        public int Stream { get; } = stream;

        public int TimeStream { get; set; } = -1;

        public NvmlSample[] Samples { get; set; } = [];

        /// <summary>Driver's time of the newest sample taken, µs.</summary>
        public ulong LastSeen { get; set; }
    }
}
