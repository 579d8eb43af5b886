using Smaragdine.Alignment;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Alignment;

public sealed class StepWindowsTests
{
    [Fact]
    public void A_gpu_step_runs_from_its_first_kernel_to_the_next_step_s()
    {
        DeviceTrace gpu = Device(
            DeviceId.Gpu(0),
            (1, "copy", 0, 1), (1, "kernel", 2, 5), (2, "copy", 4, 6), (2, "kernel", 7, 9), (2, "copy", 9, 10));
        Windows(gpu, TraceOf(gpu)).ShouldBe([(1, 2, 7), (2, 7, 10)]);
    }

    [Fact]
    public void A_gpu_step_whose_successor_was_not_traced_ends_with_its_last_span()
    {
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "kernel", 0, 3), (5, "kernel", 100, 101), (6, "kernel", 110, 112));
        Windows(gpu, TraceOf(gpu)).ShouldBe([(1, 0, 3), (5, 100, 110), (6, 110, 112)]);
    }

    [Fact]
    public void A_gpu_step_of_copies_alone_begins_with_its_first_copy()
    {
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "copy", 1, 2), (2, "kernel", 4, 5));
        Windows(gpu, TraceOf(gpu)).ShouldBe([(1, 1, 4), (2, 4, 5)]);
    }

    [Fact]
    public void A_gpu_step_without_spans_has_no_window_there()
    {
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "kernel", 0, 3));
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 3), (2, "a", 3, 6));
        Windows(gpu, TraceOf(gpu, cpu)).ShouldBe([(1, 0, 3)]);
    }

    [Fact]
    public void A_cpu_step_takes_the_manifest_s_interval()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 1, 2), (2, "a", 6, 7));
        Windows(cpu, TraceOf([new(1, Window(0, 5)), new(2, Window(5, 9))], cpu)).ShouldBe([(1, 0, 5), (2, 5, 9)]);
    }

    [Fact]
    public void Manifest_intervals_that_no_span_meets_are_said_so_once()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 1, 2), (2, "a", 6, 7), (3, "a", 10, 11));
        List<Warning> warnings = [];
        Windows(cpu, TraceOf([new(1, Window(0, 5)), new(2, Window(7, 9)), new(3, Window(9, 10))], cpu), warnings).Count.ShouldBe(3);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("window-without-spans");
        warning.Text.ShouldContain("2 of 3 steps (the first is 2)");
        warning.Incomplete.ShouldBeTrue();
    }

    [Fact]
    public void A_cpu_step_without_one_runs_from_the_first_to_the_last_span_of_any_device()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 1, 2), (2, "a", 6, 7));
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "kernel", 2, 4));
        Windows(cpu, TraceOf(cpu, gpu)).ShouldBe([(1, 1, 4), (2, 6, 7)]);
    }

    [Fact]
    public void A_cpu_step_that_nobody_timed_and_no_span_names_has_no_window()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 1, 2));
        Windows(cpu, TraceOf([new(1, null), new(2, null)], cpu)).ShouldBe([(1, 1, 2)]);
    }

    [Fact]
    public void Steps_that_overlap_are_cut_and_said_so()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "a", 0, 4), (2, "a", 3, 6), (3, "a", 5, 5.5));
        List<Warning> warnings = [];
        Windows(cpu, TraceOf(cpu), warnings).ShouldBe([(1, 0, 4), (2, 4, 6), (3, 6, 6)]);
        warnings.Select(w => w.Code).ShouldBe(["steps-overlap", "steps-overlap"]);
    }

    [Fact]
    public void A_gpu_step_overtaken_by_the_next_ends_with_its_own_last_span()
    {
        // Step 2's first kernel is before step 1's: no boundary there.
        DeviceTrace gpu = Device(DeviceId.Gpu(0), (1, "kernel", 5, 8), (2, "kernel", 1, 3));
        List<Warning> warnings = [];
        Windows(gpu, TraceOf(gpu), warnings).ShouldBe([(2, 1, 3), (1, 5, 8)]);
        warnings.ShouldBeEmpty();
    }

    private static List<(int Step, double Start, double End)> Windows(DeviceTrace device, Trace trace, List<Warning>? warnings = null) =>
        [.. StepWindows.Of(device, trace, w => warnings?.Add(w))
            .Select(w => (w.Step, w.Window.Start.UnixNanoseconds / 1e9, w.Window.End.UnixNanoseconds / 1e9))];
}
