using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Pictures;
using Smaragdine.Power;
using Smaragdine.Traces;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Footprints.Pictures;

public sealed class StepTimelineTests
{
    [Fact]
    public void The_step_of_median_energy_comes_first()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "m/a", 0, 5), (2, "m/a", 5, 6), (3, "m/a", 6, 9));
        Timelines(cpu, TenWatts, 100, out _).Select(t => t.Step).ShouldBe([3, 1, 2]);
        Timelines(cpu, DevicePower.None, 100, out _).Select(t => t.Step).ShouldBe([3, 1, 2]);
    }

    [Fact]
    public void Steps_without_room_are_left_out_and_told_but_never_the_first()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "m/a", 0, 1), (1, "m/b", 0, 1), (2, "m/a", 1, 2), (3, "m/a", 2, 3));
        Timelines(cpu, TenWatts, 0, out IReadOnlyList<int> leftOut).Count.ShouldBe(1);
        leftOut.Count.ShouldBe(2);
        Timelines(cpu, TenWatts, 2, out leftOut).Select(t => t.Step).ShouldBe([2, 3]);
        leftOut.ShouldBe([1]);
    }

    /// <summary>Each step sorted all spans of the device again, also of steps for which there was no room: 600 steps took four seconds, 2,000 take minutes.</summary>
    [Fact]
    public void Many_steps_do_not_each_look_at_all_spans()
    {
        const int count = 2000;
        DeviceTrace cpu = Device(DeviceId.Cpu(), [.. Enumerable.Range(0, count * 20).Select(i => (1 + (i / 20), $"m/{i % 20}", i / 100.0, (i + 1) / 100.0))]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Timelines(cpu, TenWatts, 200, out IReadOnlyList<int> leftOut).Count.ShouldBe(10);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        leftOut.Count.ShouldBe(count - 10);

        // The order of all 40,000 spans takes half a megabyte; one for each step would take 1,000.
        allocated.ShouldBeLessThan(200_000_000);
    }

    [Fact]
    public void Spans_are_cut_at_the_window_and_in_order()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        cpu.Operations.Add(new("m/a", "A", [], OperationTraits.None));
        cpu.Spans.Add(Ns(2), Ns(9), 0, 1, 7);
        cpu.Spans.Add(Ns(0), Ns(2), 0, 1, 3);
        Trace trace = TraceOf([new TracedStep(1, Window(1, 5))], cpu);
        DeviceTimeline device = Of(trace, TenWatts, 10, out _).Single().Devices.Single();
        device.StartNs.ShouldBe([0, Ns(1)]);
        device.DurationNs.ShouldBe([Ns(1), Ns(3)]);
        device.Lanes.ShouldBe([3, 7]);
        device.Lane.ShouldBe([0, 1]);
    }

    [Fact]
    public void Power_of_several_domains_is_their_sum_where_known()
    {
        DeviceTrace cpu = Cpu(("m/a", 0, 4));
        DevicePower power = new([new(Fed(Domain.Package(0), (0, 2, 10))), new(Fed(Domain.Dram(0), (1, 3, 5)))], GapRule.Idle);
        DeviceTimeline device = Of(TraceOf(cpu), power, 10, out _).Single().Devices.Single();
        device.PowerNs.ShouldBe([0, Ns(1), Ns(2), Ns(3), Ns(4)]);
        device.PowerWatts.ShouldBe([10, 15, 5, null]);
    }

    [Fact]
    public void Without_power_there_is_no_line_at_nought() =>
        Of(TraceOf(Cpu(("m/a", 0, 4))), DevicePower.None, 10, out _).Single().Devices.Single().PowerNs.ShouldBeEmpty();

    [Fact]
    public void First_starts_are_means_over_the_steps_that_have_them()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "m/a", 0, 1), (1, "m/b", 1, 2), (1, "m/b", 2, 3), (2, "m/a", 4, 5), (2, "m/b", 7, 8), (2, "m/c", 5, 6));
        Trace trace = TraceOf(cpu);
        Footprint footprint = FootprintOf(trace, cpu.Id, TenWatts);
        IReadOnlyList<double?> starts = FirstStarts.Of(trace, footprint, footprint.Operations.Count, new(footprint.Operations));
        Dictionary<string, double?> byName = footprint.Operations.Index().ToDictionary(r => r.Item.Name, r => starts[r.Index]);
        byName.ShouldBe(new Dictionary<string, double?> { ["m/a"] = 0, ["m/b"] = 2, ["m/c"] = 1 }, ignoreOrder: true);
    }

    private static IReadOnlyList<StepTimeline> Timelines(DeviceTrace device, DevicePower power, int budget, out IReadOnlyList<int> leftOut) =>
        Of(TraceOf(device), power, budget, out leftOut);

    private static IReadOnlyList<StepTimeline> Of(Trace trace, DevicePower power, int budget, out IReadOnlyList<int> leftOut)
    {
        Dictionary<DeviceId, DevicePower> powers = new() { [trace.Devices[0].Id] = power };
        Footprint footprint = FootprintOf(trace, trace.Devices[0].Id, power);
        return StepTimeline.Of(trace, powers, footprint, new(footprint.Operations), budget, out leftOut);
    }
}
