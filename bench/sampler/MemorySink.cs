using Smaragdine.Recordings;

namespace Smaragdine.SamplerBenchmark;

/// <summary>Copies samples into memory that is there already, as cloop.c does.</summary>
internal sealed class MemorySink : IRecordingSink
{
    private readonly RecordedSample[] samples;
    private int count;

    public MemorySink(int capacity)
    {
        samples = new RecordedSample[capacity];
        samples.AsSpan().Fill(new(1, 1, 1, 1));
    }

    public bool Append(ReadOnlySpan<RecordedSample> batch)
    {
        if (batch.Length > samples.Length - count)
        {
            return false;
        }

        batch.CopyTo(samples.AsSpan(count));
        count += batch.Length;
        return true;
    }

    public void Clock(long monotonicNs, long unixNs)
    {
    }
}
