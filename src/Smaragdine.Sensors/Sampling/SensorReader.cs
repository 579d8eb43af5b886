using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sampling;

/// <summary>One sensor with its place in the recording: reads it, stamps and counts. Belongs to one thread.</summary>
internal sealed class SensorReader
{
    /// <summary>So often in a row may a sensor throw.</summary>
    private const int MostExceptions = 10;

    private readonly ISensor sensor;
    private readonly ISamplingClock clock;
    private readonly int firstStream;
    private readonly long[] values;
    private readonly ReadStatus[] statuses;
    private readonly bool[] gone;
    private readonly long[] missed;
    private long reads;
    private long given;
    private long passedOver;
    private long stalls;
    private long longest;
    private long exceptions;
    private int exceptionsInRow;
    private SensorEnd end;

    public SensorReader(ISensor sensor, int firstStream, ISamplingClock clock)
    {
        this.sensor = sensor;
        this.clock = clock;
        this.firstStream = firstStream;
        int count = sensor.Streams.Count;
        values = new long[count];
        statuses = new ReadStatus[count];
        gone = new bool[count];
        missed = new long[count];
        PeriodNs = count == 0 ? long.MaxValue : Math.Max(1, sensor.Streams.Min(s => s.Period.Nanoseconds));
    }

    public long PeriodNs { get; }

    public int StreamCount => values.Length;

    /// <summary>It will give nothing any more.</summary>
    public bool Closed { get; private set; }

    /// <summary>Reads it once.</summary>
    /// <param name="samples">Takes one for each stream at most.</param>
    /// <returns>How many there are.</returns>
    public int Read(Span<RecordedSample> samples)
    {
        statuses.AsSpan().Fill(ReadStatus.Missed);
        long before = clock.MonotonicNs();
        bool threw = !TryRead();
        long took = Math.Max(0, clock.MonotonicNs() - before);
        reads++;
        longest = Math.Max(longest, took);
        if (took > PeriodNs)
        {
            stalls++;
        }

        int count = 0;
        bool any = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (gone[i])
            {
                continue;
            }

            if (statuses[i] == ReadStatus.Gone)
            {
                gone[i] = true;
                continue;
            }

            any = true;
            if (statuses[i] == ReadStatus.Value && !threw)
            {
                samples[count++] = new(before, values[i], firstStream + i, (int)Math.Min(took, int.MaxValue));
            }
            else
            {
                missed[i]++;
            }
        }

        given += count;
        if (!any)
        {
            Close(SensorEnd.Gone);
        }
        else if (exceptionsInRow >= MostExceptions)
        {
            Close(SensorEnd.Failed);
        }

        return count;
    }

    /// <summary>Counts readings that came too late to be taken at all.</summary>
    public void PassOver(long readings)
    {
        passedOver += readings;
        for (int i = 0; i < missed.Length; i++)
        {
            missed[i] += gone[i] ? 0 : readings;
        }
    }

    public void Close(SensorEnd how)
    {
        if (Closed)
        {
            return;
        }

        Closed = true;
        end = how;
        try
        {
            sensor.Dispose();
        }
        catch (Exception)
        {
            // What a sensor cannot tidy up must not cost the recording of the others.
            exceptions++;
        }
    }

    public SensorStatistics Statistics(long dropped, bool stuck) => new(
        sensor.Streams.Count > 0 ? sensor.Streams[0].Name : "",
        reads, given, [.. missed], passedOver, stalls, longest, exceptions, dropped, stuck ? SensorEnd.Stuck : end);

    private bool TryRead()
    {
        try
        {
            sensor.Read(values, statuses);
            exceptionsInRow = 0;
            return true;
        }
        catch (Exception)
        {
            // Sensors do not throw by contract; one that does loses this reading, and the others lose nothing.
            exceptions++;
            exceptionsInRow++;
            return false;
        }
    }
}
