using Smaragdine.Alignment;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Alignment;

public sealed class JobTraceTests
{
    private readonly List<Warning> warnings = [];

    [Fact]
    public void A_rank_that_was_not_traced_has_the_steps_of_those_of_its_host_that_were()
    {
        Trace job = Of([Traced(0, "a", (1, 0, 2), (2, 4, 6)), Traced(1, "a", (1, 1, 3), (2, 4, 7)), Traced(2, "b", (1, 0.5, 3.5), (2, 3.2, 8)), Untraced(3, "a"), Untraced(4, "c")]);
        Windows(job, 3).ShouldBe([(1, Window(0, 3)), (2, Window(4, 7))]);
        Windows(job, 4).ShouldBe([(1, Window(0, 3.5)), (2, Window(3.5, 8))]);
        Windows(job, 1).ShouldBe([(1, Window(1, 3)), (2, Window(4, 7))]);
        job.Steps.Select(s => s.Number).ShouldBe([1, 2]);
        warnings.ShouldBeEmpty();
        StepWindows.Of(job.Parts[^1].Devices[0], job.Parts[^1], warnings.Add);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Without_any_steps_a_host_s_run_is_the_step_of_all_its_ranks()
    {
        Trace job = Of([Untraced(0, "a", Window(0, 5)), Untraced(1, "a", Window(1, 9)), Untraced(2, "b", Window(100, 101))]);
        job.IsUntraced.ShouldBeTrue();
        Windows(job, 0).ShouldBe([(1, Window(0, 9))]);
        Windows(job, 1).ShouldBe([(1, Window(0, 9))]);
        Windows(job, 2).ShouldBe([(1, Window(100, 101))]);
    }

    [Fact]
    public void Steps_that_a_manifest_tells_of_a_rank_are_its_own()
    {
        RankTrace told = Untraced(1, "a") with { Trace = Trace.OfUntraced([], [new(1, Window(5, 6))]) };
        Windows(Of([Traced(0, "a", (1, 0, 2)), told]), 1).ShouldBe([(1, Window(5, 6))]);
        Trace untraced = Of([Untraced(0, "a", Window(0, 99)), told]);
        Windows(untraced, 0).ShouldBe([(1, Window(5, 6))]);
        untraced.Steps.Single().Number.ShouldBe(1);
    }

    [Fact]
    public void A_step_that_a_traced_rank_lacks_is_left_out_and_told()
    {
        Of([Traced(0, "a", (1, 0, 2), (2, 4, 6)), Traced(1, "a", (2, 4, 6), (3, 7, 8))]).Steps.Select(s => s.Number).ShouldBe([2]);
        warnings.Single().Text.ShouldBe("rank 0 lacks step 3; rank 1 lacks step 1: left out, the figures are over the 1 that all traced ranks have.");
        warnings.Clear();
        Of([Traced(0, "a", (1, 0, 2)), Traced(1, "a", (2, 4, 6))]).Steps.Select(s => s.Number).ShouldBe([1, 2]);
        warnings.Single().Text.ShouldContain("no step is in all traced ranks");
    }

    private Trace Of(IReadOnlyList<RankTrace> ranks) =>
        JobTrace.Of(ranks, ranks.Select(r => DeviceId.Cpu(0, r.Rank, r.Host)), warnings.Add);

    private static List<(int, Interval)> Windows(Trace job, int rank)
    {
        Trace part = job.Parts.Single(p => p.Devices.Any(d => d.Id.Rank == rank));
        return [.. StepWindows.Of(part.Devices.Single(), part, _ => { }).Select(w => (w.Step, w.Window))];
    }

    private static RankTrace Traced(int rank, string host, params (int Step, double Start, double End)[] steps) =>
        new(rank, host, TraceOf(Device(DeviceId.Cpu(0, rank, host), [.. steps.Select(s => (s.Step, "op", s.Start, s.End))])), null);

    private static RankTrace Untraced(int rank, string host, Interval? run = null) => new(rank, host, Trace.OfUntraced([], []), run);
}
