using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Power;
using Smaragdine.Tests.Core.Attribution;

namespace Smaragdine.Tests.Core.Power;

public sealed class PowerTimelineTests
{
    [Fact]
    public void What_one_timeline_does_not_know_the_other_tells() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            PowerTimeline first = random.Next(5) == 0 ? PowerTimeline.Empty : RandomScene.Timeline(random, 1_000_000_000, 24);
            PowerTimeline second = random.Next(5) == 0 ? PowerTimeline.Empty : RandomScene.Timeline(random, 1_000_000_000, 24);
            PowerTimeline both = first.OrElse(second);
            for (int tick = -1; tick < 40; tick++)
            {
                long time = RandomScene.Epoch + (tick * 1_000_000_000L);
                At(both, time).ShouldBe(At(first, time) ?? At(second, time), $"at {tick}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

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
}
