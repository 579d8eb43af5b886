using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Power;
using Smaragdine.Units;
using Interval = Smaragdine.Units.Interval;

namespace Smaragdine.Tests.Core.Power;

public sealed class CounterSeriesTests
{
    private const long T0 = 1_795_247_904_000_000_000;

    private static PowerTimeline Timeline(IEnumerable<(long Time, ulong Microjoules)> readings, ulong? range, List<Warning> warnings)
    {
        CounterSeries series = new() { Range = range is { } max ? new CounterRange(max) : null };
        foreach ((long time, ulong microjoules) in readings)
        {
            series.Add(Instant.FromUnixNanoseconds(time), CounterReading.FromMicrojoules(microjoules));
        }

        return series.ToTimeline("package-0", warnings.Add);
    }

    /// <summary>A counter with wraps anywhere, read at intervals of which none exceeds three medians.</summary>
    private static (List<(long Time, ulong Microjoules)> Readings, double Joules) Made(Random random, ulong range)
    {
        ulong value = (ulong)random.NextInt64(0, (long)range);
        long time = T0;
        List<(long Time, ulong Microjoules)> readings = [(time, value)];
        double joules = 0;
        for (int i = random.Next(2, 60); i > 0; i--)
        {
            ulong step = (ulong)random.NextInt64(1, (long)range / 3);
            value = value + step < range ? value + step : value + step - range;
            joules += step / 1e6;
            time += random.Next(500_000_000, 1_490_000_000);
            readings.Add((time, value));
        }

        return (readings, joules);
    }

    [Fact]
    public void Nothing_is_lost_over_any_partition_wherever_it_wraps() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            (List<(long Time, ulong Microjoules)> readings, double joules) = Made(random, 900_000_000);
            List<Warning> warnings = [];
            PowerTimeline timeline = Timeline(readings, 900_000_000, warnings);
            PowerReadingSeriesTests.Shape(timeline);
            warnings.ShouldBeEmpty();
            double sum = 0;
            for (long at = T0 - 1000; at < readings[^1].Time;)
            {
                long next = at + random.NextInt64(1, 3_000_000_000);
                sum += timeline.Over(Interval.FromUnixNanoseconds(at, next)).Energy.Value;
                at = next;
            }

            sum.ShouldBe(joules, 1e-9 * joules);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_difference_is_spread_evenly_for_at_most_three_medians_as_the_text_says() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<(long Time, ulong Microjoules)> readings = [];
            long time = T0;
            ulong value = 0;
            for (int i = random.Next(2, 30); i > 0; i--)
            {
                readings.Add((time, value));
                value += (ulong)random.Next(1, 1000);
                time += random.Next(10) == 0 ? random.Next(1, 2000) : random.Next(1, 100);
            }

            PowerTimeline timeline = Timeline(readings, null, []);
            List<long> intervals = [.. readings.Zip(readings.Skip(1), (a, b) => b.Time - a.Time).Order()];
            long median = intervals[intervals.Count / 2];
            for (int i = 1; i < readings.Count; i++)
            {
                (long before, ulong low) = readings[i - 1];
                (long now, ulong high) = readings[i];
                long covered = Math.Min(now - before, 3 * median);
                (Joules energy, Duration over) = timeline.Over(Interval.FromUnixNanoseconds(before, now));
                over.Nanoseconds.ShouldBe(covered);
                energy.Value.ShouldBe((high - low) / 1e6 * covered / (now - before), 1e-12);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_counter_polled_faster_than_it_moves_loses_nothing_and_makes_no_spikes() =>
        Prop.ForAll(Gen.Choose(0, 24).ToArbitrary(), phase =>
        {
            // 50 W, updated every 100 ms, polled every 4 ms from any phase on.
            List<(long Time, ulong Microjoules)> readings = [];
            for (int i = 0; i < 500; i++)
            {
                readings.Add((T0 + (i * 4_000_000L), (ulong)((i + phase) / 25 * 5_000_000)));
            }

            PowerTimeline timeline = Timeline(readings, null, []);
            foreach (double watts in timeline.Watts)
            {
                watts.ShouldBe(50, 1e-6);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(65_532_610_987UL)]
    [InlineData(65_712_999_613UL)]
    [InlineData(262_143_328_850UL)]
    public void An_unknown_range_is_the_smallest_known_above_what_was_shown(ulong range)
    {
        List<Warning> warnings = [];
        PowerTimeline timeline = Timeline([(T0, range - 60_000_000), (T0 + 1_000_000_000, range - 10_000_000), (T0 + 2_000_000_000, 40_000_000)], null, warnings);
        timeline.Watts.ToArray().ShouldBe([50, 50], 1e-6);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("counter-range-assumed");
    }

    [Fact]
    public void A_wrap_that_would_take_more_than_two_kilowatts_is_a_fault()
    {
        List<Warning> warnings = [];
        PowerTimeline timeline = Timeline([(T0, 30_000_000_000), (T0 + 1_000_000_000, 30_050_000_000), (T0 + 2_000_000_000, 0), (T0 + 3_000_000_000, 50_000_000)], null, warnings);
        timeline.Count.ShouldBe(2);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("counter-went-back");
    }

    [Fact]
    public void Times_at_the_ends_of_the_scale_do_not_overflow()
    {
        PowerTimeline timeline = Timeline([(0, 1), (long.MaxValue, 2)], null, []);
        timeline.Count.ShouldBe(1);
    }

    [Fact]
    public void One_reading_is_no_power() =>
        Timeline([(T0, 1)], null, []).IsEmpty.ShouldBeTrue();
}
