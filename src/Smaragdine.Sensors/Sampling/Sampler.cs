using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Sampling;

/// <summary>
/// Reads sensors again and again, each at its period, and gives what it reads to a sink. One thread reads all that answer at once; a sensor that may block
/// has its own. Only the one thread calls the sink.
/// </summary>
public sealed class Sampler : IDisposable
{
    /// <summary>Ticks at least this often, so that what blocking sensors read is fetched.</summary>
    private const long LongestTickNs = 50_000_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(30);

    private readonly List<SensorReader> fast = [];
    private readonly List<BlockingSensorThread> blocking = [];
    private readonly List<Func<bool, SensorStatistics>> statistics = [];
    private readonly List<BlockingSensorThread?> threadOf = [];
    private readonly TickLoop loop;
    private readonly Thread thread;
    private readonly ManualResetEventSlim begun = new();
    private volatile bool stopping;
    private Exception? failure;
    private SamplerStatistics? result;
    private bool started;

    /// <param name="sensors">Open sensors; the sampler disposes of them. A sensor is read at the shortest period of its streams.</param>
    /// <param name="sink">Takes samples, whose <see cref="RecordedSample.Stream"/> is <paramref name="firstStream"/> and an index of <see cref="Streams"/>.</param>
    /// <param name="clock">The clocks; <see cref="MonotonicClock.Instance"/> outside of tests.</param>
    /// <param name="firstStream">Number of its first stream in the sink, where another sampler writes to that too.</param>
    public Sampler(IReadOnlyList<ISensor> sensors, IRecordingSink sink, ISamplingClock clock, int firstStream = 0)
    {
        List<RecordedStream> streams = [];
        foreach (ISensor sensor in sensors)
        {
            SensorReader reader = new(sensor, firstStream + streams.Count, clock);
            streams.AddRange(sensor.Streams);
            if (sensor.MayBlock)
            {
                BlockingSensorThread own = new(reader, clock, $"sensor {(reader.StreamCount > 0 ? sensor.Streams[0].Name : "")}");
                blocking.Add(own);
                threadOf.Add(own);
                statistics.Add(own.Statistics);
            }
            else
            {
                fast.Add(reader);
                threadOf.Add(null);
                statistics.Add(_ => reader.Statistics(0, stuck: false));
            }
        }

        Streams = streams;
        loop = new(clock, sink, fast, [.. blocking.Select(b => b.Ring)], LongestTickNs);
        thread = new(Run) { IsBackground = true, Name = "sampler" };
    }

    /// <summary>All streams, in the order in which samples name them.</summary>
    public IReadOnlyList<RecordedStream> Streams { get; }

    /// <summary>Time between two ticks: the shortest period of a sensor that does not block, at most 50 ms.</summary>
    public Duration Tick => Duration.FromNanoseconds(loop.TickNs);

    /// <summary>Starts, and returns once every sensor that does not block was read for the first time (after a second at the latest).</summary>
    /// <exception cref="InvalidOperationException">it was started before.</exception>
    public void Start()
    {
        if (started)
        {
            throw new InvalidOperationException("a sampler starts once");
        }

        started = true;
        foreach (BlockingSensorThread own in blocking)
        {
            own.Start();
        }

        thread.Start();
        begun.Wait(LongestWait);
    }

    /// <summary>
    /// Reads everything once more, stops and disposes of the sensors. A sensor that does not come back within a second is left behind: it is
    /// <see cref="SensorEnd.Stuck"/>, and its thread disposes of it should it ever return. Again: the same statistics.
    /// </summary>
    /// <exception cref="IOException">the sink threw, and what came after is not recorded; or a sensor that should not block hangs.</exception>
    public SamplerStatistics Stop()
    {
        if (result is not null)
        {
            return result;
        }

        if (!started)
        {
            // Nobody else will.
            foreach (SensorReader reader in fast)
            {
                reader.Close(SensorEnd.Alive);
            }

            foreach (BlockingSensorThread own in blocking)
            {
                own.Discard();
            }

            return result = loop.Statistics([.. statistics.Select(s => s(false))]);
        }

        // These first: the sampling thread then fetches their last readings.
        foreach (BlockingSensorThread own in blocking)
        {
            own.RequestStop();
        }

        HashSet<BlockingSensorThread> stuck = [.. blocking.Where(b => !b.Join(LongestWait))];
        stopping = true;
        if (!thread.Join(LongestHang))
        {
            throw new IOException($"the sampling thread did not come back within {LongestHang.TotalSeconds} s: a sensor hangs");
        }

        result = loop.Statistics([.. statistics.Select((s, i) => s(threadOf[i] is { } own && stuck.Contains(own)))]);
        return failure is null ? result : throw new IOException("the recording could not be written", failure);
    }

    public void Dispose()
    {
        try
        {
            Stop();
        }
        catch (IOException)
        {
            // Whoever wants to know calls Stop.
        }

        begun.Dispose();
    }

    private void Run()
    {
        try
        {
            loop.Begin();
            begun.Set();
            while (!stopping)
            {
                loop.Step();
            }

            loop.End();
        }
        catch (Exception e)
        {
            // Only the sink can throw here; an exception that leaves a thread would end the program that is being recorded.
            failure = e;
            foreach (SensorReader reader in fast)
            {
                reader.Close(SensorEnd.Alive);
            }
        }
        finally
        {
            begun.Set();
        }
    }
}
