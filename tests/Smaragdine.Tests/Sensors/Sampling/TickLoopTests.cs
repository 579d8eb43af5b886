using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Sampling;

namespace Smaragdine.Tests.Sensors.Sampling;

public class TickLoopTests
{
    private const long Ms = 1_000_000;
    private readonly FakeClock clock = new();

    private TickLoop Loop(IRecordingSink sink, params FakeSensor[] sensors)
    {
        List<SensorReader> readers = [];
        int first = 0;
        foreach (FakeSensor sensor in sensors)
        {
            readers.Add(new(sensor, first, clock));
            first += sensor.Streams.Count;
        }

        return new(clock, sink, readers, [], 50 * Ms);
    }

    private void RunFor(TickLoop loop, long ns)
    {
        long end = clock.Now + ns;
        while (clock.Now < end)
        {
            loop.Step();
        }
    }

    [Fact]
    public void Sensors_are_read_at_whole_multiples_of_their_periods()
    {
        ListSink sink = new();
        TickLoop loop = Loop(sink, new FakeSensor("fast", 4), new FakeSensor("slow", 20));
        loop.Begin();
        int first = sink.Samples.Count;
        RunFor(loop, 1000 * Ms);

        first.ShouldBe(2); // both at once, before any tick
        sink.Samples.Skip(first).Count(s => s.Stream == 0).ShouldBe(250);
        sink.Samples.Skip(first).Count(s => s.Stream == 1).ShouldBe(50);
        sink.Samples.Skip(first).ShouldAllBe(s => s.MonotonicNs % (s.Stream == 0 ? 4 * Ms : 20 * Ms) == 0);
        loop.Statistics([]).MissedTicks.ShouldBe(0);
    }

    [Fact]
    public void Step_after_a_long_read_counts_missed_ticks_and_does_not_make_up_for_them()
    {
        ListSink sink = new();
        FakeSensor slow = new("slow", 10, (s, _) => clock.Now += s.Reads == 5 ? 2000 * Ms : 0);
        TickLoop loop = Loop(sink, slow, new FakeSensor("other", 10));
        loop.Begin();
        RunFor(loop, 3000 * Ms);

        SamplerStatistics statistics = loop.Statistics([]);
        statistics.MissedTicks.ShouldBe(199);
        (statistics.Ticks + statistics.MissedTicks).ShouldBe(300);
        long[] times = [.. sink.Samples.Where(s => s.Stream == 1).Select(s => s.MonotonicNs)];
        times.Zip(times.Skip(1)).Count(p => p.Second - p.First < 10 * Ms).ShouldBeLessThanOrEqualTo(1); // no burst
        sink.Samples.Single(s => s.ReadNs > Ms).ReadNs.ShouldBe((int)(2000 * Ms));
    }

    [Fact]
    public void Lateness_is_what_the_sleeper_overslept()
    {
        clock.Oversleep = 70_000;
        TickLoop loop = Loop(new ListSink(), new FakeSensor("a", 1));
        loop.Begin();
        RunFor(loop, 1000 * Ms);

        LatenessStatistics lateness = loop.Statistics([]).Lateness;
        lateness.MaxNs.ShouldBe(70_000);
        lateness.P50Ns.ShouldBeInRange(70_000, 78_750);
        lateness.P999Ns.ShouldBe(70_000);
    }

    [Fact]
    public void Clock_pairs_come_at_start_each_second_and_at_the_end()
    {
        ListSink sink = new();
        TickLoop loop = Loop(sink, new FakeSensor("a", 10));
        loop.Begin();
        RunFor(loop, 10_000 * Ms);
        loop.End();

        sink.Pairs.Count.ShouldBeInRange(11, 12);
        sink.Pairs.ShouldAllBe(p => p.Unix - p.Monotonic == 1_700_000_000_000_000_000);
        sink.Pairs[^1].Monotonic.ShouldBe(clock.Now);
    }

    [Fact]
    public void A_day_does_not_grow_or_drift()
    {
        ListSink sink = new(keep: false);
        FakeSensor sensor = new("a", 10);
        FakeSensor idle = new("b", 1000);
        TickLoop loop = Loop(sink, sensor, idle);
        loop.Begin();
        RunFor(loop, 60_000 * Ms);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunFor(loop, 24L * 3600 * 1000 * Ms);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
        loop.Ticks.ShouldBe(8_640_000 + 6_000);
        sensor.Reads.ShouldBe(8_640_000 + 6_000 + 1);
        idle.Reads.ShouldBe(86_400 + 60 + 1);
        loop.Statistics([]).MissedTicks.ShouldBe(0);
        sink.PairCount.ShouldBeInRange(86_000, 86_500);
    }

    [Fact]
    public void Gone_stream_is_left_out_and_a_sensor_without_streams_left_is_closed()
    {
        ListSink sink = new();
        FakeSensor sensor = new("a", 10, (s, statuses) =>
        {
            statuses[0] = s.Reads >= 3 ? ReadStatus.Gone : ReadStatus.Value;
            statuses[1] = s.Reads >= 6 ? ReadStatus.Gone : s.Reads == 4 ? ReadStatus.Missed : ReadStatus.Value;
        }, streams: 2);
        SensorReader reader = new(sensor, 0, clock);
        TickLoop loop = new(clock, sink, [reader], [], 50 * Ms);
        loop.Begin();
        RunFor(loop, 200 * Ms);
        loop.End();

        sensor.Reads.ShouldBe(6);
        sensor.Disposed.ShouldBe(1);
        sink.Samples.Count(s => s.Stream == 0).ShouldBe(2);
        sink.Samples.Count(s => s.Stream == 1).ShouldBe(4);
        SensorStatistics statistics = reader.Statistics(0, false);
        (statistics.End, statistics.Values).ShouldBe((SensorEnd.Gone, 6L));
        statistics.Missed.ShouldBe([0L, 1L]);
    }

    [Fact]
    public void Sensor_that_throws_loses_its_reading_and_is_closed_after_ten_in_a_row()
    {
        ListSink sink = new();
        FakeSensor bad = new("bad", 10, (s, _) => throw new InvalidOperationException("no"));
        FakeSensor moody = new("moody", 10, (s, _) =>
        {
            if (s.Reads % 2 == 0)
            {
                throw new IOException("no");
            }
        });
        FakeSensor odd = new("odd", 10, (_, statuses) => statuses[0] = (ReadStatus)77);
        SensorReader[] readers = [new(bad, 0, clock), new(moody, 1, clock), new(odd, 2, clock)];
        TickLoop loop = new(clock, sink, readers, [], 50 * Ms);
        loop.Begin();
        RunFor(loop, 1000 * Ms);

        bad.Reads.ShouldBe(10);
        readers[0].Statistics(0, false).End.ShouldBe(SensorEnd.Failed);
        moody.Reads.ShouldBe(101);
        sink.Samples.ShouldAllBe(s => s.Stream == 1);
        sink.Samples.Count.ShouldBe(51);
        readers[2].Statistics(0, false).Missed.ShouldBe([101L]);
    }

    [Fact]
    public void Sink_that_is_full_is_counted_and_the_rest_goes_on()
    {
        ListSink sink = new() { Accept = () => false };
        TickLoop loop = Loop(sink, new FakeSensor("a", 10));
        loop.Begin();
        RunFor(loop, 100 * Ms);

        loop.Statistics([]).RefusedBatches.ShouldBe(11);
    }

    [Fact]
    public void Period_that_is_no_multiple_of_the_tick_is_rounded_to_one()
    {
        ListSink sink = new();
        FakeSensor odd = new("odd", 7);
        TickLoop loop = Loop(sink, new FakeSensor("a", 4), odd);
        loop.Begin();
        RunFor(loop, 800 * Ms);

        odd.Reads.ShouldBe(101); // every second tick: 8 ms
    }
}
