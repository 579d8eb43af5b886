using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sampling;

/// <summary>Samples on their way from the thread of one sensor to the sampling thread: one writer, one reader, no lock, of fixed size.</summary>
internal sealed class SampleRing
{
    private readonly RecordedSample[] samples;
    private long written;
    private long taken;
    private long dropped;

    /// <param name="capacity">A power of two.</param>
    public SampleRing(int capacity) => samples = new RecordedSample[capacity];

    /// <summary>Samples that found no room.</summary>
    public long Dropped => Volatile.Read(ref dropped);

    /// <summary>The writer's side.</summary>
    public void Add(ReadOnlySpan<RecordedSample> batch)
    {
        long at = written;
        if (samples.Length - (at - Volatile.Read(ref taken)) < batch.Length)
        {
            Volatile.Write(ref dropped, dropped + batch.Length);
            return;
        }

        foreach (RecordedSample sample in batch)
        {
            samples[at++ & (samples.Length - 1)] = sample;
        }

        Volatile.Write(ref written, at);
    }

    /// <summary>The reader's side: how many were moved.</summary>
    public int Take(Span<RecordedSample> into)
    {
        long at = taken;
        int count = (int)Math.Min(into.Length, Volatile.Read(ref written) - at);
        for (int i = 0; i < count; i++)
        {
            into[i] = samples[at++ & (samples.Length - 1)];
        }

        Volatile.Write(ref taken, at);
        return count;
    }
}
