using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Footprints;

public sealed class FootprintBuilderTests
{
    [Fact]
    public void An_operation_absent_from_a_step_counts_as_nought_in_its_sd()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "m/a", 0, 2), (2, "m/b", 2, 3));
        OperationRow row = FootprintOf(TraceOf(cpu), cpu.Id, TenWatts).Row("m/a");
        row.Energy!.Mean.ShouldBe(10, 1e-12);
        row.Energy.StandardDeviation!.Value.ShouldBe(Math.Sqrt(200), 1e-12); // of 20 and 0
        row.Calls.Mean.ShouldBe(0.5);
    }

    [Fact]
    public void One_step_has_no_plus_minus()
    {
        Footprint footprint = FootprintOf(TraceOf(Cpu(("m/a", 0, 2))), DeviceId.Cpu(), TenWatts);
        footprint.Row("m/a").Energy!.StandardDeviation.ShouldBeNull();
        footprint.Devices[0].Energy!.StandardDeviation.ShouldBeNull();
    }

    [Fact]
    public void Without_power_energy_is_missing_and_not_nought()
    {
        Footprint footprint = FootprintOf(TraceOf(Cpu(("m/a", 0, 2))), DeviceId.Cpu(), DevicePower.None);
        OperationRow row = footprint.Row("m/a");
        row.Energy.ShouldBeNull();
        row.Quality.ShouldBeNull();
        row.Power.ShouldBeNull();
        row.ByDomain.ShouldBeEmpty();
        row.Time.Total.ShouldBe(2);
        footprint.Devices[0].Energy.ShouldBeNull();
        footprint.Devices[0].Idle.ShouldBeNull();
        footprint.Run!.Energy.ShouldBeNull();
        footprint.Run.BetweenSteps.ShouldBeNull();
    }

    [Fact]
    public void Power_that_covers_nothing_of_the_steps_is_missing()
    {
        Footprint footprint = FootprintOf(TraceOf(Cpu(("m/a", 0, 2))), DeviceId.Cpu(), Owned((500, 600, 10)));
        footprint.Devices[0].Energy.ShouldBeNull();
        footprint.Row("m/a").Energy.ShouldBeNull();
        footprint.Steps.ShouldBe([1]);
    }

    [Fact]
    public void A_row_whose_time_has_no_power_is_missing_while_others_have_theirs()
    {
        Footprint footprint = FootprintOf(TraceOf(Cpu(("m/a", 0, 2), ("m/b", 2, 4), ("m/z", 3, 3))), DeviceId.Cpu(), Owned((0, 2, 10)));
        footprint.Row("m/a").Energy!.Total.ShouldBe(20, 1e-12);
        footprint.Row("m/b").Energy.ShouldBeNull();
        footprint.Row("m/z").Energy!.Total.ShouldBe(0); // no time, so nothing is missing
        footprint.Row("m/z").Power.ShouldBeNull();
    }

    [Fact]
    public void Power_of_a_row_is_over_its_covered_time()
    {
        OperationRow row = FootprintOf(TraceOf(Cpu(("m/a", 0, 4))), DeviceId.Cpu(), Owned((0, 1, 10))).Row("m/a");
        row.Power.ShouldBe(10);
        row.Covered.Total.ShouldBe(1);
        row.Time.Total.ShouldBe(4);
    }

    [Fact]
    public void Steps_without_power_are_left_out_and_said_so()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 1), (2, "a", 10, 11), (3, "a", 20, 21), (4, "a", 30, 31));
        List<Warning> warnings = [];
        Footprint footprint = FootprintOf(TraceOf(cpu), cpu.Id, Owned((9, 22, 10)), warnings);
        footprint.Steps.ShouldBe([2, 3]);
        footprint.Row("a").Energy!.Mean.ShouldBe(10, 1e-12);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("steps-without-power");
        warnings[0].Text.ShouldContain("1, 4");
    }

    [Fact]
    public void Steps_in_which_one_device_lacks_its_power_are_left_out_since_missing_is_not_zero()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 1), (2, "a", 10, 11));
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "k", 0, 1), (2, "k", 10, 11));
        Dictionary<DeviceId, DevicePower> power = new() { [cpu.Id] = Owned((0, 20, 10)), [gpu.Id] = Owned((10, 20, 100)) };
        List<Warning> warnings = [];
        Footprint footprint = FootprintBuilder.Build(new(TraceOf(cpu, gpu), power, new TensorFlowNaming()), warnings.Add);
        footprint.Steps.ShouldBe([2]);
        footprint.Row("k").Energy!.Mean.ShouldBe(100, 1e-12);
        warnings.ShouldHaveSingleItem().Text.ShouldStartWith("there is no power of GPU:0 for step 1: left out");
    }

    [Fact]
    public void Steps_that_were_not_asked_for_are_not_counted()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 1), (2, "a", 10, 12));
        Dictionary<DeviceId, DevicePower> power = new() { [cpu.Id] = TenWatts };
        Footprint footprint = FootprintBuilder.Build(new(TraceOf(cpu), power, new TensorFlowNaming(), new HashSet<int> { 2 }), _ => { });
        footprint.Row("a").Energy!.Total.ShouldBe(20, 1e-12);
        footprint.Devices[0].Windows.Select(w => w.Step).ShouldBe([2]);
        // The run is the whole run all the same.
        footprint.Run!.Extent.ShouldBe(Window(0, 12));
    }

    [Fact]
    public void Steps_that_do_not_exist_are_refused()
    {
        DeviceTrace cpu = Cpu(("a", 0, 1));
        Dictionary<DeviceId, DevicePower> none = [];
        NoSuchStepException refused = Should.Throw<NoSuchStepException>(
            () => FootprintBuilder.Build(new(TraceOf(cpu), none, new TensorFlowNaming(), new HashSet<int> { 7 }), _ => { }));
        refused.Message.ShouldContain("traced steps (1)");
        Should.Throw<RefusedInputException>(() => FootprintBuilder.Build(new(TraceOf(new DeviceTrace(DeviceId.Cpu())), none, new TensorFlowNaming()), _ => { }))
            .Message.ShouldContain("no steps");
    }

    [Fact]
    public void Operations_of_one_name_with_other_inputs_are_one_row()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        cpu.Operations.Add(new("m/a", "MatMul", ["x"], OperationTraits.None));
        cpu.Operations.Add(new("m/a", "MatMul", ["y"], OperationTraits.None));
        cpu.Spans.Add(0, Ns(1), 0, 1, 0);
        cpu.Spans.Add(Ns(1), Ns(3), 1, 1, 0);
        OperationRow row = FootprintOf(TraceOf(cpu), cpu.Id, TenWatts).Operations.ShouldHaveSingleItem();
        row.Energy!.Total.ShouldBe(30, 1e-12);
        row.Calls.Total.ShouldBe(2);
    }

    [Fact]
    public void A_share_of_something_measured_is_derived_and_the_device_keeps_the_worst()
    {
        DeviceTrace cpu = Cpu(("m/a", 0, 2));
        DomainPower measured = Fed(Domain.Package(0), (0, 2, 10));
        Footprint footprint = FootprintOf(TraceOf(cpu), cpu.Id, new([new(measured)], GapRule.Idle));
        footprint.Row("m/a").Quality.ShouldBe(Quality.Derived);
        footprint.Devices[0].Quality.ShouldBe(Quality.Measured);

        DomainPower simulated = Fed(Domain.Dram(0), (0, 2, 1)) with { Quality = Quality.Simulated };
        footprint = FootprintOf(TraceOf(cpu), cpu.Id, new([new(measured), new(simulated)], GapRule.Idle));
        footprint.Row("m/a").Quality.ShouldBe(Quality.Simulated);
        footprint.Devices[0].Quality.ShouldBe(Quality.Simulated);
        footprint.Devices[0].Domains.Select(d => d.Quality).ShouldBe([Quality.Measured, Quality.Simulated]);
        footprint.Run!.Energy!.Value.Quality.ShouldBe(Quality.Simulated);
    }

    [Fact]
    public void Flags_say_how_an_operation_shares()
    {
        DeviceTrace gpu = Gpu(("kernel", 0, 2), ("copy", 0, 1), ("nccl", 0, 1), ("nccl2", 2, 3), ("wait", 0, 1), ("launch", 0, 1));
        Footprint footprint = FootprintOf(TraceOf(gpu), gpu.Id, TenWatts);
        footprint.Operations.ToDictionary(r => r.Name, r => string.Join(';', r.Flags)).ShouldBe(
            new Dictionary<string, string>
            {
                ["kernel"] = "", ["copy"] = "copy", ["nccl"] = "collective;overlapped", ["nccl2"] = "collective", ["wait"] = "waits", ["launch"] = "dispatch",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void The_rows_of_a_device_add_up_in_each_step()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 2), (1, "b", 1, 3), (2, "a", 10, 11), (2, "b", 13, 14));
        DevicePower power = Watched(Used((0, 2, 1, 1), (2, 11, 2, 0), (11, 12, 0, 0), (13, 14, 1, 3)));
        DeviceFootprint device = FootprintOf(TraceOf(cpu), cpu.Id, power).Devices[0];
        for (int step = 0; step < 2; step++)
        {
            double rows = device.Operations![step] + device.Idle![step] + device.OtherProcesses![step] + device.Outside![step] + device.Unattributed![step];
            rows.ShouldBe(device.Energy![step], 1e-9);
        }

        device.Unattributed![1].ShouldBe(10, 1e-9);
        device.Idle![1].ShouldBe(10, 1e-9);
        device.Busy[1].ShouldBe(2, 1e-12);
        device.Window[1].ShouldBe(4, 1e-12);
    }

    [Fact]
    public void The_run_holds_what_lies_between_its_steps()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 10, 12), (2, "a", 20, 23));
        Dictionary<DeviceId, DevicePower> power = new() { [cpu.Id] = Owned((0, 50, 10)) };
        DomainPower wall = Fed(Domain.Parse("wall"), (0, 40, 100));
        TracingOverhead overhead = new(0.1, null);
        RunAccount run = FootprintBuilder.Build(
            new(TraceOf(cpu), power, new TensorFlowNaming(), Run: new(Window(5, 30), [wall], overhead)), _ => { }).Run!;
        run.Extent.ShouldBe(Window(5, 30));
        run.Energy!.Value.Amount.Value.ShouldBe(250, 1e-9);
        run.BetweenSteps!.Value.Value.ShouldBe(200, 1e-9);
        run.TracedShare.ShouldBe(0.2, 1e-12);
        run.ByDomain.ShouldHaveSingleItem().Domain.ShouldBe("package-0");
        run.WholeMachine.ShouldHaveSingleItem().Energy.Amount.Value.ShouldBe(2500, 1e-9);
        run.Overhead.ShouldBe(overhead);
    }

    [Fact]
    public void The_run_is_never_shorter_than_its_steps()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 10, 12), (2, "a", 20, 23));
        Dictionary<DeviceId, DevicePower> power = new() { [cpu.Id] = TenWatts };
        RunAccount run = FootprintBuilder.Build(new(TraceOf(cpu), power, new TensorFlowNaming(), Run: new(Window(11, 15), [], null)), _ => { }).Run!;
        run.Extent.ShouldBe(Window(10, 23));
    }

    [Fact]
    public void Windows_of_several_devices_count_once_in_the_traced_share()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 4), (2, "a", 8, 10));
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "kernel", 1, 5), (2, "kernel", 9, 10));
        Footprint footprint = FootprintOf(TraceOf(cpu, gpu), gpu.Id, TenWatts);
        // CPU: 0..5 (it ends with the last span of any device) and 8..10; GPU: 1..9 and 9..10.
        footprint.Run!.TracedShare.ShouldBe(1, 1e-12);
        footprint.Row("a").Energy.ShouldBeNull();
        footprint.Row("kernel").Energy!.Total.ShouldBe(50, 1e-9);
    }

    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 3 }, "3")]
    [InlineData(new[] { 1, 2, 3, 5, 7, 8 }, "1..3, 5, 7..8")]
    public void Ranges_are_inclusive(int[] numbers, string text) => FootprintBuilder.Ranges(numbers).ShouldBe(text);
}
