using Smaragdine.Units;

namespace Smaragdine.Activity;

/// <summary>
/// Cumulative on-CPU times as they were sampled, for one socket or the whole host: the program's and that of all processes,
/// both in nanoseconds of CPU time.
/// </summary>
/// <remarks>
/// Jiffies move in steps of 10 ms: a rate is taken over a window of at least <see cref="SmoothingWindow"/> around each sampling interval,
/// within a stretch without gaps. A stretch ends where the next sample is more than three median intervals, and more than the smoothing
/// window, away; the rate within such a gap is unknown: it stays uncovered.
/// </remarks>
public sealed class ActivitySeries(int? socket)
{
    /// <summary>Jiffies are smoothed over at least this.</summary>
    public static readonly Duration SmoothingWindow = Duration.FromMilliseconds(100);

    private readonly List<Sample> samples = [];

    private readonly record struct Sample(long Time, double Program, double All);

    /// <summary>The socket; null for the whole host.</summary>
    public int? Socket => socket;

    public int Count => samples.Count;

    /// <summary>Adds a sample: cumulative CPU seconds since any fixed moment.</summary>
    public void Add(Instant time, double programSeconds, double busySeconds) =>
        samples.Add(new(time.UnixNanoseconds, programSeconds, busySeconds));

    /// <summary>Rates over time.</summary>
    /// <param name="capacity">Logical CPUs of the socket or host.</param>
    /// <param name="warn">Takes warnings.</param>
    public ActivityTimeline ToTimeline(double capacity, Action<Warning> warn)
    {
        Power.ReadingOrder.Sort(samples, s => s.Time, "activity", warn);
        ActivityTimeline.Builder pieces = new(socket, capacity);
        // Rates are smoothed over the window anyway: a sampler that hesitates for less than it loses nothing.
        long gap = Math.Max(SmoothingWindow.Nanoseconds, Power.ReadingOrder.Reach(samples, s => s.Time));
        for (int first = 0; first < samples.Count;)
        {
            int last = first;
            while (last + 1 < samples.Count && samples[last + 1].Time - samples[last].Time <= gap)
            {
                last++;
            }

            AddStretch(pieces, first, last);
            first = last + 1;
        }

        return pieces.Build();
    }

    private void AddStretch(ActivityTimeline.Builder pieces, int first, int last)
    {
        long begin = samples[first].Time;
        long end = samples[last].Time;
        int low = first;
        int high = first;
        for (int i = first; i < last; i++)
        {
            long start = samples[i].Time;
            long stop = samples[i + 1].Time;
            long missing = Math.Max(0, SmoothingWindow.Nanoseconds - (stop - start));
            long from = start - (missing / 2);
            long to = stop + (missing - (missing / 2));
            if (from < begin)
            {
                to = Math.Min(end, to + (begin - from));
                from = begin;
            }

            if (to > end)
            {
                from = Math.Max(begin, from - (to - end));
                to = end;
            }

            Sample a = At(from, ref low, last);
            Sample b = At(to, ref high, last);
            double seconds = (to - from) / 1e9;
            double program = (b.Program - a.Program) / seconds;
            double all = (b.All - a.All) / seconds;
            pieces.Add(start, stop, program, all - program);
        }
    }

    /// <summary>The cumulative times at a moment: even progress between samples, as for any counter.</summary>
    private Sample At(long time, ref int cursor, int last)
    {
        while (cursor + 1 < last && samples[cursor + 1].Time <= time)
        {
            cursor++;
        }

        Sample a = samples[cursor];
        Sample b = samples[cursor + 1];
        double share = (double)(time - a.Time) / (b.Time - a.Time);
        return new(time, a.Program + (share * (b.Program - a.Program)), a.All + (share * (b.All - a.All)));
    }
}
