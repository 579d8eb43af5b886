using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Units;
using Interval = Smaragdine.Units.Interval;

namespace Smaragdine.Tests.Core.Units;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(typeof(CounterReading))]
    [InlineData(typeof(Instant))]
    public void Two_points_do_not_add(Type point)
    {
        Operators(point, "op_Addition").ShouldNotContain(m => m.GetParameters().All(p => p.ParameterType == point));
        Operators(point, "op_Subtraction").Single(m => m.GetParameters().All(p => p.ParameterType == point)).ReturnType
            .ShouldBe(point == typeof(Instant) ? typeof(Duration) : typeof(Joules));
    }

    [Theory]
    [InlineData(typeof(Joules))]
    [InlineData(typeof(Watts))]
    [InlineData(typeof(Duration))]
    public void Amounts_add(Type amount) =>
        Operators(amount, "op_Addition").ShouldHaveSingleItem().ReturnType.ShouldBe(amount);

    [Fact]
    public void Power_and_energy_do_not_add() =>
        new[] { typeof(Joules), typeof(Watts) }.SelectMany(t => Operators(t, "op_Addition"))
            .ShouldAllBe(m => m.GetParameters()[0].ParameterType == m.GetParameters()[1].ParameterType);

    [Fact]
    public void Watts_over_a_time_are_joules_and_back() => Prop.ForAll(Gen.Choose(0, 1_000_000).Two().ToArbitrary(), pair =>
    {
        (int watts, int milliseconds) = pair;
        Duration time = Duration.FromMilliseconds(milliseconds);
        Joules energy = Watts.From(watts) * time;
        energy.Value.ShouldBe(watts * (milliseconds / 1e3), 1e-6);
        if (milliseconds > 0)
        {
            (energy / time).Value.ShouldBe(watts, 1e-6);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Amounts_do_their_arithmetic()
    {
        (Joules.From(3) - Joules.From(1)).ShouldBe(Joules.From(2));
        (Joules.From(3) * 2).ShouldBe(Joules.From(6));
        (Joules.From(3) / Joules.From(2)).ShouldBe(1.5);
        Joules.FromMicrojoules(1_500_000).ShouldBe(Joules.From(1.5));
        (Watts.From(3) + Watts.From(1) - Watts.From(2)).ShouldBe(Watts.From(2));
        (Watts.From(3) * 2).ShouldBe(Watts.From(6));
        Watts.FromMilliwatts(250).ShouldBe(Watts.From(0.25));
        Watts.Zero.Value.ShouldBe(0);
        (Duration.FromSeconds(1) + Duration.FromMilliseconds(500)).TotalSeconds.ShouldBe(1.5);
        (Duration.FromSeconds(3) - Duration.FromSeconds(1)).ShouldBe(Duration.FromSeconds(1) * 2);
        (Duration.FromSeconds(3) / Duration.FromSeconds(2)).ShouldBe(1.5);
        (Instant.FromUnixMilliseconds(1) + Duration.FromMilliseconds(1) - Duration.FromNanoseconds(1)).UnixNanoseconds.ShouldBe(1_999_999);
    }

    [Fact]
    public void Units_are_ordered()
    {
        (Joules.From(1) < Joules.From(2) && Joules.From(2) > Joules.From(1) && Joules.From(1) <= Joules.From(1) && Joules.From(1) >= Joules.From(1)).ShouldBeTrue();
        (Watts.From(1) < Watts.From(2) && Watts.From(2) > Watts.From(1) && Watts.From(1) <= Watts.From(1) && Watts.From(1) >= Watts.From(1)).ShouldBeTrue();
        Duration one = Duration.FromNanoseconds(1);
        (Duration.Zero < one && one > Duration.Zero && Duration.Zero <= one && one >= Duration.Zero).ShouldBeTrue();
        Instant first = Instant.FromUnixNanoseconds(1);
        Instant second = Instant.FromUnixNanoseconds(2);
        (first < second && second > first && first <= second && second >= first).ShouldBeTrue();
        new[] { Joules.From(2), Joules.From(1) }.Order().First().ShouldBe(Joules.From(1));
        new[] { Watts.From(2), Watts.From(1) }.Order().First().ShouldBe(Watts.From(1));
        new[] { one, Duration.Zero }.Order().First().ShouldBe(Duration.Zero);
        new[] { second, first }.Order().First().ShouldBe(first);
    }

    [Fact]
    public void Units_are_said_when_printed()
    {
        Joules.From(1.5).ToString().ShouldBe("1.5 J");
        Watts.From(1.5).ToString().ShouldBe("1.5 W");
        Duration.FromMilliseconds(1.5).ToString().ShouldBe("0.0015 s");
        CounterReading.FromMicrojoules(7).ToString().ShouldBe("7 µJ");
        Instant.FromUnixMilliseconds(1_500).ToString().ShouldBe("1970-01-01T00:00:01.500Z");
        Interval.FromUnixNanoseconds(0, 1_000_000_000).ToString().ShouldBe("[1970-01-01T00:00:00.000Z, 1970-01-01T00:00:01.000Z)");
        new Energy(Joules.From(2), Quality.Estimated).ToString().ShouldBe("~2 J");
        new Energy(Joules.From(2), Quality.Simulated).ToString().ShouldBe("?2 J");
        new Energy(Joules.From(2), Quality.Measured).ToString().ShouldBe("2 J");
    }

    [Fact]
    public void Time_beyond_what_it_holds_is_refused()
    {
        Should.Throw<OverflowException>(() => Duration.FromSeconds(1e11));
        Should.Throw<OverflowException>(() => Instant.FromUnixMilliseconds(long.MaxValue));
        Should.Throw<OverflowException>(() => Instant.FromUnixNanoseconds(long.MaxValue) + Duration.FromNanoseconds(1));
        Should.Throw<OverflowException>(() => Duration.FromNanoseconds(long.MaxValue) * 2);
    }

    [Fact]
    public void Interval_is_half_open()
    {
        Interval a = Interval.FromUnixNanoseconds(0, 10);
        a.Overlaps(Interval.FromUnixNanoseconds(10, 20)).ShouldBeFalse();
        a.Overlaps(Interval.FromUnixNanoseconds(9, 20)).ShouldBeTrue();
        a.Intersect(Interval.FromUnixNanoseconds(5, 20)).ShouldBe(Interval.FromUnixNanoseconds(5, 10));
        a.Intersect(Interval.FromUnixNanoseconds(15, 20)).IsEmpty.ShouldBeTrue();
        a.Length.ShouldBe(Duration.FromNanoseconds(10));
        Should.Throw<ArgumentException>(() => Interval.FromUnixNanoseconds(1, 0));
    }

    [Fact]
    public void A_counter_s_difference_is_signed_and_wraps_only_where_its_range_is_known()
    {
        CounterReading low = CounterReading.FromMicrojoules(10);
        CounterReading high = CounterReading.FromMicrojoules(90);
        (high - low).ShouldBe(Joules.FromMicrojoules(80));
        (low - high).ShouldBe(Joules.FromMicrojoules(-80));
        CounterRange range = new(100);
        range.Advance(high, low).ShouldBe(Joules.FromMicrojoules(20));
        range.Advance(low, high).ShouldBe(Joules.FromMicrojoules(80));
        range.Advance(low, CounterReading.FromMicrojoules(101)).ShouldBeNull();
        range.Advance(CounterReading.FromMicrojoules(101), low).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => new CounterRange(0));
    }

    [Theory]
    [InlineData(1UL, 65_532_610_987UL)]
    [InlineData(65_600_000_000UL, 65_712_999_613UL)]
    [InlineData(100_000_000_000UL, 262_143_328_850UL)]
    [InlineData(262_143_328_850UL, null)]
    public void The_smallest_known_range_above_the_largest_value_is_taken(ulong largest, ulong? range) =>
        CounterRange.SmallestKnownAbove(CounterReading.FromMicrojoules(largest))?.MaxMicrojoules.ShouldBe(range!.Value);

    [Fact]
    public void Combining_qualities_keeps_the_worst_and_a_share_is_derived_at_best()
    {
        Quality[] all = Enum.GetValues<Quality>();
        foreach (Quality a in all)
        {
            foreach (Quality b in all)
            {
                Qualities.Worst(a, b).ShouldBe(Qualities.Worst(b, a));
                Qualities.Worst(a, b).ShouldBe((Quality)Math.Max((int)a, (int)b));
                (new Energy(Joules.From(1), a) + new Energy(Joules.From(2), b)).ShouldBe(new Energy(Joules.From(3), Qualities.Worst(a, b)));
            }
        }

        Qualities.OfShare(Quality.Measured).ShouldBe(Quality.Derived);
        new Energy(Joules.From(4), Quality.Simulated).Share(0.5).ShouldBe(new Energy(Joules.From(2), Quality.Simulated));
        all.ShouldBe([Quality.Measured, Quality.Derived, Quality.Estimated, Quality.Simulated]);
    }

    [Fact]
    public void Quality_names_are_read_back()
    {
        foreach (Quality quality in Enum.GetValues<Quality>())
        {
            Qualities.TryParse(quality.Name().ToUpperInvariant(), out Quality read).ShouldBeTrue();
            read.ShouldBe(quality);
        }

        Qualities.TryParse("guessed", out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => ((Quality)9).Name());
    }

    private static IEnumerable<MethodInfo> Operators(Type type, string name) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.Name == name);
}
