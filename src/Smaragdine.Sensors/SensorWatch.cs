using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>Reads one sensor again and again, to find how often it has a new value, in what steps, and how long a reading takes.</summary>
public sealed class SensorWatch
{
    /// <summary>A sensor that may block is waited for so long after the watch is over.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(2);

    private readonly ISensor sensor;
    private readonly TimeProvider clock;
    private readonly UpdateWatch[] streams;
    private readonly bool[] counted;
    private readonly long[] values;
    private readonly ReadStatus[] statuses;
    private readonly List<long> readings = [];

    private SensorWatch(ISensor sensor, TimeProvider clock)
    {
        this.sensor = sensor;
        this.clock = clock;
        streams = [.. sensor.Streams.Select(_ => new UpdateWatch())];

        // A driver's own clock beside its power is new at every reading.
        counted = [.. sensor.Streams.Select(s => s.Kind is StreamKind.Energy or StreamKind.Power)];
        values = new long[streams.Length];
        statuses = new ReadStatus[streams.Length];
    }

    /// <summary>
    /// Watches sensors and disposes of them: those that answer at once in turn on this thread, each of the others on a thread of its own. One that does not
    /// come back is left behind after <paramref name="time"/> and <paramref name="patience"/>; its thread disposes of it should it ever return.
    /// </summary>
    /// <param name="sensors">Open sensors.</param>
    /// <param name="time">How long to watch.</param>
    /// <param name="patience">How much longer to wait for one that may block.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>In the order of the sensors.</returns>
    public static IReadOnlyList<WatchedSensor> Watch(IReadOnlyList<ISensor> sensors, Duration time, Duration patience, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        SensorWatch[] watches = [.. sensors.Select(s => new SensorWatch(s, clock))];
        Thread?[] threads = [.. watches.Select(w => w.sensor.MayBlock ? new Thread(() => w.Run(start, time)) { IsBackground = true, Name = "sensor watch" } : null)];
        foreach (Thread? thread in threads)
        {
            thread?.Start();
        }

        SensorWatch[] fast = [.. watches.Where(w => !w.sensor.MayBlock)];
        while (fast.Length > 0 && !IsOver(clock, start, time))
        {
            foreach (SensorWatch watch in fast)
            {
                watch.Read(start);
            }
        }

        foreach (SensorWatch watch in fast)
        {
            watch.sensor.Dispose();
        }

        return [.. watches.Zip(threads, (watch, thread) => thread is null || thread.Join(Left(clock, start, time + patience)) ? watch.Result() : WatchedSensor.Unanswered)];
    }

    private static bool IsOver(TimeProvider clock, long start, Duration time) => clock.GetElapsedTime(start).TotalSeconds >= time.TotalSeconds;

    private static TimeSpan Left(TimeProvider clock, long start, Duration time)
    {
        double seconds = time.TotalSeconds - clock.GetElapsedTime(start).TotalSeconds;
        return TimeSpan.FromSeconds(Math.Max(0, seconds));
    }

    private void Run(long start, Duration time)
    {
        try
        {
            do
            {
                Read(start);

                // A driver that is asked without a pause has no time for its own work.
                Thread.Sleep(1);
            }
            while (!IsOver(clock, start, time));
            sensor.Dispose();
        }
        catch (Exception)
        {
            // Sensors do not throw by contract; an exception that leaves a thread would end the program. What was read until then counts.
        }
    }

    private void Read(long start)
    {
        long before = clock.GetElapsedTime(start).Ticks;
        sensor.Read(values, statuses);
        long after = clock.GetElapsedTime(start).Ticks;
        readings.Add((after - before) * TimeSpan.NanosecondsPerTick);
        for (int i = 0; i < streams.Length; i++)
        {
            if (counted[i] && statuses[i] is ReadStatus.Value)
            {
                streams[i].See(after * TimeSpan.NanosecondsPerTick, values[i]);
            }
        }
    }

    /// <summary>Of a sensor with several streams: the fastest of them, and the finest.</summary>
    private WatchedSensor Result() => new(
        streams.Select(s => s.Period).Where(p => p is not null).DefaultIfEmpty(null).Min(),
        streams.Select(s => s.Step).Where(s => s is not null).DefaultIfEmpty(null).Min(),
        readings.Count == 0 ? null : Duration.FromNanoseconds(UpdateWatch.Median([.. readings])),
        GaveUp: false);
}
