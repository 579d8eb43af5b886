using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Units;

/// <summary>Orders, overlaps and ranges at their edges, where off-by-one faults live.</summary>
public sealed class BoundaryTests
{
    [Fact]
    public void Comparisons_tell_equal_from_less()
    {
        Ordered(Joules.From(1), Joules.From(2), (a, b) => (a < b, a <= b, a > b, a >= b));
        Ordered(Watts.From(1), Watts.From(2), (a, b) => (a < b, a <= b, a > b, a >= b));
        Ordered(Duration.FromNanoseconds(1), Duration.FromNanoseconds(2), (a, b) => (a < b, a <= b, a > b, a >= b));
        Ordered(Instant.FromUnixNanoseconds(1), Instant.FromUnixNanoseconds(2), (a, b) => (a < b, a <= b, a > b, a >= b));
    }

    [Theory]
    [InlineData(0, 10, 5, 20, 5, 10)]
    [InlineData(5, 20, 0, 10, 5, 10)]
    [InlineData(0, 20, 5, 10, 5, 10)]
    [InlineData(5, 10, 0, 20, 5, 10)]
    [InlineData(0, 5, 5, 10, 5, 5)]
    [InlineData(5, 10, 0, 5, 5, 5)]
    [InlineData(0, 10, 0, 10, 0, 10)]
    public void The_common_part_of_two_intervals(long a, long b, long c, long d, long from, long to)
    {
        Interval common = Interval.FromUnixNanoseconds(a, b).Intersect(Interval.FromUnixNanoseconds(c, d));
        common.ShouldBe(Interval.FromUnixNanoseconds(from, to));
        common.IsEmpty.ShouldBe(from == to);
        Interval.FromUnixNanoseconds(a, b).Overlaps(Interval.FromUnixNanoseconds(c, d)).ShouldBe(from != to);
    }

    [Fact]
    public void Intervals_that_are_apart_have_no_common_part_and_touching_ones_do_not_overlap()
    {
        Interval early = Interval.FromUnixNanoseconds(0, 4);
        Interval late = Interval.FromUnixNanoseconds(6, 9);
        early.Intersect(late).IsEmpty.ShouldBeTrue();
        late.Intersect(early).IsEmpty.ShouldBeTrue();
        early.Overlaps(Interval.FromUnixNanoseconds(4, 6)).ShouldBeFalse();
        Interval.FromUnixNanoseconds(4, 6).Overlaps(early).ShouldBeFalse();
    }

    [Fact]
    public void An_interval_that_ends_before_it_starts_says_both() =>
        Should.Throw<ArgumentException>(() => Interval.FromUnixNanoseconds(2_000_000_000, 1_000_000_000))
            .Message.ShouldContain("1970-01-01T00:00:01.000Z");

    [Fact]
    public void A_counter_may_show_the_last_value_of_its_range()
    {
        CounterRange range = new(100);
        range.Advance(CounterReading.FromMicrojoules(100), CounterReading.FromMicrojoules(100))!.Value.Value.ShouldBe(0);
        range.Advance(CounterReading.FromMicrojoules(100), CounterReading.FromMicrojoules(1))!.Value.Value.ShouldBe(1e-6, 1e-18);
        range.Advance(CounterReading.FromMicrojoules(101), CounterReading.FromMicrojoules(1)).ShouldBeNull();
        range.Advance(CounterReading.FromMicrojoules(1), CounterReading.FromMicrojoules(101)).ShouldBeNull();
        CounterRange.SmallestKnownAbove(CounterReading.FromMicrojoules(65_532_610_987))!.Value.MaxMicrojoules.ShouldBe(65_712_999_613UL);
        CounterRange.SmallestKnownAbove(CounterReading.FromMicrojoules(262_143_328_850)).ShouldBeNull();
    }

    [Fact]
    public void Time_that_does_not_fit_is_an_error_and_not_a_wrong_time()
    {
        Duration most = Duration.FromNanoseconds(long.MaxValue);
        Duration one = Duration.FromNanoseconds(1);
        Should.Throw<OverflowException>(() => most + one);
        Should.Throw<OverflowException>(() => Duration.FromNanoseconds(long.MinValue) - one);
        Should.Throw<OverflowException>(() => Duration.FromMilliseconds(1e20));
        Should.Throw<OverflowException>(() => Instant.FromUnixNanoseconds(long.MaxValue) + one);
        Should.Throw<OverflowException>(() => Instant.FromUnixNanoseconds(long.MinValue) - one);
        Should.Throw<OverflowException>(() => Instant.FromUnixNanoseconds(long.MaxValue) - Instant.FromUnixNanoseconds(-1));
    }

    [Theory]
    [InlineData(Quality.Measured, "measured", "")]
    [InlineData(Quality.Derived, "derived", "")]
    [InlineData(Quality.Estimated, "estimated", "~")]
    [InlineData(Quality.Simulated, "simulated", "?")]
    public void Qualities_have_their_names_and_marks(Quality quality, string name, string mark)
    {
        quality.Name().ShouldBe(name);
        quality.Mark().ShouldBe(mark);
        Qualities.TryParse(name.ToUpperInvariant(), out Quality parsed).ShouldBeTrue();
        parsed.ShouldBe(quality);
    }

    private static void Ordered<T>(T low, T high, Func<T, T, (bool Less, bool LessOrEqual, bool Greater, bool GreaterOrEqual)> compare)
    {
        compare(low, high).ShouldBe((true, true, false, false));
        compare(high, low).ShouldBe((false, false, true, true));
        compare(low, low).ShouldBe((false, true, false, true));
    }
}
