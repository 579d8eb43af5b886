using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Activity;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Activity;

public sealed class ActivitySeriesTests
{
    private const long T0 = 1_795_247_904_000_000_000;

    [Fact]
    public void Pieces_are_sorted_disjoint_and_never_negative() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            ActivitySeries series = new(0);
            long time = T0;
            double program = 0;
            double all = 0;
            for (int i = random.Next(1, 60); i > 0; i--)
            {
                series.Add(Instant.FromUnixNanoseconds(time), program, all);
                time += random.Next(10) == 0 ? random.Next(0, 1_000_000_000) : random.Next(0, 10_000_000);
                program += random.Next(2) * 0.01;
                all += random.Next(2) * 0.01;
            }

            ActivityTimeline timeline = series.ToTimeline(2, _ => { });
            for (int i = 0; i < timeline.Count; i++)
            {
                (timeline.Ends[i] > timeline.Starts[i] && (i == 0 || timeline.Starts[i] >= timeline.Ends[i - 1])).ShouldBeTrue();
                timeline.Program[i].ShouldBeGreaterThanOrEqualTo(0);
                timeline.Other[i].ShouldBeGreaterThanOrEqualTo(0);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sampler_that_hesitates_for_less_than_the_window_leaves_no_hole()
    {
        ActivitySeries series = new(0);
        for (int i = 0; i < 100; i++)
        {
            // Every 4 ms, and now and then 40 ms late.
            long at = (i * 4) + (i / 10 * 40);
            series.Add(Instant.FromUnixNanoseconds(T0 + (at * 1_000_000)), at / 1e3, at / 1e3);
        }

        ActivityTimeline timeline = series.ToTimeline(2, _ => { });
        timeline.Count.ShouldBe(99);
        timeline.Program.ToArray().ShouldAllBe(p => Math.Abs(p - 1) < 1e-9);
    }

    [Fact]
    public void A_pause_between_steps_is_uncovered()
    {
        ActivitySeries series = new(0);
        foreach (long ms in (long[])[0, 4, 8, 508, 512])
        {
            series.Add(Instant.FromUnixNanoseconds(T0 + (ms * 1_000_000)), ms / 1e3, ms / 1e3);
        }

        ActivityTimeline timeline = series.ToTimeline(2, _ => { });
        timeline.Starts.ToArray().Select(s => (s - T0) / 1_000_000).ShouldBe([0, 4, 508]);
    }
}
