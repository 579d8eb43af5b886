using System.Diagnostics;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Tests.Sensors.Sampling;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors;

[Collection(Alone.Name)]
public sealed class SensorWatchTests
{
    [Fact]
    public void Period_is_the_median_time_between_changes_and_step_what_they_have_in_common()
    {
        UpdateWatch watch = new();
        Random random = new(1);
        long value = 500;
        for (int i = 0; i < 1000; i++)
        {
            value += i % 10 == 0 ? 15 * random.Next(-40, 60) : 0;
            watch.See(i * 2_000_000L, value);
        }

        watch.Period.ShouldBe(Duration.FromMilliseconds(20));
        watch.Step.ShouldBe(15);
    }

    [Theory]
    [InlineData(1000, 1)] // every reading is new: that is the reader's period
    [InlineData(1000, 0)] // constant
    [InlineData(25, 10)] // two changes
    public void Period_is_not_known_where_readings_cannot_tell(int readings, int every)
    {
        UpdateWatch watch = new();
        for (int i = 0; i < readings; i++)
        {
            watch.See(i * 1_000_000L, every == 0 ? 7 : i / every);
        }

        watch.Period.ShouldBeNull();
        (watch.Step is null).ShouldBe(every != 1);
    }

    [Fact]
    public void A_sensor_that_hangs_is_given_up_and_costs_the_others_nothing()
    {
        using ManualResetEventSlim release = new();
        FakeSensor stuck = new("stuck", 1, (_, _) => release.Wait(TimeSpan.FromMinutes(1)), mayBlock: true);
        FakeSensor fast = new("fast", 1);
        FakeSensor slow = new("slow", 1, mayBlock: true);
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<WatchedSensor> watched = SensorWatch.Watch([stuck, fast, slow], Duration.FromMilliseconds(100), Duration.FromMilliseconds(50), TimeProvider.System);
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(30);
        watched.Select(w => w.GaveUp).ShouldBe([true, false, false]);
        watched[1].Reading.ShouldNotBeNull();
        watched[2].Reading.ShouldNotBeNull();
        (fast.Disposed, slow.Disposed, stuck.Disposed).ShouldBe((1, 1, 0));
        release.Set();
        SpinWait.SpinUntil(() => stuck.Disposed == 1, TimeSpan.FromSeconds(30)).ShouldBeTrue(); // by its own thread
    }

    [Fact]
    public void A_driver_s_own_clock_is_not_its_sensor_s_period()
    {
        using SteppingSensor sensor = new();
        WatchedSensor watched = SensorWatch.Watch([sensor], Duration.FromSeconds(1), SensorWatch.Patience, sensor.Clock).Single();
        watched.ShouldBe(new(Duration.FromMilliseconds(40), 3000, Duration.FromMilliseconds(1), GaveUp: false));
    }

    /// <summary>A power that moves by multiples of 3 mW every 40 ms, and a driver's clock that is new at every reading. A reading takes 1 ms of the test's own time.</summary>
    private sealed class SteppingSensor : ISensor
    {
        public ReadingClock Clock { get; } = new();

        public IReadOnlyList<RecordedStream> Streams { get; } =
        [
            new("gpu-0", StreamKind.Power, "fake", Quality.Simulated, Duration.Zero),
            new("gpu-0-driver-time", StreamKind.Context, "fake", Quality.Simulated, Duration.Zero),
        ];

        public bool MayBlock => false;

        public void Read(Span<long> values, Span<ReadStatus> statuses)
        {
            Clock.Milliseconds++;
            long step = Clock.Milliseconds / 40;
            values[0] = 3000 * step * step;
            values[1] = Clock.Milliseconds;
            statuses.Clear();
        }

        public void Dispose()
        {
        }
    }

    private sealed class ReadingClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
