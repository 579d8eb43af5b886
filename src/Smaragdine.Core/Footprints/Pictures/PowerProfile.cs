using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints.Pictures;

/// <summary>A step's mean power in each bin, W; null where it is not known or the step is over.</summary>
public sealed record StepPower(int Step, IReadOnlyList<double?> Watts);

/// <summary>A module's share (0 to 1) of the busy time of one bin, all steps together.</summary>
/// <param name="Row">A row of the report whose module it is; rows of one module are summed by who knows the tree.</param>
/// <param name="Share">Of the bin's span time.</param>
public readonly record struct BinShare(int Row, double Share);

/// <summary>Readings of one sensor within one step, as they came.</summary>
/// <param name="Step">The step.</param>
/// <param name="Domain">What the sensor covers.</param>
/// <param name="SecondsAfterStart">When each reading's interval ended.</param>
/// <param name="Watts">Mean power over it.</param>
public sealed record StepReadings(int Step, string Domain, IReadOnlyList<double> SecondsAfterStart, IReadOnlyList<double> Watts);

/// <summary>Power over a step, in bins of time since the step began (the paper's figure: W against time, mean and deviation over epochs).</summary>
public sealed record PowerProfile
{
    /// <summary>About as many bins as a chart can show apart.</summary>
    private const int MostBins = 240;

    /// <summary>Readings shown as points; more would only be a band.</summary>
    private const int MostReadings = 20_000;

    public required DeviceId Device { get; init; }

    public required Duration Bin { get; init; }

    /// <summary>Each step.</summary>
    public required IReadOnlyList<StepPower> Steps { get; init; }

    /// <summary>By bin: which rows ran, as shares of the bin's span time; empty where none did.</summary>
    public required IReadOnlyList<IReadOnlyList<BinShare>> Shares { get; init; }

    public required IReadOnlyList<StepReadings> Readings { get; init; }

    /// <summary>Of the power; null where there is none.</summary>
    public required Quality? Quality { get; init; }

    /// <summary>The profile of a device over the footprint's steps; null where it has no step.</summary>
    public static PowerProfile? Of(DeviceTrace device, DevicePower power, Footprint footprint, RowIndex index)
    {
        IReadOnlyList<StepWindow> windows = footprint.WindowsOf(device.Id);
        long longest = windows.Count == 0 ? 0 : windows.Max(w => w.Window.Length.Nanoseconds);
        if (longest == 0)
        {
            return null;
        }

        long bin = NiceBin(longest);
        int bins = (int)((longest + bin - 1) / bin);
        PowerTimeline[] timelines = [.. power.Domains.Select(d => d.Timeline())];
        bool known = timelines.Any(t => !t.IsEmpty);
        return new()
        {
            Device = device.Id,
            Bin = Duration.FromNanoseconds(bin),
            Steps = known ? [.. windows.Select(w => new StepPower(w.Step, Binned(timelines, w.Window, bin, bins)))] : [],
            Shares = SharesOf(device, windows, index.OfOperations(device), bin, bins),
            Readings = ReadingsOf(power, windows),
            Quality = known ? power.Quality : null,
        };
    }

    /// <summary>1, 2 or 5 times a power of ten nanoseconds, so that the longest step has at most <see cref="MostBins"/> bins.</summary>
    internal static long NiceBin(long longest)
    {
        for (long unit = 1; ; unit *= 10)
        {
            foreach (int factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                if ((longest / MostBins) < unit * factor)
                {
                    return unit * factor;
                }
            }
        }
    }

    /// <summary>A bin has power where every domain that has any in this step covers part of it: half of a device is not its power.</summary>
    private static double?[] Binned(PowerTimeline[] timelines, Interval window, long bin, int bins)
    {
        PowerTimeline[] domains = [.. timelines.Where(t => t.Over(window).Covered > Duration.Zero)];
        double?[] watts = new double?[bins];
        long start = window.Start.UnixNanoseconds;
        long end = window.End.UnixNanoseconds;
        for (int i = 0; i < bins && domains.Length > 0; i++)
        {
            long from = start + (i * bin);
            long to = Math.Min(end, from + bin);

            // What is left of a step in its last bin may be a microsecond: no fair mean.
            if (to - from < (bin + 1) / 2)
            {
                break;
            }

            double sum = 0;
            bool all = true;
            foreach (PowerTimeline domain in domains)
            {
                (Joules energy, Duration covered) = domain.Over(Interval.FromUnixNanoseconds(from, to));
                all &= covered > Duration.Zero;
                sum += covered > Duration.Zero ? (energy / covered).Value : 0;
            }

            watts[i] = all ? sum : null;
        }

        return watts;
    }

    private static List<BinShare>[] SharesOf(DeviceTrace device, IReadOnlyList<StepWindow> windows, int[] rowOf, long bin, int bins)
    {
        Dictionary<int, long>[] time = [.. Enumerable.Range(0, bins).Select(_ => new Dictionary<int, long>())];
        foreach (StepSpans step in StepSpans.Of(device, windows))
        {
            long start = step.Window.Window.Start.UnixNanoseconds;
            long end = step.Window.Window.End.UnixNanoseconds;
            foreach (int span in step.Spans)
            {
                int row = rowOf[device.Spans.Operations[span]];
                long from = Math.Max(device.Spans.Starts[span], start) - start;
                long to = Math.Min(device.Spans.Ends[span], end) - start;
                for (long at = from; row >= 0 && at < to;)
                {
                    int b = (int)(at / bin);
                    long next = Math.Min(to, (b + 1) * bin);
                    System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(time[b], row, out _) += next - at;
                    at = next;
                }
            }
        }

        return [.. time.Select(t =>
        {
            double all = t.Values.Sum();
            return t.OrderBy(p => p.Key).Select(p => new BinShare(p.Key, p.Value / all)).ToList();
        })];
    }

    /// <summary>Of sensors only: an estimate reads nothing.</summary>
    private static List<StepReadings> ReadingsOf(DevicePower power, IReadOnlyList<StepWindow> windows)
    {
        List<StepReadings> readings = [];
        int left = MostReadings;
        foreach (StepWindow window in windows)
        {
            long start = window.Window.Start.UnixNanoseconds;
            long end = window.Window.End.UnixNanoseconds;
            foreach (DomainPower domain in power.Domains.Select(d => d.Power).Where(d => d.Quality is not Units.Quality.Estimated))
            {
                List<double> seconds = [];
                List<double> watts = [];
                PowerTimeline timeline = domain.Timeline;
                for (int i = timeline.FirstEndingAfter(start); i < timeline.Count && timeline.Ends[i] <= end && left > 0; i++, left--)
                {
                    seconds.Add((timeline.Ends[i] - start) / 1e9);
                    watts.Add(timeline.Watts[i]);
                }

                if (seconds.Count > 0)
                {
                    readings.Add(new(window.Step, domain.Domain.Name, seconds, watts));
                }
            }
        }

        return readings;
    }
}
