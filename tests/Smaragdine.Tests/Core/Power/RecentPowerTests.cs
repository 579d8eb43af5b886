using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Power;

public sealed class RecentPowerTests
{
    private const long Origin = 1_700_000_000_000_000_000;

    [Theory]
    [InlineData(100, 4, 50)]
    [InlineData(100, 20, 50)]
    [InlineData(100, 50, 50)]
    [InlineData(30, 20, 50)]
    [InlineData(1, 20, 1000)]
    [InlineData(1, 4, 50)]
    public void A_counter_that_is_slower_than_the_display_shows_its_power_and_not_where_its_updates_fell(int updateMs, int pollMs, int refreshMs)
    {
        for (int now = 2000; now < 4000; now += refreshMs)
        {
            CounterSeries counter = new();
            for (int t = 0; t <= now; t += pollMs)
            {
                counter.Add(At(t), CounterReading.FromMicrojoules((ulong)(1000 + (t / updateMs * updateMs * 80_000L))));
            }

            DomainPower domain = new(Domain.Package(0), counter.ToTimeline("package-0", _ => { }), Quality.Measured, "test");
            Watts shown = RecentPower.Of(domain, At(now), Duration.FromMilliseconds(refreshMs)).ShouldNotBeNull($"at {now}");
            shown.Value.ShouldBeInRange(60, 100, $"at {now}");
        }
    }

    [Fact]
    public void What_came_last_counts_over_the_period_that_was_asked_for()
    {
        DomainPower domain = Of(new PowerTimeline.Builder().Add(Origin, Origin + 1_000_000_000, 10).Add(Origin + 1_000_000_000, Origin + 2_000_000_000, 30).Build());
        RecentPower.Of(domain, At(2000), Duration.FromSeconds(1))!.Value.Value.ShouldBe(30, 1e-9);
        RecentPower.Of(domain, At(2000), Duration.FromSeconds(2))!.Value.Value.ShouldBe(20, 1e-9);
        RecentPower.Of(domain, At(2100), Duration.FromSeconds(1))!.Value.Value.ShouldBe(30, 1e-9);
    }

    [Fact]
    public void What_is_not_known_any_more_is_missing_and_not_zero()
    {
        DomainPower domain = Of(new PowerTimeline.Builder().Add(Origin, Origin + 1_000_000_000, 10).Build());
        RecentPower.Of(domain, At(4500), Duration.FromSeconds(1)).ShouldNotBeNull();
        RecentPower.Of(domain, At(5500), Duration.FromSeconds(1)).ShouldBeNull();
        RecentPower.Of(Of(PowerTimeline.Empty), At(0), Duration.FromSeconds(1)).ShouldBeNull();
    }

    private static DomainPower Of(PowerTimeline timeline) => new(Domain.Package(0), timeline, Quality.Measured, "test");

    private static Instant At(int milliseconds) => Instant.FromUnixNanoseconds(Origin + (milliseconds * 1_000_000L));
}
