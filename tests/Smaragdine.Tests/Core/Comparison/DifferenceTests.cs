using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.Distributions;
using Smaragdine.Comparison;

namespace Smaragdine.Tests.Core.Comparison;

public sealed class DifferenceTests
{
    [Fact]
    public void Welch_s_test_is_what_it_is_by_hand()
    {
        // 18 + 19 + 20 + 21 + 22 has a variance of 2.5; 21, 22, 22, 23 one of 2/3.
        Difference difference = new(RunSample.Of([18, 19, 20, 21, 22]), RunSample.Of([21, 22, 22, 23]));
        difference.Change.ShouldBe(2, 1e-12);
        double vb = 2.5 / 5;
        double vn = 2.0 / 3 / 4;
        double df = (vb + vn) * (vb + vn) / ((vb * vb / 4) + (vn * vn / 3));
        difference.PValue!.Value.ShouldBe(2 * SlowTail(2 / Math.Sqrt(vb + vn), df), 1e-5);
        // t = 2.4495 at 6.18 degrees of freedom: between the tabled 2.447 (5 %, 6) and 2.365 (5 %, 7).
        difference.PValue!.Value.ShouldBeInRange(0.04, 0.05);
    }

    [Fact]
    public void Interval_ends_are_the_ratios_whose_one_sided_chance_is_a_fortieth()
    {
        Difference difference = new(RunSample.Of([10, 11, 12, 11, 10]), RunSample.Of([12, 13, 12, 13, 12]));
        RatioInterval interval = difference.Interval!.Value;
        interval.Low.ShouldBeLessThan(difference.Ratio!.Value);
        interval.High.ShouldBeGreaterThan(difference.Ratio!.Value);
        difference.OneSided(interval.Low)!.Value.ShouldBe(0.025, 1e-6);
        difference.OneSided(interval.High)!.Value.ShouldBe(0.975, 1e-6);
    }

    [Fact]
    public void Interval_holds_one_exactly_where_the_difference_may_be_nothing() => ForAnyRuns((before, after) =>
    {
        Difference difference = new(RunSample.Of(before), RunSample.Of(after));
        if (difference is { Interval: { } interval, PValue: { } p } && Math.Abs(p - 0.05) > 1e-6)
        {
            (interval.Low <= 1 && 1 <= interval.High).ShouldBe(p > 0.05);
        }
    });

    [Fact]
    public void Sides_swapped_have_the_same_chance() => ForAnyRuns((before, after) =>
        new Difference(RunSample.Of(before), RunSample.Of(after)).PValue!.Value.ShouldBe(new Difference(RunSample.Of(after), RunSample.Of(before)).PValue!.Value, 1e-9));

    [Fact]
    public void One_run_on_each_side_claims_nothing()
    {
        Difference difference = new(RunSample.Of([10]), RunSample.Of([20]));
        difference.Ratio.ShouldBe(2);
        difference.PValue.ShouldBeNull();
        difference.Interval.ShouldBeNull();
        difference.OneSided(1).ShouldBeNull();
    }

    [Fact]
    public void A_single_run_is_held_against_how_much_those_of_the_other_side_differ()
    {
        // Mean 10, sd 1, three runs: error of a single one against their mean is 1 × sqrt(1 + 1/3), two degrees of freedom.
        Difference difference = new(RunSample.Of([9, 10, 11]), RunSample.Of([14]));
        difference.PValue!.Value.ShouldBe(2 * SlowTail(4 / Math.Sqrt(4.0 / 3), 2), 1e-5);
        new Difference(RunSample.Of([14]), RunSample.Of([9, 10, 11])).PValue!.Value.ShouldBe(difference.PValue!.Value, 1e-9);
    }

    [Fact]
    public void Runs_without_any_spread_differ_or_do_not()
    {
        new Difference(RunSample.Of([2, 2]), RunSample.Of([2, 2])).PValue.ShouldBe(1);
        new Difference(RunSample.Of([2, 2]), RunSample.Of([3, 3])).PValue.ShouldBe(0);
        new Difference(RunSample.Of([2, 2]), RunSample.Of([3, 3])).Interval.ShouldBe(new RatioInterval(1.5, 1.5));
    }

    [Fact]
    public void A_base_that_may_be_nothing_has_no_ratio_s_interval() =>
        new Difference(RunSample.Of([0.1, 3, 0.2]), RunSample.Of([2, 2.1, 2.2])).Interval.ShouldBeNull();

    /// <summary>Runs of equal truth: the interval must miss it about once in twenty, whatever the sizes of the sides.</summary>
    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 6)]
    [InlineData(8, 1)]
    public void Intervals_hold_the_true_ratio_as_often_as_they_say(int before, int after)
    {
        const int Trials = 4000;
        Random random = new(20261121);
        Normal noise = new(100, 4, random);
        int missed = 0;
        for (int i = 0; i < Trials; i++)
        {
            Difference difference = new(
                RunSample.Of([.. Enumerable.Range(0, before).Select(_ => noise.Sample())]),
                RunSample.Of([.. Enumerable.Range(0, after).Select(_ => noise.Sample())]));
            missed += difference.Interval is { Low: <= 1, High: >= 1 } ? 0 : 1;
        }

        // Five standard deviations of a binomial of 4000 × 0.05 are 69.
        missed.ShouldBeInRange(131, 269);
    }

    private static void ForAnyRuns(Action<double[], double[]> test)
    {
        Gen<double[]> runs = Gen.Choose(1, 1000).Select(v => v / 10.0).ArrayOf().Where(a => a.Length >= 2);
        Prop.ForAll(runs.Zip(runs).ToArbitrary(), pair => test(pair.Item1, pair.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>The upper tail of Student's t by adding up its density, which is written out here: slow and plain.</summary>
    private static double SlowTail(double t, double freedom)
    {
        // With x = tan(u) the density ∝ (1 + x²/ν)^(−(ν+1)/2) is added up over all of [−π/2, π/2] by midpoints, so that no constant is needed.
        const int Parts = 400_000;
        double all = 0;
        double above = 0;
        for (int i = 0; i < Parts; i++)
        {
            double u = (((i + 0.5) / Parts) - 0.5) * Math.PI;
            double x = Math.Tan(u);
            double weight = Math.Pow(1 + (x * x / freedom), -(freedom + 1) / 2) * (1 + (x * x));
            all += weight;
            above += x > t ? weight : 0;
        }

        return above / all;
    }
}
