using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints.Pictures;

/// <summary>One device within one step: spans, cut at the window's edges, by start. Struct of arrays.</summary>
/// <param name="Device">The device.</param>
/// <param name="Window">The step's window on it.</param>
/// <param name="Lanes">The trace's numbers of the lanes that spans lie on.</param>
/// <param name="StartNs">After the window's start.</param>
/// <param name="DurationNs">Within the window.</param>
/// <param name="Lane">Index into <paramref name="Lanes"/>.</param>
/// <param name="Row">Row of the report.</param>
/// <param name="PowerNs">Where power changes, after the window's start; one more than <paramref name="PowerWatts"/> has, or none.</param>
/// <param name="PowerWatts">Sum of the device's domains from one change to the next; null where none of them is known.</param>
public sealed record DeviceTimeline(
    DeviceId Device,
    Interval Window,
    IReadOnlyList<int> Lanes,
    IReadOnlyList<long> StartNs,
    IReadOnlyList<long> DurationNs,
    IReadOnlyList<int> Lane,
    IReadOnlyList<int> Row,
    IReadOnlyList<long> PowerNs,
    IReadOnlyList<double?> PowerWatts);

/// <summary>What ran in one step, span by span.</summary>
public sealed record StepTimeline(int Step, IReadOnlyList<DeviceTimeline> Devices)
{
    /// <summary>Steps as timelines, the most typical one first, as many as the budget has spans for (the first always).</summary>
    /// <param name="trace">The spans.</param>
    /// <param name="power">By device.</param>
    /// <param name="footprint">Of the same trace: which steps, and what each took.</param>
    /// <param name="index">Rows of the report; spans of operations that it leaves out are left out.</param>
    /// <param name="budget">How many spans in all.</param>
    /// <param name="leftOut">Steps for which there was no room.</param>
    public static IReadOnlyList<StepTimeline> Of(
        Trace trace, IReadOnlyDictionary<DeviceId, DevicePower> power, Footprint footprint, RowIndex index, int budget, out IReadOnlyList<int> leftOut)
    {
        List<StepTimeline> timelines = [];
        List<int> without = [];

        // Once for all steps: there may be thousands of each.
        List<DeviceSteps> devices = [.. trace.Devices.Select(d => new DeviceSteps(d, power.GetValueOrDefault(d.Id, DevicePower.None), footprint, index))];
        foreach (int step in ByTypicality(footprint))
        {
            if (timelines.Count > 0 && budget <= 0)
            {
                without.Add(step);
                continue;
            }

            List<(DeviceSteps Device, StepWindow Window, List<int> Spans)> parts = [];
            foreach (DeviceSteps device in devices)
            {
                if (device.WindowOf(step) is { } window)
                {
                    parts.Add((device, window, device.SpansIn(window)));
                }
            }

            int spans = parts.Sum(p => p.Spans.Count);
            if (timelines.Count > 0 && spans > budget)
            {
                without.Add(step);
                continue;
            }

            budget -= spans;
            timelines.Add(new(step, [.. parts.Select(p => p.Device.Timeline(p.Window, p.Spans))]));
        }

        leftOut = [.. without.Order()];
        return timelines;
    }

    /// <summary>Steps, the one of median energy (else length) first, the others as they came.</summary>
    internal static IReadOnlyList<int> ByTypicality(Footprint footprint)
    {
        double[] size = new double[footprint.Steps.Count];
        bool powered = footprint.Devices.Any(d => d.Energy is not null);
        foreach (DeviceFootprint device in footprint.Devices)
        {
            StepFigure? figure = powered ? device.Energy : device.Window;
            for (int i = 0; i < size.Length && figure is not null; i++)
            {
                size[i] += figure[i];
            }
        }

        int typical = Enumerable.Range(0, size.Length).OrderBy(i => size[i]).ElementAt((size.Length - 1) / 2);
        return [footprint.Steps[typical], .. footprint.Steps.Where((_, i) => i != typical)];
    }

    /// <summary>A device's spans, power and windows, in an order in which those of a step are found without looking at all.</summary>
    private sealed class DeviceSteps
    {
        private readonly DeviceTrace device;
        private readonly PowerTimeline[] power;
        private readonly int[] rowOf;
        private readonly SpanOrder order;
        private readonly Dictionary<int, StepWindow> windows = [];

        public DeviceSteps(DeviceTrace device, DevicePower power, Footprint footprint, RowIndex index)
        {
            this.device = device;
            this.power = power.IsKnown ? [.. power.Domains.Select(d => d.Timeline())] : [];
            rowOf = index.OfOperations(device);
            order = new(device.Spans);
            foreach (StepWindow window in footprint.WindowsOf(device.Id))
            {
                windows.TryAdd(window.Step, window);
            }
        }

        public StepWindow? WindowOf(int step) => windows.GetValueOrDefault(step);

        /// <summary>By start; of operations that have a row.</summary>
        public List<int> SpansIn(StepWindow window) => [.. order.Touching(window.Window).Where(s => rowOf[device.Spans.Operations[s]] >= 0)];

        public DeviceTimeline Timeline(StepWindow step, List<int> kept)
        {
            Interval window = step.Window;
            long from = window.Start.UnixNanoseconds;
            long to = window.End.UnixNanoseconds;
            SortedDictionary<int, int> lanes = [];
            foreach (int span in kept)
            {
                lanes.TryAdd(device.Spans.Lanes[span], 0);
            }

            foreach ((int lane, int position) in lanes.Keys.Index().Select(l => (l.Item, l.Index)).ToList())
            {
                lanes[lane] = position;
            }

            (List<long> edges, List<double?> watts) = PowerOf(power, window);
            return new(
                device.Id,
                window,
                [.. lanes.Keys],
                [.. kept.Select(s => Math.Max(device.Spans.Starts[s], from) - from)],
                [.. kept.Select(s => Math.Min(device.Spans.Ends[s], to) - Math.Max(device.Spans.Starts[s], from))],
                [.. kept.Select(s => lanes[device.Spans.Lanes[s]])],
                [.. kept.Select(s => rowOf[device.Spans.Operations[s]])],
                edges,
                watts);
        }
    }

    private static (List<long> Edges, List<double?> Watts) PowerOf(PowerTimeline[] timelines, Interval window)
    {
        long from = window.Start.UnixNanoseconds;
        long to = window.End.UnixNanoseconds;
        SortedSet<long> edges = [from, to];
        foreach (PowerTimeline timeline in timelines)
        {
            for (int i = timeline.FirstEndingAfter(from); i < timeline.Count && timeline.Starts[i] < to; i++)
            {
                edges.Add(Math.Max(from, timeline.Starts[i]));
                edges.Add(Math.Min(to, timeline.Ends[i]));
            }
        }

        if (timelines.Length == 0 || edges.Count < 2)
        {
            return ([], []);
        }

        long[] times = [.. edges];
        List<double?> watts = [];
        for (int i = 0; i + 1 < times.Length; i++)
        {
            double? sum = null;
            foreach (PowerTimeline timeline in timelines)
            {
                int piece = timeline.FirstEndingAfter(times[i]);
                if (piece < timeline.Count && timeline.Starts[piece] <= times[i])
                {
                    sum = (sum ?? 0) + timeline.Watts[piece];
                }
            }

            watts.Add(sum);
        }

        return ([.. times.Select(t => t - from)], watts);
    }
}
