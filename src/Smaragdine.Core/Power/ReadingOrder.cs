using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>What counters and power readings have in common: their order in time, and how far back one reading reaches.</summary>
internal static class ReadingOrder
{
    /// <summary>How many median intervals a reading stands for at most.</summary>
    public const int ReachInIntervals = 3;

    /// <summary>Sorts by time (stable), keeps the last of several at one instant, and warns where the clock went back.</summary>
    public static void Sort<T>(List<T> readings, Func<T, long> time, string name, Action<Warning> warn)
    {
        int back = 0;
        long first = 0;
        for (int i = 1; i < readings.Count; i++)
        {
            if (time(readings[i]) < time(readings[i - 1]))
            {
                first = back++ == 0 ? time(readings[i]) : first;
            }
        }

        if (back > 0)
        {
            warn(new("clock-went-back",
                $"{name}: time goes back {(back == 1 ? "once" : $"{back} times")} between readings (first to {Instant.FromUnixNanoseconds(first)}); they were sorted. Several runs in one log, or a clock that was set?"));
            List<T> sorted = [.. readings.OrderBy(time)];
            readings.Clear();
            readings.AddRange(sorted);
        }

        int kept = 0;
        for (int i = 0; i < readings.Count; i++)
        {
            if (i + 1 < readings.Count && time(readings[i + 1]) == time(readings[i]))
            {
                continue;
            }

            readings[kept++] = readings[i];
        }

        readings.RemoveRange(kept, readings.Count - kept);
    }

    /// <summary>No limit: half of what an Int64 holds, so that a time less this still is one.</summary>
    private const long Unlimited = long.MaxValue / 2;

    /// <summary>Three median intervals, in ns; readings sorted. Unlimited where there are fewer than two.</summary>
    public static long Reach<T>(List<T> readings, Func<T, long> time) =>
        MedianInterval(readings, time) is { } median && median < Unlimited / ReachInIntervals ? median * ReachInIntervals : Unlimited;

    /// <summary>The median time between readings, ns; null where there are fewer than two.</summary>
    public static long? MedianInterval<T>(List<T> readings, Func<T, long> time)
    {
        if (readings.Count < 2)
        {
            return null;
        }

        long[] intervals = new long[readings.Count - 1];
        for (int i = 1; i < readings.Count; i++)
        {
            intervals[i - 1] = time(readings[i]) - time(readings[i - 1]);
        }

        Array.Sort(intervals);
        return intervals[intervals.Length / 2];
    }
}
