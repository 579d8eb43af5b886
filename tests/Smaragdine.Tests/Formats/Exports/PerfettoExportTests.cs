using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Exports.Perfetto;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Tests.Core;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>A timeline as Perfetto draws it; <see cref="ExportSumsTests"/> has its sums.</summary>
public sealed class PerfettoExportTests
{
    [Fact]
    public void Each_device_is_a_group_of_steps_power_and_lanes()
    {
        using TempFolder folder = new();
        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", Exported.Small(folder)));
        trace.Tracks.Values.Where(t => t.Parent is null).Select(t => t.Name).ShouldBe(["CPU:0", "GPU:0"]);
        IEnumerable<string> Of(string group) => trace.Tracks.Where(t => t.Value.Parent is not null && trace.GroupOf(t.Key) == group).OrderBy(t => t.Value.Rank).Select(t => t.Value.Name);
        Of("CPU:0").ShouldBe(["steps", "package-0", "dram-0", "lane 0"]);
        Of("GPU:0").ShouldBe(["steps", "gpu-0", "lane 0"]);
        trace.Of("CPU:0", t => t == "steps").Select(s => s.Name).ShouldBe(["step 1", "step 2", "step 3"]);

        // 100 ms of 50 W and 5.3 W: a step's own joules, and a span's by the time that it ran alone.
        PerfettoReplay.Slice step = trace.Of("CPU:0", t => t == "steps").First();
        Exported.Near((double)step.Arguments["energy_j"], (50 + 5.3) * 0.089, "step");
        PerfettoReplay.Slice span = trace.Spans("CPU:0").First(s => s.Name == "MatMul");
        Exported.Near(span.Joules!.Value, (50 + 5.3) * 0.04, "MatMul");
        span.Start.ShouldBe((ulong)SmallRecording.Start);
        (span.End - span.Start).ShouldBe(40_000_000ul);
        trace.Spans("CPU:0").Where(s => s.Category == "backward").Select(s => s.Name).Distinct().ShouldBe(["gradients/…/MatMul_grad/MatMul"]);
    }

    [Fact]
    public void Times_are_said_to_be_unix_time_where_they_are()
    {
        using TempFolder folder = new();
        new PerfettoReplay(Exported.Bytes(folder, "perfetto", Exported.Small(folder))).Clocks.ShouldBe(
            new Dictionary<uint, ulong> { [1] = (ulong)SmallRecording.Start, [6] = (ulong)SmallRecording.Start }, ignoreOrder: true);
        Replay(new(Scenes.TraceOf(Scenes.Cpu(("a", 1, 2))), false), Scenes.TenWatts).Clocks.ShouldBeEmpty();
    }

    [Fact]
    public void A_counter_s_integral_is_the_domain_s_energy_and_its_gaps_are_named()
    {
        DevicePower power = Scenes.Owned((0, 3, 10), (3, 4, 20), (6, 8, 7), (9, 20, 5));
        PerfettoReplay trace = Replay(new(Scenes.TraceOf(Scenes.Cpu(("a", 1, 2), ("b", 2, 10))), true), power);
        (ulong track, List<(ulong Time, double Value)> values) = trace.Counters.ShouldHaveSingleItem();
        trace.Tracks[track].Unit.ShouldBe("W");
        values.ShouldBe([(Ns(1), 10), (Ns(3), 20), (Ns(4), 0), (Ns(6), 7), (Ns(8), 0), (Ns(9), 5), (Ns(10), 0)]);
        double joules = values.Zip(values.Skip(1), (from, to) => from.Value * (to.Time - from.Time) / 1e9).Sum();
        Exported.Near(joules, 20 + 20 + 14 + 5, "integral");
        trace.Of("CPU:0", t => t == "package-0: no reading").Select(s => (s.Start, s.End)).ShouldBe([(Ns(4), Ns(6)), (Ns(8), Ns(9))]);
    }

    [Fact]
    public void Spans_of_one_lane_that_overlap_are_drawn_beside_each_other()
    {
        DeviceTrace device = Scenes.Cpu(("a", 0, 10), ("b", 2, 12), ("c", 3, 4), ("d", 10, 14), ("e", 12, 12), ("f", 12, 13));
        PerfettoReplay trace = Replay(new(Scenes.TraceOf(device), true), Scenes.TenWatts);
        trace.Slices.ShouldAllBe(s => s.Depth == 0);
        ILookup<string, string> lanes = trace.Spans("CPU:0").ToLookup(s => trace.Tracks[s.Track].Name, s => s.Name);
        lanes["lane 0"].ShouldBe(["a", "d"]);
        lanes["lane 0 (2)"].ShouldBe(["b", "e", "f"]);
        lanes["lane 0 (3)"].ShouldBe(["c"]);
        PerfettoReplay.Slice empty = trace.Spans("CPU:0").Single(s => s.Name == "e");
        empty.Joules.ShouldBe(0);
        empty.End.ShouldBe(empty.Start);
    }

    [Fact]
    public void A_span_over_the_edge_of_two_steps_is_a_slice_in_each_with_the_energy_of_that_part()
    {
        DeviceTrace device = Scenes.Device(DeviceId.Cpu(), (1, "a", 0, 3), (1, "b", 3, 7), (2, "c", 7, 9));
        Trace steps = Scenes.TraceOf([new(1, Scenes.Window(0, 5)), new(2, Scenes.Window(5, 9))], device);
        List<PerfettoReplay.Slice> parts = [.. Replay(new(steps, true), Scenes.TenWatts).Spans("CPU:0").Where(s => s.Name == "b")];
        parts.Select(s => (s.Start, s.End, s.Joules, (long)s.Arguments["step"], s.Arguments.ContainsKey("cut_at_step"))).ShouldBe([(Ns(3), Ns(5), 20, 1, true), (Ns(5), Ns(7), 20, 2, true)]);
    }

    [Fact]
    public void Time_without_power_has_no_energy_and_not_zero()
    {
        DeviceTrace device = Scenes.Cpu(("a", 0, 3), ("a", 4, 6), ("b", 6, 9));
        List<PerfettoReplay.Slice> spans = [.. Replay(new(Scenes.TraceOf(device), true), Scenes.Owned((0, 5, 10))).Spans("CPU:0")];
        spans.Select(s => s.Joules).ShouldBe([30, 10, null]);
    }

    [Fact]
    public void Times_before_the_clock_s_zero_are_moved_to_it()
    {
        DeviceTrace device = Scenes.Cpu(("a", -5, -3), ("b", -3, 2));
        PerfettoReplay trace = Replay(new(Scenes.TraceOf(device), false), DevicePower.None);
        trace.Spans("CPU:0[no power]").Select(s => (s.Start, s.End)).ShouldBe([(0ul, Ns(2)), (Ns(2), Ns(7))]);
    }

    [Fact]
    public void The_whole_machine_s_power_is_shown_beside_the_devices()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", recording, "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 50), ("psys", 90))));
        ulong counter = trace.Tracks.Single(t => t.Value.Name == "psys-0" || t.Value.Name == "psys").Key;
        trace.GroupOf(counter).ShouldBe("machine");
        trace.Counters[counter][0].Value.ShouldBe(90, 1e-9);
    }

    [Fact]
    public void A_recording_without_a_trace_shows_its_power()
    {
        DevicePower power = Scenes.Owned((0, 10, 4));
        Trace untraced = Trace.OfUntraced([DeviceId.Cpu()], [new(1, Scenes.Window(1, 9))]);
        PerfettoReplay trace = Replay(new(untraced, true), power);
        trace.Counters.Values.ShouldHaveSingleItem().ShouldBe([(Ns(1), 4), (Ns(9), 0)]);
        trace.Slices.ShouldHaveSingleItem().Name.ShouldBe("step 1");
    }

    private sealed record Scene(Trace Trace, bool HasEpoch);

    private static ulong Ns(double seconds) => (ulong)Scenes.Ns(seconds);

    private static PerfettoReplay Replay(Scene scene, DevicePower power)
    {
        Trace trace = new()
        {
            Devices = scene.Trace.Devices,
            Steps = scene.Trace.Steps,
            Clock = scene.Trace.Clock with { HasEpoch = scene.HasEpoch },
            Framework = "test",
        };
        Footprint footprint = Scenes.FootprintOf(trace, DeviceId.Cpu(), power);
        Report report = MadeUpReports.Of(footprint);
        using MemoryStream bytes = new();
        PerfettoExport.Write(new(report, trace, new Dictionary<DeviceId, DevicePower> { [DeviceId.Cpu()] = power }, []), bytes);
        return new(bytes.ToArray());
    }
}
