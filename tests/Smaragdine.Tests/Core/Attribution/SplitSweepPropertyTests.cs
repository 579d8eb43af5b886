using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Attribution;
using Smaragdine.Traces;
using Interval = Smaragdine.Units.Interval;

namespace Smaragdine.Tests.Core.Attribution;

public sealed class SplitSweepPropertyTests
{
    [Fact]
    public void Sweep_equals_the_slow_accounting_on_any_trace() =>
        ForAny(scene => Ledgers.ShouldEqual(Account(scene), new SlowSplit(scene.Trace, scene.Power, scene.Window), scene.ToString()));

    [Fact]
    public void Rows_add_up_to_the_power_s_integral_on_any_trace() =>
        ForAny(scene => Ledgers.ShouldConserve(Account(scene), scene.Power, scene.ToString()));

    [Fact]
    public void Spans_shares_equal_the_slow_accounting_and_add_up_to_their_operations_on_any_trace() => ForAny(scene =>
    {
        SpanShares shares = new();
        WindowLedger ledger = new SplitSweep(scene.Trace, scene.Power).Account(scene.Window, shares);
        SlowSplit slow = new(scene.Trace, scene.Power, scene.Window);
        double[] joules = new double[ledger.OperationCount];
        long[] covered = new long[ledger.OperationCount];
        long[] time = new long[ledger.OperationCount];
        int[] calls = new int[ledger.OperationCount];
        for (int i = 0; i < shares.Count; i++)
        {
            int span = shares.Span(i);
            int operation = scene.Trace.Spans.Operations[span];
            Ledgers.Near(shares.Joules(i) ?? 0, (double)slow.SpanEnergy[span], $"span {span}: {scene}");
            shares.CoveredNs(i).ShouldBe(slow.SpanCoveredNs[span], scene.ToString());
            (shares.Joules(i) is null).ShouldBe(slow.SpanCoveredNs[span] == 0 && shares.End(i) > shares.Start(i), scene.ToString());
            joules[operation] += shares.Joules(i) ?? 0;
            covered[operation] += shares.CoveredNs(i);
            time[operation] += shares.End(i) - shares.Start(i);
            calls[operation] += scene.Trace.Spans.Starts[span] == shares.Start(i) ? 1 : 0;
        }

        covered.ShouldBe(ledger.CoveredNs, scene.ToString());
        time.ShouldBe(ledger.TimeNs, scene.ToString());
        calls.ShouldBe(ledger.Calls, scene.ToString());
        for (int o = 0; o < joules.Length; o++)
        {
            Ledgers.Near(joules[o], ledger.EnergyOf(o), $"operation {o}: {scene}");
        }
    });

    [Fact]
    public void Shares_of_a_window_before_are_gone()
    {
        DeviceTrace device = Scenes.Cpu(("a", 0, 2), ("b", 4, 5));
        SplitSweep sweep = new(device, Scenes.TenWatts);
        SpanShares shares = new();
        sweep.Account(Scenes.Window(0, 3), shares);
        sweep.Account(Scenes.Window(3, 6), shares);
        shares.Count.ShouldBe(1);
        shares.Joules(0).ShouldBe(10);
    }

    [Fact]
    public void A_window_is_the_sum_of_its_parts() => ForAny((scene, random) =>
    {
        WindowLedger whole = Account(scene);
        SplitSweep sweep = new(scene.Trace, scene.Power);
        List<long> cuts = [scene.Window.Start.UnixNanoseconds, scene.Window.End.UnixNanoseconds];
        for (int i = random.Next(1, 5); i > 0 && !scene.Window.IsEmpty; i--)
        {
            cuts.Add(random.NextInt64(cuts[0], cuts[1]));
        }

        cuts.Sort();
        double[] energy = new double[whole.Energy.Length];
        long[] time = new long[whole.OperationCount];
        long[] covered = new long[whole.OperationCount];
        int[] calls = new int[whole.OperationCount];
        long busy = 0;
        double[] idle = new double[whole.Domains.Length];
        for (int i = 0; i + 1 < cuts.Count; i++)
        {
            WindowLedger part = sweep.Account(Interval.FromUnixNanoseconds(cuts[i], cuts[i + 1]));
            for (int k = 0; k < energy.Length; k++)
            {
                energy[k] += part.Energy[k];
            }

            for (int o = 0; o < time.Length; o++)
            {
                time[o] += part.TimeNs[o];
                covered[o] += part.CoveredNs[o];
                calls[o] += part.Calls[o];
            }

            for (int d = 0; d < idle.Length; d++)
            {
                idle[d] += part.Domains[d].Idle;
            }

            busy += part.BusyNs;
        }

        time.ShouldBe(whole.TimeNs);
        covered.ShouldBe(whole.CoveredNs);
        calls.ShouldBe(whole.Calls);
        busy.ShouldBe(whole.BusyNs);
        for (int k = 0; k < energy.Length; k++)
        {
            Ledgers.Near(energy[k], whole.Energy[k], scene.ToString());
        }

        for (int d = 0; d < idle.Length; d++)
        {
            Ledgers.Near(idle[d], whole.Domains[d].Idle, scene.ToString());
        }
    });

    [Fact]
    public void The_order_of_spans_does_not_matter() => ForAny((scene, random) =>
    {
        int[] order = [.. Enumerable.Range(0, scene.Trace.Spans.Count)];
        random.Shuffle(order);
        DeviceTrace shuffled = new(scene.Trace.Id);
        shuffled.Operations.AddRange(scene.Trace.Operations);
        SpanTable spans = scene.Trace.Spans;
        foreach (int i in order)
        {
            shuffled.Spans.Add(spans.Starts[i], spans.Ends[i], spans.Operations[i], spans.Steps[i], spans.Lanes[i]);
        }

        WindowLedger one = Account(scene);
        WindowLedger other = new SplitSweep(shuffled, scene.Power).Account(scene.Window);
        other.TimeNs.ShouldBe(one.TimeNs);
        other.Calls.ShouldBe(one.Calls);
        other.BusyNs.ShouldBe(one.BusyNs);
        for (int k = 0; k < one.Energy.Length; k++)
        {
            Ledgers.Near(other.Energy[k], one.Energy[k], scene.ToString());
        }
    });

    [Fact]
    public void Busy_time_is_the_union_of_the_spans() => ForAny(scene =>
    {
        long busy = 0;
        long reached = scene.Window.Start.UnixNanoseconds;
        long end = scene.Window.End.UnixNanoseconds;
        SpanTable spans = scene.Trace.Spans;
        foreach (int i in Enumerable.Range(0, spans.Count).OrderBy(i => scene.Trace.Spans.Starts[i]))
        {
            long from = Math.Max(reached, spans.Starts[i]);
            long to = Math.Min(end, spans.Ends[i]);
            busy += Math.Max(0, to - from);
            reached = Math.Max(reached, to);
        }

        Account(scene).BusyNs.ShouldBe(busy, scene.ToString());
    });

    [Fact]
    public void An_operation_never_gets_more_than_the_power_over_its_time() => ForAny(scene =>
    {
        WindowLedger ledger = Account(scene);
        double watts = scene.Power.Domains.Sum(d => d.Power.Timeline.IsEmpty ? 0 : d.Power.Timeline.Watts.ToArray().Max());
        for (int o = 0; o < ledger.OperationCount; o++)
        {
            ledger.EnergyOf(o).ShouldBeLessThanOrEqualTo((watts * ledger.CoveredNs[o] / 1e9 * (1 + 1e-9)) + 1e-12);
        }
    });

    private static WindowLedger Account(RandomScene scene) => new SplitSweep(scene.Trace, scene.Power).Account(scene.Window);

    private static void ForAny(Action<RandomScene> test) => ForAny((scene, _) => test(scene));

    private static void ForAny(Action<RandomScene, Random> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => test(RandomScene.Of(seed), new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
