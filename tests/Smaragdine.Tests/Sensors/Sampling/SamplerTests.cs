using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Sampling;

[Collection(Alone.Name)]
public class SamplerTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private static void Until(Func<bool> condition) => SpinWait.SpinUntil(() =>
    {
        Thread.Sleep(1);
        return condition();
    }, Most).ShouldBeTrue();

    [LinuxFact]
    public void Sampler_reads_until_it_is_stopped_and_disposes_of_its_sensors()
    {
        ListSink sink = new();
        FakeSensor fast = new("fast", 1);
        FakeSensor slow = new("slow", 2, mayBlock: true, streams: 2);
        using Sampler sampler = new([fast, slow], sink, MonotonicClock.Instance);
        sampler.Start();
        Until(() => fast.Reads > 50 && slow.Reads > 20);
        SamplerStatistics statistics = sampler.Stop();

        sampler.Stop().ShouldBeSameAs(statistics);
        sampler.Streams.Select(s => s.Name).ShouldBe(["fast-0", "slow-0", "slow-1"]);
        (fast.Disposed, slow.Disposed).ShouldBe((1, 1));
        sink.Threads.Count.ShouldBe(1); // the sink need not be thread safe
        sink.Samples.Count(s => s.Stream == 0).ShouldBe(fast.Reads);
        sink.Samples.Count(s => s.Stream == 1).ShouldBe(slow.Reads);
        sink.Samples.Count(s => s.Stream == 2).ShouldBe(slow.Reads);
        sink.Pairs.Count.ShouldBeGreaterThanOrEqualTo(2);
        statistics.Sensors.Select(s => (s.Name, s.End, s.Reads)).ShouldBe(
            [("fast-0", SensorEnd.Alive, fast.Reads), ("slow-0", SensorEnd.Alive, slow.Reads)]);
        sink.Samples.GroupBy(s => s.Stream).ShouldAllBe(g => g.Zip(g.Skip(1)).All(p => p.First.MonotonicNs <= p.Second.MonotonicNs));
    }

    [LinuxFact]
    public void Blocking_sensor_delays_no_other_and_is_left_behind_if_it_hangs()
    {
        using ManualResetEventSlim release = new();
        ListSink sink = new();
        FakeSensor fast = new("fast", 1);
        FakeSensor stuck = new("stuck", 1, (s, _) => release.Wait(Most), mayBlock: true);
        using Sampler sampler = new([stuck, fast], sink, MonotonicClock.Instance);
        sampler.Start();
        Until(() => fast.Reads > 100);
        SamplerStatistics statistics = sampler.Stop();

        stuck.Reads.ShouldBe(1);
        stuck.Disposed.ShouldBe(0);
        statistics.Sensors[0].End.ShouldBe(SensorEnd.Stuck);
        statistics.Sensors[1].End.ShouldBe(SensorEnd.Alive);
        release.Set();
        Until(() => stuck.Disposed == 1); // by its own thread, once it comes back
    }

    [LinuxFact]
    public void A_sensor_that_may_block_sleeps_so_that_the_end_of_the_recording_wakes_it()
    {
        int thread = 0;
        WatchedClock clock = new();
        FakeSensor slow = new("slow", 20, (_, _) => Volatile.Write(ref thread, Environment.CurrentManagedThreadId), mayBlock: true);
        using Sampler sampler = new([slow], new ListSink(), clock);
        sampler.Start();
        Until(() => slow.Reads > 5);
        sampler.Stop();

        // Nothing interrupts the clock's own sleep, which keeps time to some µs: only the last stretch before a reading is left to it.
        clock.Sleeps.Where(s => s.Thread == thread).ShouldAllBe(s => s.Nanoseconds < 5_000_000);
    }

    [LinuxFact]
    public void Sink_that_throws_is_reported_at_the_end()
    {
        FakeSensor sensor = new("a", 1);
        ListSink sink = new() { Accept = () => throw new InvalidOperationException("disk") };
        using Sampler sampler = new([sensor], sink, MonotonicClock.Instance);
        sampler.Start();
        Should.Throw<IOException>(() => sampler.Stop()).InnerException!.Message.ShouldBe("disk");
        sensor.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Sampler_that_never_started_disposes_of_its_sensors()
    {
        FakeSensor fast = new("fast", 1);
        FakeSensor slow = new("slow", 1, mayBlock: true);
        new Sampler([fast, slow], new ListSink(), new FakeClock()).Dispose();
        (fast.Disposed, slow.Disposed).ShouldBe((1, 1));
    }

    [LinuxFact]
    public void Sampling_thread_does_not_allocate()
    {
        AllocationSensor witness = new();
        ProgramTimeSensor program = ProgramTimeSensor.Open(SystemRoot.Real, Environment.ProcessId, Duration.FromMilliseconds(1), startedHere: false);
        BusyTimeSensor busy = BusyTimeSensor.Open(SystemRoot.Real, Duration.FromMilliseconds(1));
        using Sampler sampler = new([witness, program, busy], new ListSink(keep: false), MonotonicClock.Instance);
        sampler.Start();
        Until(() => witness.Reads > 400);
        sampler.Stop();

        // The first reads are the warm-up: the runtime compiles the methods, lists find their size.
        witness.AllocatedAfterWarmUp.ShouldBe(0);
    }

    /// <summary>The real clock; remembers who slept by it, and how long it was to be.</summary>
    private sealed class WatchedClock : ISamplingClock
    {
        public System.Collections.Concurrent.ConcurrentBag<(int Thread, long Nanoseconds)> Sleeps { get; } = [];

        public long MonotonicNs() => MonotonicClock.Instance.MonotonicNs();

        public long UnixNs() => MonotonicClock.Instance.UnixNs();

        public long ThreadCpuNs() => MonotonicClock.Instance.ThreadCpuNs();

        public void SleepUntil(long monotonicNs)
        {
            Sleeps.Add((Environment.CurrentManagedThreadId, monotonicNs - MonotonicNs()));
            MonotonicClock.Instance.SleepUntil(monotonicNs);
        }

        public void PrepareThread() => MonotonicClock.Instance.PrepareThread();
    }

    /// <summary>Sees what its thread allocated between its readings.</summary>
    private sealed class AllocationSensor : ISensor
    {
        private long atWarm;
        private int reads;

        public int Reads => Volatile.Read(ref reads);

        public long AllocatedAfterWarmUp { get; private set; }

        public IReadOnlyList<RecordedStream> Streams { get; } =
            [new("witness", StreamKind.Context, "fake", Quality.Simulated, Duration.FromMilliseconds(1))];

        public bool MayBlock => false;

        public void Read(Span<long> values, Span<ReadStatus> statuses)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (Reads == 200)
            {
                atWarm = now;
            }
            else if (Reads > 200)
            {
                AllocatedAfterWarmUp = now - atWarm;
            }

            values[0] = now;
            statuses[0] = ReadStatus.Value;
            Interlocked.Increment(ref reads);
        }

        public void Dispose()
        {
        }
    }
}
