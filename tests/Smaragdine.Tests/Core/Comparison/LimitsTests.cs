using Smaragdine.Comparison;

namespace Smaragdine.Tests.Core.Comparison;

public sealed class LimitsTests
{
    private static readonly ComparedSide Base = Sides.Runs(10, 10.1, 9.9, 10.05, 9.95);

    [Fact]
    public void Surely_above_is_over_and_perhaps_above_is_not()
    {
        Check(Sides.Runs(12, 12.1, 11.9, 12, 12.05), new Limit("a", 0.05)).IsOver.ShouldBeTrue();
        // The mean is 6 % above, the interval reaches below 5 %.
        Check(Sides.Runs(10.2, 11.0, 10.6, 10.9, 10.3), new Limit("a", 0.05)).IsOver.ShouldBeFalse();
    }

    [Fact]
    public void A_single_check_is_over_exactly_where_the_interval_lies_above()
    {
        foreach (double more in Enumerable.Range(0, 60).Select(i => i * 0.02))
        {
            ComparedSide after = Sides.Runs(10 + more, 10.3 + more, 9.8 + more, 10.1 + more, 9.9 + more);
            LimitCheck check = Check(after, new Limit("a", 0));
            check.IsOver.ShouldBe(check.Change.Whole.Energy.Difference!.Value.Interval!.Value.Low > 1);
        }
    }

    [Fact]
    public void A_limit_of_a_module_s_own_stands_in_for_the_one_of_all()
    {
        FootprintComparison comparison = Sides.Compare(Base, Sides.Runs(12, 12.1, 11.9, 12, 12.05));
        IReadOnlyList<LimitCheck> checks = Limits.Check(comparison, [new(null, 0.05), new("a", 0.5)]);
        checks.Single(c => c.Change.Path == "a").Limit.Share.ShouldBe(0.5);
        checks.Select(c => c.Change.Path).ShouldBe(["a", "", "rest"], ignoreOrder: true);
    }

    [Fact]
    public void One_run_a_side_cannot_be_checked() =>
        Limits.Check(Sides.Compare(Sides.Runs(10), Sides.Runs(20)), [new("a", 0.05), new(null, 0.05)]).ShouldBeEmpty();

    private static LimitCheck Check(ComparedSide after, Limit limit) => Limits.Check(Sides.Compare(Base, after), [limit]).Single();
}
