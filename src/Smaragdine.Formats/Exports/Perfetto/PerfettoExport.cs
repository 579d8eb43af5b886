using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports.Perfetto;

/// <summary>What a timeline is drawn from.</summary>
/// <param name="Report">Which operations, steps and devices; by `split`.</param>
/// <param name="Trace">The spans.</param>
/// <param name="Power">By device.</param>
/// <param name="WholeMachine">Domains that cover the whole machine.</param>
public sealed record Timeline(Report Report, Trace Trace, IReadOnlyDictionary<DeviceId, DevicePower> Power, IReadOnlyList<DomainPower> WholeMachine);

/// <summary>
/// A trace for Perfetto: for each device a group of tracks: its steps, the power of each of its domains in watts, its lanes. A span is what the
/// report counts of it: cut at the edges of its step's window, with its own share of energy. Times are Unix ns.
/// </summary>
/// <remarks>
/// A counter cannot be missing: where nothing is known of a domain's power it shows 0, so that its integral is the energy that is known, and
/// a track beneath it says `no reading`.
/// </remarks>
public static class PerfettoExport
{
    private const int StepsRank = 0;
    private const int FirstDomainRank = 1;
    private const int FirstLaneRank = 1_000_000;

    public static void Write(Timeline timeline, Stream output)
    {
        Footprint footprint = timeline.Report.Footprint;
        List<Interval> windows = [.. footprint.Devices.SelectMany(d => d.Windows).Select(w => w.Window)];
        if (windows.Count == 0)
        {
            using PacketWriter empty = new(output, 0, timeline.Trace.Clock.HasEpoch);
            return;
        }

        Interval extent = new(windows.Min(w => w.Start), windows.Max(w => w.End));
        using PacketWriter packets = new(output, extent.Start.UnixNanoseconds, timeline.Trace.Clock.HasEpoch);
        HashSet<DeviceId> kept = [.. timeline.Report.Rows.Select(r => r.Device)];
        HashSet<DeviceId> withOperations = [.. footprint.Operations.Select(r => r.Device)];
        foreach (DeviceFootprint device in footprint.Devices.Where(d => kept.Contains(d.Device) || !withOperations.Contains(d.Device)))
        {
            ulong group = packets.Group(DeviceLabel.Of(device));
            DevicePower power = timeline.Power.GetValueOrDefault(device.Device, DevicePower.None);
            WriteSteps(packets, device, footprint, group);
            WriteDomains(packets, [.. power.Domains.Select(d => d.Power with { Timeline = d.Timeline() })], extent, group);
            WriteSpans(packets, device, power, timeline, group);
        }

        if (timeline.WholeMachine.Count > 0)
        {
            WriteDomains(packets, timeline.WholeMachine, extent, packets.Group("machine"));
        }
    }

    private static void WriteSteps(PacketWriter packets, DeviceFootprint device, Footprint footprint, ulong group)
    {
        ulong track = packets.Track("steps", group, StepsRank);
        (Wire.DebugAnnotation Argument, StepFigure? Figure)[] figures =
        [
            (packets.Argument("energy_j"), device.Energy), (packets.Argument("operations_j"), device.Operations), (packets.Argument("idle_j"), device.Idle),
            (packets.Argument("other_processes_j"), device.OtherProcesses), (packets.Argument("outside_j"), device.Outside),
            (packets.Argument("unattributed_j"), device.Unattributed), (packets.Argument("covered_s"), device.Covered), (packets.Argument("busy_s"), device.Busy),
        ];
        Wire.DebugAnnotation quality = packets.Argument("quality");
        Dictionary<int, int> positions = footprint.Steps.Index().ToDictionary(s => s.Item, s => s.Index);
        foreach (Alignment.StepWindow window in device.Windows)
        {
            List<Wire.DebugAnnotation> arguments = [];
            foreach ((Wire.DebugAnnotation argument, StepFigure? figure) in figures)
            {
                if (figure is not null)
                {
                    argument.DoubleValue = figure[positions[window.Step]];
                    arguments.Add(argument);
                }
            }

            if (device.Energy is not null)
            {
                quality.StringValueIid = packets.Text(device.Quality!.Value.Name());
                arguments.Add(quality);
            }

            packets.Slice(track, window.Window.Start.UnixNanoseconds, window.Window.End.UnixNanoseconds, packets.Name($"step {window.Step}"), null, arguments);
        }
    }

    private static void WriteDomains(PacketWriter packets, IReadOnlyList<DomainPower> domains, Interval extent, ulong group)
    {
        for (int i = 0; i < domains.Count; i++)
        {
            DomainPower domain = domains[i];
            string name = DeviceLabel.Of(domain.Domain.Name, domain.Quality);
            ulong counter = packets.CounterTrack(name, "W", group, FirstDomainRank + (2 * i));
            ulong? gaps = null;
            long time = extent.Start.UnixNanoseconds;
            long stop = extent.End.UnixNanoseconds;
            for (int piece = domain.Timeline.FirstEndingAfter(time); piece < domain.Timeline.Count && domain.Timeline.Starts[piece] < stop; piece++)
            {
                long start = Math.Max(domain.Timeline.Starts[piece], extent.Start.UnixNanoseconds);
                Gap(start, piece);
                packets.Counter(counter, start, domain.Timeline.Watts[piece]);
                time = Math.Min(domain.Timeline.Ends[piece], stop);
            }

            Gap(stop, -1);
            packets.Counter(counter, stop, 0);

            void Gap(long until, int before)
            {
                if (until <= time)
                {
                    return;
                }

                gaps ??= packets.Track($"{name}: no reading", group, FirstDomainRank + (2 * i) + 1);
                packets.Counter(counter, time, 0);
                packets.Slice(gaps.Value, time, until, packets.Name("no reading"), null, []);
            }
        }
    }

    private static void WriteSpans(PacketWriter packets, DeviceFootprint device, DevicePower power, Timeline timeline, ulong group)
    {
        DeviceTrace? trace = timeline.Trace.Devices.FirstOrDefault(d => d.Id == device.Device);
        if (trace is null)
        {
            return;
        }

        Dictionary<string, OperationRow> rows = timeline.Report.Rows.Where(r => r.Device == device.Device).ToDictionary(r => r.Name, StringComparer.Ordinal);
        SpanSlices slices = new(packets, trace, [.. trace.Operations.Select(o => rows.GetValueOrDefault(o.Name))], new(packets, group, FirstLaneRank));
        SplitSweep sweep = new(trace, power);
        SpanShares shares = new();
        foreach (Alignment.StepWindow window in device.Windows)
        {
            sweep.Account(window.Window, shares);
            slices.Write(window.Step, shares);
        }
    }
}
