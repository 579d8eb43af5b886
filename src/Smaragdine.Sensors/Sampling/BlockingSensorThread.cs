using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sampling;

/// <summary>A sensor that may block, on a thread of its own: what it reads goes to the sampling thread by a ring.</summary>
internal sealed class BlockingSensorThread
{
    private const long LongestSleepNs = 50_000_000;

    /// <summary>The clock's own sleep, which nothing interrupts, is for the last stretch: events wake by the millisecond.</summary>
    private const long LastStretchNs = 3_000_000;

    private readonly SensorReader reader;
    private readonly ISamplingClock clock;
    private readonly RecordedSample[] batch;
    private readonly Thread thread;
    private readonly object gate = new();
    private volatile bool stopping;

    public BlockingSensorThread(SensorReader reader, ISamplingClock clock, string name)
    {
        this.reader = reader;
        this.clock = clock;
        batch = new RecordedSample[reader.StreamCount];
        // Room for at least 64 readings: the sampling thread fetches them every tick.
        Ring = new(int.Max(1024, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(64 * reader.StreamCount))));
        // In the background: one that hangs in a driver must not keep the program from ending.
        thread = new(Run, maxStackSize: 512 * 1024) { IsBackground = true, Name = name };
    }

    public SampleRing Ring { get; }

    public void Start() => thread.Start();

    /// <summary>Instead of <see cref="Start"/>: disposes of the sensor.</summary>
    public void Discard() => reader.Close(SensorEnd.Alive);

    /// <summary>Wakes it where it sleeps: the end of a recording waits for no period.</summary>
    public void RequestStop()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for its last reading; false where it hangs in one.</summary>
    public bool Join(TimeSpan most) => thread.Join(most);

    /// <summary>Its figures; while it hangs, those it had so far.</summary>
    public SensorStatistics Statistics(bool stuck) => reader.Statistics(Ring.Dropped, stuck);

    private void Run()
    {
        clock.PrepareThread();
        Read();
        long next = ((clock.MonotonicNs() / reader.PeriodNs) + 1) * reader.PeriodNs;
        while (!stopping && !reader.Closed)
        {
            long wait = next - clock.MonotonicNs();
            if (wait > LastStretchNs)
            {
                Doze(wait - (LastStretchNs / 2));
                continue;
            }

            if (wait > 0)
            {
                clock.SleepUntil(next);
                continue;
            }

            Read();
            long following = ((clock.MonotonicNs() / reader.PeriodNs) + 1) * reader.PeriodNs;
            reader.PassOver(((following - next) / reader.PeriodNs) - 1);
            next = following;
        }

        if (!reader.Closed)
        {
            Read();
            reader.Close(SensorEnd.Alive);
        }
    }

    private void Doze(long nanoseconds)
    {
        lock (gate)
        {
            if (!stopping)
            {
                Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Min(nanoseconds, LongestSleepNs) / 1_000_000));
            }
        }
    }

    private void Read() => Ring.Add(batch.AsSpan(0, reader.Read(batch)));
}
