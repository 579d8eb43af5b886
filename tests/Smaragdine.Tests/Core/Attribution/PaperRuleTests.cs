using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Power;
using Smaragdine.Traces;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Attribution;

public sealed class PaperRuleTests
{
    private static readonly (long Time, double Watts)[] TenWattsFromZero = [(0, 10)];

    [Fact]
    public void An_ended_operation_keeps_its_share_until_the_next_event()
    {
        // a ends at 1, but its exit leaves the set only after the piece that begins there: it shares with b until 3.
        IReadOnlyList<PaperEntry> entries = Account(("a", 0, 1), ("b", 1, 3), ("b", 3, 4));
        Of(entries, "a").ShouldBe((10 + 10, 3));
        Of(entries, "b").ShouldBe((10 + 10, 3));
    }

    [Fact]
    public void Several_instances_of_one_key_are_one_share()
    {
        IReadOnlyList<PaperEntry> entries = Account(("a", 0, 2), ("a", 0, 2), ("b", 0, 2));
        Of(entries, "a").ShouldBe((10, 2));
        Of(entries, "b").ShouldBe((10, 2));
    }

    [Fact]
    public void The_end_of_one_instance_ends_them_all()
    {
        // The first a leaves at 1, after that piece (1..2); from 2 on the second one is not in the set though it runs.
        IReadOnlyList<PaperEntry> entries = Account(("a", 0, 1), ("a", 0, 4), ("b", 2, 4));
        Of(entries, "a").ShouldBe((20, 2));
        Of(entries, "b").ShouldBe((20, 2));
    }

    [Fact]
    public void A_span_of_no_length_takes_part_until_the_next_event()
    {
        IReadOnlyList<PaperEntry> entries = Account(("z", 1, 1), ("b", 0, 3), ("c", 2, 3));
        Of(entries, "z").ShouldBe((5, 1));
    }

    [Fact]
    public void The_power_of_a_piece_is_the_latest_sample_s()
    {
        IReadOnlyList<PaperEntry> entries = PaperRule.Account([(Ns(0), Ns(4), "a")], [(Ns(1), 10), (Ns(2), 20)]);
        Of(entries, "a").ShouldBe((10 + 10 + 40, 4)); // before the first sample: the first one's
    }

    [Fact]
    public void Source_and_stream_synchronisation_are_left_out()
    {
        PaperRule.Account([(0, Ns(1), "_SOURCE"), (0, Ns(1), "cuStreamSynchronize")], TenWattsFromZero).ShouldBeEmpty();
        PaperRule.Account([(0, Ns(1), "a")], []).ShouldBeEmpty();
    }

    [Fact]
    public void A_key_is_the_name_and_what_it_reads()
    {
        PaperRule.Key(new("a", "MatMul", ["b", "c:1"], OperationTraits.None)).ShouldBe("a@b;c:1");
        PaperRule.Key(new("a", "MatMul", [], OperationTraits.None)).ShouldBe("a");
    }

    [Fact]
    public void Changes_of_several_domains_add_up_and_uncovered_time_is_zero() =>
        PaperRule.Changes([Timeline((0, 2, 10)), Timeline((1, 3, 5), (4, 5, 1))])
            .ShouldBe([(0, 10), (Ns(1), 15), (Ns(2), 5), (Ns(3), 0), (Ns(4), 1), (Ns(5), 0)]);

    [Fact]
    public void A_footprint_by_the_paper_s_rule_adds_up_too()
    {
        DeviceTrace device = Cpu(("a", 0, 1), ("b", 1, 3), ("b", 3, 4));
        Footprint footprint = Paper(device, Owned((0, 4, 10)));
        footprint.Row("a").Energy!.Total.ShouldBe(20, 1e-9);
        footprint.Row("b").Energy!.Total.ShouldBe(20, 1e-9);
        footprint.Devices[0].Operations!.Total.ShouldBe(40, 1e-9);
        footprint.Devices[0].Idle!.Total.ShouldBe(0, 1e-9);
    }

    [Fact]
    public void A_footprint_by_the_paper_s_rule_leaves_gaps_idle()
    {
        // A gap is a gap only after one more event: a keeps its share over 1..2, then nothing is in the set until 3.
        DeviceTrace device = Cpu(("a", 0, 1), ("z", 2, 2), ("b", 4, 5));
        Footprint footprint = Paper(device, Owned((0, 5, 10)));
        footprint.Row("a").Energy!.Total.ShouldBe(20, 1e-9);
        footprint.Row("z").Energy!.Total.ShouldBe(20, 1e-9);
        footprint.Row("b").Energy!.Total.ShouldBe(10, 1e-9);
    }

    [Fact]
    public void PaperAccount_power_that_begins_after_the_window_is_not_stretched_back()
    {
        DeviceTrace device = Cpu(("a", 0, 4));
        Footprint footprint = Paper(device, Owned((3, 4, 10)));
        footprint.Row("a").Energy!.Total.ShouldBe(10, 1e-9);
        footprint.Devices[0].Idle!.Total.ShouldBe(0, 1e-9);
    }

    [Fact]
    public void Domains_keep_their_proportions_in_the_paper_s_rule()
    {
        DeviceTrace device = Cpu(("a", 0, 2));
        DevicePower power = new([new(Fed(Domain.Package(0), (0, 2, 30))), new(Fed(Domain.Dram(0), (0, 2, 10)))], GapRule.Idle);
        Footprint footprint = Paper(device, power);
        footprint.Row("a").ByDomain["package-0"].ShouldBe(60, 1e-9);
        footprint.Row("a").ByDomain["dram-0"].ShouldBe(20, 1e-9);
    }

    private static Footprint Paper(DeviceTrace device, DevicePower power) => FootprintBuilder.Build(
        new(TraceOf(device), new Dictionary<DeviceId, DevicePower> { [device.Id] = power }, new TensorFlowNaming(), Rule: AttributionRule.Paper), _ => { });

    private static IReadOnlyList<PaperEntry> Account(params (string Key, double Start, double End)[] spans) =>
        PaperRule.Account([.. spans.Select(s => (Ns(s.Start), Ns(s.End), s.Key))], TenWattsFromZero);

    private static (double Joules, double Seconds) Of(IReadOnlyList<PaperEntry> entries, string key)
    {
        PaperEntry entry = entries.Single(e => e.Operation == key);
        return (Math.Round(entry.Joules, 9), Math.Round(entry.RuntimeSeconds, 9));
    }
}
