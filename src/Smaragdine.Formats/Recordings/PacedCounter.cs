namespace Smaragdine.Formats.Recordings;

/// <summary>A cumulative figure at known times, asked for at others: it progresses evenly between its samples.</summary>
internal sealed class PacedCounter
{
    private readonly List<(long Time, double Value)> samples = [];

    public double Last => samples.Count == 0 ? 0 : samples[^1].Value;

    public int Count => samples.Count;

    public void Add(long time, double value) => samples.Add((time, value));

    /// <summary>Orders the samples; of several at one time the largest stays, for the figure is cumulative.</summary>
    public void Sort()
    {
        samples.Sort();
        int kept = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            if (i + 1 == samples.Count || samples[i + 1].Time != samples[i].Time)
            {
                samples[kept++] = samples[i];
            }
        }

        samples.RemoveRange(kept, samples.Count - kept);
    }

    /// <summary>
    /// The figure at a time; samples sorted. Before the first and after the last it stands still for at most <paramref name="reach"/>; null beyond.
    /// </summary>
    public double? At(long time, long reach)
    {
        if (samples.Count == 0 || time < samples[0].Time - reach || time > samples[^1].Time + reach)
        {
            return null;
        }

        int low = 0;
        int high = samples.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (samples[middle].Time < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == samples.Count)
        {
            return samples[^1].Value;
        }

        (long Time, double Value) after = samples[low];
        if (low == 0 || after.Time == time)
        {
            return after.Value;
        }

        (long Time, double Value) before = samples[low - 1];
        return before.Value + ((after.Value - before.Value) * ((double)(time - before.Time) / (after.Time - before.Time)));
    }
}
