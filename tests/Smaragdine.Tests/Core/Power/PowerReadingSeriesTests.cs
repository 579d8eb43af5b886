using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Power;
using Smaragdine.Units;
using Interval = Smaragdine.Units.Interval;

namespace Smaragdine.Tests.Core.Power;

public sealed class PowerReadingSeriesTests
{
    private const long T0 = 1_795_247_904_000_000_000;

    private static PowerTimeline Timeline(IEnumerable<(long Time, double Watts)> readings, Duration? period = null, List<Warning>? warnings = null)
    {
        PowerReadingSeries series = new() { UpdatePeriod = period };
        foreach ((long time, double watts) in readings)
        {
            series.Add(Instant.FromUnixNanoseconds(time), Watts.From(watts));
        }

        return series.ToTimeline("gpu-0", (warnings ?? []).Add);
    }

    private static double? At(PowerTimeline timeline, long time)
    {
        for (int i = 0; i < timeline.Count; i++)
        {
            if (timeline.Starts[i] <= time && time < timeline.Ends[i])
            {
                return timeline.Watts[i];
            }
        }

        return null;
    }

    /// <summary>The rule, word by word: a reading stands for the time since the previous one, for at most three median intervals before it.</summary>
    private static double? Plain(List<(long Time, double Watts)> readings, long time)
    {
        List<long> intervals = [.. readings.Zip(readings.Skip(1), (a, b) => b.Time - a.Time).Order()];
        long median = intervals[intervals.Count / 2];
        for (int i = 1; i < readings.Count; i++)
        {
            if (readings[i - 1].Time <= time && time < readings[i].Time)
            {
                return readings[i].Time - time <= 3 * median ? readings[i].Watts : null;
            }
        }

        return null;
    }

    /// <summary>The rule, word by word: a value first seen at c(i) stands for (c(i) − U, c(i+1) − U].</summary>
    private static double? PlainUpdates(List<(long Time, double Watts)> readings, long period, long time)
    {
        List<(long Time, double Watts)> seen = [.. readings.Where((r, i) => i == 0 || readings[i - 1].Watts != r.Watts)];
        for (int i = 0; i < seen.Count; i++)
        {
            long end = i + 1 < seen.Count ? seen[i + 1].Time - period : Math.Max(seen[i].Time, readings[^1].Time - period);
            if (seen[i].Time - period <= time && time < end)
            {
                return seen[i].Watts;
            }
        }

        return null;
    }

    [Fact]
    public void Readings_stand_for_the_time_before_them_as_the_text_says() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<(long Time, double Watts)> readings = [];
            long time = T0;
            for (int i = random.Next(2, 40); i > 0; i--)
            {
                readings.Add((time, random.NextDouble() * 300));
                time += random.Next(10) == 0 ? random.Next(1, 2000) : random.Next(1, 100);
            }

            PowerTimeline timeline = Timeline(readings);
            for (long probe = T0 - 5; probe < time + 5; probe += random.Next(1, 7))
            {
                At(timeline, probe).ShouldBe(Plain(readings, probe));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_slow_sensor_is_read_back_by_its_period_as_the_text_says() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            const int poll = 10;
            const int period = 100;
            List<(long Time, double Watts)> readings = [];
            double watts = 50;
            int phase = random.Next(period);
            for (int i = 0; i < 300; i++)
            {
                watts = (i * poll) % period == phase / poll * poll && random.Next(3) > 0 ? random.Next(50, 300) : watts;
                readings.Add((T0 + (i * poll), watts));
            }

            PowerTimeline timeline = Timeline(readings, Duration.FromNanoseconds(period));
            for (long probe = T0 - 200; probe < T0 + 3300; probe += 3)
            {
                At(timeline, probe).ShouldBe(PlainUpdates(readings, period, probe));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Energy_over_a_partition_is_the_energy_of_the_whole() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<(long Time, double Watts)> readings = [];
            for (int i = 0; i < 50; i++)
            {
                readings.Add((T0 + random.NextInt64(1, 1_000_000_000), random.Next(3) * 50));
            }

            PowerTimeline timeline = Timeline(readings);
            if (timeline.IsEmpty)
            {
                return;
            }

            Shape(timeline);
            double sum = 0;
            long covered = 0;
            long at = T0 - 10;
            while (at < T0 + 1_100_000_000)
            {
                long next = at + random.NextInt64(1, 100_000_000);
                (Joules energy, Duration time) = timeline.Over(Interval.FromUnixNanoseconds(at, next));
                sum += energy.Value;
                covered += time.Nanoseconds;
                at = next;
            }

            (Joules whole, Duration all) = timeline.Over(Interval.FromUnixNanoseconds(T0 - 1_000_000_000, at));
            (Joules before, Duration early) = timeline.Over(Interval.FromUnixNanoseconds(T0 - 1_000_000_000, T0 - 10));
            (sum + before.Value).ShouldBe(whole.Value, 1e-9 * Math.Max(1, whole.Value));
            (covered + early.Nanoseconds).ShouldBe(all.Nanoseconds);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_period_is_found_where_readings_repeat()
    {
        PowerReadingSeries series = new();
        for (int i = 0; i < 1000; i++)
        {
            series.Add(Instant.FromUnixNanoseconds(T0 + (i * 4_000_000L)), Watts.From(100 + (i / 25 * 7 % 50)));
        }

        series.ToTimeline("gpu-0", _ => { });
        series.UpdatePeriod.ShouldBe(Duration.FromMilliseconds(100));
    }

    [Fact]
    public void A_long_rest_does_not_make_the_sensor_seem_slow()
    {
        // A minute at rest, where the value flips once a second, then two seconds of load, where it changes with every update.
        PowerReadingSeries series = new();
        for (int i = 0; i < 62_000 / 20; i++)
        {
            int ms = i * 20;
            series.Add(Instant.FromUnixNanoseconds(T0 + (ms * 1_000_000L)), Watts.From(ms < 60_000 ? 52 + (ms / 1000 % 2) : 200 + (ms / 100)));
        }

        series.ToTimeline("gpu-0", _ => { });
        series.UpdatePeriod.ShouldBe(Duration.FromMilliseconds(100));
    }

    [Fact]
    public void Clocks_that_go_back_are_sorted_and_told_and_the_last_of_one_instant_stays()
    {
        List<Warning> warnings = [];
        PowerTimeline timeline = Timeline([(T0 + 10, 1), (T0, 2), (T0 + 20, 3), (T0 + 20, 4)], warnings: warnings);
        timeline.Watts.ToArray().ShouldBe([1, 4]);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("clock-went-back");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Power_that_is_none_is_no_reading(double watts) =>
        Should.Throw<ArgumentException>(() => new PowerReadingSeries().Add(Instant.FromUnixNanoseconds(T0), Watts.From(watts)));

    internal static void Shape(PowerTimeline timeline)
    {
        for (int i = 0; i < timeline.Count; i++)
        {
            timeline.Ends[i].ShouldBeGreaterThan(timeline.Starts[i]);
            (i == 0 || timeline.Starts[i] >= timeline.Ends[i - 1]).ShouldBeTrue();
            timeline.Watts[i].ShouldBeGreaterThanOrEqualTo(0);
        }
    }
}
