using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>Power readings of one domain, each the sensor's average over the time before it.</summary>
/// <remarks>
/// A reading stands for the time since that domain's previous reading. Where most readings equal their predecessor
/// (the sensor is slower than the poll) or the update period U is told, a value first seen at c_i stands for (c_i − U, c_(i+1) − U].
/// Never for more than three median intervals (of updates, then) before it.
/// </remarks>
public sealed class PowerReadingSeries
{
    private readonly List<(long Time, double Watts)> readings = [];

    /// <summary>The sensor's update period, if the source or a profile tells it.</summary>
    public Duration? UpdatePeriod { get; set; }

    public int Count => readings.Count;

    /// <summary>Adds a reading.</summary>
    /// <exception cref="ArgumentException">the power is negative or not a number.</exception>
    public void Add(Instant time, Watts power)
    {
        if (!double.IsFinite(power.Value) || power.Value < 0)
        {
            throw new ArgumentException($"power must be finite and not negative, not {power}", nameof(power));
        }

        readings.Add((time.UnixNanoseconds, power.Value));
    }

    /// <summary>Power over time; sets <see cref="UpdatePeriod"/> where it was found from repeating readings.</summary>
    /// <param name="name">The domain, for the warnings.</param>
    /// <param name="warn">Takes warnings.</param>
    public PowerTimeline ToTimeline(string name, Action<Warning> warn)
    {
        ReadingOrder.Sort(readings, r => r.Time, name, warn);
        List<(long Time, double Watts)> changes = Changes();
        bool repeats = readings.Count > 2 && changes.Count - 1 < (readings.Count - 1) / 2.0;
        long? pollInterval = ReadingOrder.MedianInterval(readings, r => r.Time);
        if (UpdatePeriod is null && repeats)
        {
            UpdatePeriod = FindPeriod();
        }

        bool slow = UpdatePeriod is { } period && pollInterval is { } poll && (repeats || poll * 2 <= period.Nanoseconds);
        return slow ? Updates(UpdatePeriod!.Value.Nanoseconds) : Averages();
    }

    /// <summary>Each reading for the time since the one before.</summary>
    private PowerTimeline Averages()
    {
        long reach = ReadingOrder.Reach(readings, r => r.Time);
        PowerTimeline.Builder pieces = new();
        for (int i = 1; i < readings.Count; i++)
        {
            (long time, double watts) = readings[i];
            pieces.Add(Math.Max(readings[i - 1].Time, time - reach), time, watts);
        }

        return pieces.Build();
    }

    /// <summary>
    /// Each value from one update period before it was first seen to one before the next was seen. Readings that stop for longer
    /// than they may reach are a gap; what was seen last holds no longer than it must have held.
    /// </summary>
    private PowerTimeline Updates(long period)
    {
        long gap = Math.Max(period, ReadingOrder.Reach(readings, r => r.Time));
        PowerTimeline.Builder pieces = new();
        long covered = long.MinValue;
        long firstSeen = readings[0].Time;
        for (int i = 0; i < readings.Count; i++)
        {
            (long time, double watts) = readings[i];
            bool last = i + 1 == readings.Count || readings[i + 1].Time - time > gap;
            if (!last && readings[i + 1].Watts == watts)
            {
                continue;
            }

            long end = last ? Math.Max(firstSeen, time - period) : readings[i + 1].Time - period;
            pieces.Add(Math.Max(covered, firstSeen - period), end, watts);
            covered = Math.Max(covered, end);
            firstSeen = i + 1 < readings.Count ? readings[i + 1].Time : 0;
        }

        return pieces.Build();
    }

    /// <summary>
    /// The period from the times between changes; null where no two changes follow each other. A sensor cannot change faster than it
    /// updates, but at rest it repeats itself for many updates: the shortest times tell (the 5th percentile, for polls jitter), averaged over
    /// those that are of one period.
    /// </summary>
    private Duration? FindPeriod()
    {
        // A value that is new after a gap, or at the beginning, came up nobody knows when: only changes between two neighbouring polls count.
        long gap = ReadingOrder.Reach(readings, r => r.Time);
        List<long> times = [];
        long? change = null;
        for (int i = 1; i < readings.Count; i++)
        {
            if (readings[i].Time - readings[i - 1].Time > gap)
            {
                change = null;
            }
            else if (readings[i].Watts != readings[i - 1].Watts)
            {
                if (change is { } before)
                {
                    times.Add(readings[i].Time - before);
                }

                change = readings[i].Time;
            }
        }

        if (times.Count == 0)
        {
            return null;
        }

        times.Sort();
        long shortest = times[times.Count / 20];
        double mean = times.Where(t => t >= shortest / 2 && t <= shortest * 1.5).Average();
        return Duration.FromNanoseconds((long)Math.Round(mean));
    }

    private List<(long Time, double Watts)> Changes()
    {
        List<(long Time, double Watts)> changes = [];
        foreach ((long time, double watts) in readings)
        {
            if (changes.Count == 0 || changes[^1].Watts != watts)
            {
                changes.Add((time, watts));
            }
        }

        return changes;
    }
}
