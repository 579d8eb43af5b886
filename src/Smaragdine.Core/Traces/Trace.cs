using Smaragdine.Units;

namespace Smaragdine.Traces;

/// <summary>What one device executed.</summary>
public sealed class DeviceTrace(DeviceId id)
{
    public DeviceId Id { get; } = id;

    /// <summary>Operations that spans refer to by index.</summary>
    public List<Operation> Operations { get; } = [];

    public SpanTable Spans { get; private set; } = new();

    /// <summary>The same operations and spans under another name; they are shared, not copied.</summary>
    public DeviceTrace As(DeviceId other, Func<DeviceId, DeviceId> dispatch)
    {
        DeviceTrace renamed = new(other) { Spans = Spans };
        renamed.Operations.AddRange(Operations.Select(o => o.DispatchesTo is { } target ? o with { DispatchesTo = dispatch(target) } : o));
        return renamed;
    }

    /// <summary>Takes a table over as its own: for a device that had none yet, instead of a copy of all spans.</summary>
    /// <exception cref="InvalidOperationException">it has spans.</exception>
    public void Adopt(SpanTable spans) =>
        Spans = Spans.Count == 0 ? spans : throw new InvalidOperationException($"{Id} has spans already");
}

/// <summary>A step that was traced.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Window">From the manifest, where there is one.</param>
public sealed record TracedStep(int Number, Interval? Window);

/// <summary>How a trace's times relate to Unix time.</summary>
/// <param name="HasEpoch">False where the file's times count from a moment that it does not tell: joules from a log cannot be aligned.</param>
/// <param name="Error">How far a time may be off: the unit of the file's times.</param>
/// <param name="Description">For `info`: `Unix time in µs`.</param>
public sealed record TraceClock(bool HasEpoch, Duration Error, string Description);

/// <summary>The spans of a run, by device, and its steps in ascending order.</summary>
public sealed class Trace
{
    public required IReadOnlyList<DeviceTrace> Devices { get; init; }

    public required IReadOnlyList<TracedStep> Steps { get; init; }

    public required TraceClock Clock { get; init; }

    /// <summary>The framework that wrote it: `TensorFlow`.</summary>
    public required string Framework { get; init; }

    /// <summary>The traces that this is put together of, one or more for each rank of a job; of any other trace itself.</summary>
    public IReadOnlyList<Trace> Parts
    {
        get => field ?? [this];
        private init;
    }

    public int SpanCount => Devices.Sum(d => d.Spans.Count);

    /// <summary>Nothing was traced: devices and steps stand for a run of which only power and activity are known.</summary>
    public bool IsUntraced => SpanCount == 0;

    /// <summary>Stands for the trace of a run that has none.</summary>
    /// <param name="devices">What has power or activity.</param>
    /// <param name="steps">The run as one step, or its steps where somebody told them; each with a window.</param>
    public static Trace OfUntraced(IEnumerable<DeviceId> devices, IReadOnlyList<TracedStep> steps) => new()
    {
        Devices = [.. devices.Distinct().Order().Select(d => new DeviceTrace(d))],
        Steps = steps,
        Clock = new(HasEpoch: true, Duration.FromNanoseconds(1), "no trace: the samples' own times"),
        Framework = "",
    };

    /// <summary>Several traces of one job as one: steps of the same number are the same step.</summary>
    /// <param name="parts">No device is in two of them.</param>
    /// <param name="steps">In ascending order; when each was, the parts say.</param>
    public static Trace OfParts(IReadOnlyList<Trace> parts, IReadOnlyList<int> steps)
    {
        List<TraceClock> clocks = [.. parts.Where(p => !p.IsUntraced).Select(p => p.Clock)];
        clocks = clocks.Count > 0 ? clocks : [.. parts.Select(p => p.Clock)];
        return new()
        {
            Devices = [.. parts.SelectMany(p => p.Devices).OrderBy(d => d.Id)],
            Steps = [.. steps.Select(s => new TracedStep(s, null))],
            Clock = new(
                clocks.TrueForAll(c => c.HasEpoch),
                clocks.Select(c => c.Error).DefaultIfEmpty(Duration.Zero).Max(),
                string.Join("; ", clocks.Select(c => c.Description).Distinct(StringComparer.Ordinal))),
            Framework = parts.Select(p => p.Framework).FirstOrDefault(f => f.Length > 0, ""),
            Parts = parts,
        };
    }

    /// <summary>From the first span's start to the last one's end; null where there are no spans.</summary>
    public Interval? Extent()
    {
        long first = long.MaxValue;
        long last = long.MinValue;
        foreach (DeviceTrace device in Devices)
        {
            foreach (long start in device.Spans.Starts)
            {
                first = Math.Min(first, start);
            }

            foreach (long end in device.Spans.Ends)
            {
                last = Math.Max(last, end);
            }
        }

        return first <= last ? Interval.FromUnixNanoseconds(first, last) : null;
    }
}
