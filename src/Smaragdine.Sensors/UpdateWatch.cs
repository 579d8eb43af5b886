using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>Finds how often a sensor has a new value by watching it: the median time between changes.</summary>
public sealed class UpdateWatch
{
    private readonly List<long> changes = [];
    private long? last;

    /// <summary>Readings seen.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a reading at a moment of the monotonic clock, ns.</summary>
    public void See(long monotonicNs, long value)
    {
        Count++;
        if (last is { } before && before != value)
        {
            changes.Add(monotonicNs);
        }

        last = value;
    }

    /// <summary>The update period; null with fewer than three changes, which tell nothing (a machine at rest, a constant).</summary>
    public Duration? Period
    {
        get
        {
            if (changes.Count < 3)
            {
                return null;
            }

            long[] intervals = new long[changes.Count - 1];
            for (int i = 1; i < changes.Count; i++)
            {
                intervals[i - 1] = changes[i] - changes[i - 1];
            }

            Array.Sort(intervals);
            return Duration.FromNanoseconds(intervals[intervals.Length / 2]);
        }
    }

    /// <summary>Reads sensors in turn until the time is over, as fast as they answer.</summary>
    /// <param name="sensors">Open sensors.</param>
    /// <param name="time">How long to watch.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>For each sensor the update period of its fastest stream; null where it did not tell.</returns>
    public static IReadOnlyList<Duration?> Watch(IReadOnlyList<ISensor> sensors, Duration time, TimeProvider clock)
    {
        UpdateWatch[][] watches = [.. sensors.Select(s => s.Streams.Select(_ => new UpdateWatch()).ToArray())];
        long[] values = new long[sensors.Select(s => s.Streams.Count).DefaultIfEmpty(0).Max()];
        ReadStatus[] statuses = new ReadStatus[values.Length];
        long start = clock.GetTimestamp();
        while (sensors.Count > 0 && clock.GetElapsedTime(start).TotalSeconds < time.TotalSeconds)
        {
            for (int i = 0; i < sensors.Count; i++)
            {
                int count = watches[i].Length;
                sensors[i].Read(values.AsSpan(0, count), statuses.AsSpan(0, count));
                long now = clock.GetElapsedTime(start).Ticks * 100;
                for (int k = 0; k < count; k++)
                {
                    if (statuses[k] is ReadStatus.Value)
                    {
                        watches[i][k].See(now, values[k]);
                    }
                }
            }
        }

        return [.. watches.Select(w => w.Select(x => x.Period).Where(p => p is not null).DefaultIfEmpty(null).Min())];
    }
}
