using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sampling;

/// <summary>
/// What the sampling thread does, tick by tick, without the thread. Ticks are at whole multiples of the shortest period on the monotonic clock, so that
/// sensors of different periods are read at the same moments.
/// </summary>
internal sealed class TickLoop
{
    private const long ClockPairPeriodNs = 1_000_000_000;

    /// <summary>So long at most does the loop sleep without a look at whether it should stop.</summary>
    private const long LongestSleepNs = 50_000_000;

    private readonly ISamplingClock clock;
    private readonly IRecordingSink sink;
    private readonly SensorReader[] readers;
    private readonly long[] ticksPerRead;
    private readonly long[] dueTick;
    private readonly SampleRing[] rings;
    private readonly RecordedSample[] batch;
    private readonly LogHistogram lateness = new();
    private long nextTick;
    private long nextPairNs;
    private long missed;
    private long refused;
    private long cpuAtStart;
    private long cpuNs;

    /// <param name="clock">The clocks.</param>
    /// <param name="sink">Takes the samples; called by this loop only.</param>
    /// <param name="readers">Sensors that do not block.</param>
    /// <param name="rings">What the threads of the others read.</param>
    /// <param name="longestTickNs">Tick where no sensor asks for a shorter one.</param>
    public TickLoop(ISamplingClock clock, IRecordingSink sink, IReadOnlyList<SensorReader> readers, IReadOnlyList<SampleRing> rings, long longestTickNs)
    {
        this.clock = clock;
        this.sink = sink;
        this.readers = [.. readers];
        this.rings = [.. rings];
        TickNs = readers.Select(r => r.PeriodNs).Append(longestTickNs).Min();
        ticksPerRead = [.. readers.Select(r => Math.Max(1, (long)Math.Round((double)r.PeriodNs / TickNs)))];
        dueTick = new long[this.readers.Length];
        batch = new RecordedSample[Math.Max(256, this.readers.Sum(r => r.StreamCount))];
    }

    public long TickNs { get; }

    public long Ticks => lateness.Count;

    /// <summary>The first readings, before any tick: what is recorded begins here.</summary>
    public void Begin()
    {
        clock.PrepareThread();
        cpuAtStart = clock.ThreadCpuNs();
        PairClocks();
        ReadAll();
        long now = clock.MonotonicNs();
        nextTick = (now / TickNs) + 1;
        nextPairNs = now + ClockPairPeriodNs;
        for (int i = 0; i < dueTick.Length; i++)
        {
            dueTick[i] = NextDue(nextTick - 1, ticksPerRead[i]);
        }
    }

    /// <summary>Sleeps towards the next tick and takes it when its time has come.</summary>
    public void Step()
    {
        long deadline = nextTick * TickNs;
        long now = clock.MonotonicNs();
        if (now < deadline)
        {
            clock.SleepUntil(Math.Min(deadline, now + LongestSleepNs));
            now = clock.MonotonicNs();
            if (now < deadline)
            {
                return;
            }
        }

        long tick = now / TickNs;
        if (tick > nextTick)
        {
            // Too late for these; making up for them in a burst would only crowd out the next ones.
            missed += tick - nextTick;
        }

        lateness.Add(now - deadline);
        ReadDue(tick);
        TakeFromRings();
        if (now >= nextPairNs)
        {
            PairClocks();
            nextPairNs = now + ClockPairPeriodNs;
        }

        nextTick = tick + 1;
    }

    /// <summary>The last readings: what is recorded ends here.</summary>
    public void End()
    {
        ReadAll();
        TakeFromRings();
        PairClocks();
        cpuNs = clock.ThreadCpuNs() - cpuAtStart;
        foreach (SensorReader reader in readers)
        {
            reader.Close(SensorEnd.Alive);
        }
    }

    public SamplerStatistics Statistics(IReadOnlyList<SensorStatistics> sensors) => new(
        TickNs, lateness.Count, missed,
        new(lateness.Quantile(0.5), lateness.Quantile(0.99), lateness.Quantile(0.999), lateness.Largest),
        refused, cpuNs, sensors);

    private static long NextDue(long tick, long every) => ((tick / every) + 1) * every;

    private void ReadDue(long tick)
    {
        int count = 0;
        for (int i = 0; i < readers.Length; i++)
        {
            if (dueTick[i] <= tick && !readers[i].Closed)
            {
                count += readers[i].Read(batch.AsSpan(count));
                long next = NextDue(tick, ticksPerRead[i]);
                readers[i].PassOver(((next - dueTick[i]) / ticksPerRead[i]) - 1);
                dueTick[i] = next;
            }
        }

        Give(count);
    }

    private void ReadAll()
    {
        int count = 0;
        foreach (SensorReader reader in readers)
        {
            if (!reader.Closed)
            {
                count += reader.Read(batch.AsSpan(count));
            }
        }

        Give(count);
    }

    private void TakeFromRings()
    {
        foreach (SampleRing ring in rings)
        {
            for (int count = ring.Take(batch); count > 0; count = ring.Take(batch))
            {
                Give(count);
            }
        }
    }

    private void Give(int count)
    {
        if (count > 0 && !sink.Append(batch.AsSpan(0, count)))
        {
            refused++;
        }
    }

    /// <summary>The tightest of three: the thread may be interrupted between the two readings.</summary>
    private void PairClocks()
    {
        long best = long.MaxValue;
        long monotonic = 0;
        long unix = 0;
        for (int i = 0; i < 3; i++)
        {
            long before = clock.MonotonicNs();
            long wall = clock.UnixNs();
            long apart = clock.MonotonicNs() - before;
            if (apart < best)
            {
                best = apart;
                monotonic = before + (apart / 2);
                unix = wall;
            }
        }

        sink.Clock(monotonic, unix);
    }
}
