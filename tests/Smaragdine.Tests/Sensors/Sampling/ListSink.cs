using Smaragdine.Recordings;

namespace Smaragdine.Tests.Sensors.Sampling;

/// <summary>Keeps everything, or only counts.</summary>
internal sealed class ListSink(bool keep = true) : IRecordingSink
{
    public List<RecordedSample> Samples { get; } = [];

    public List<(long Monotonic, long Unix)> Pairs { get; } = [];

    public HashSet<int> Threads { get; } = [];

    public long Count { get; private set; }

    public long PairCount { get; private set; }

    public Func<bool> Accept { get; set; } = () => true;

    public bool Append(ReadOnlySpan<RecordedSample> samples)
    {
        Count += samples.Length;
        if (keep)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            foreach (RecordedSample sample in samples)
            {
                Samples.Add(sample);
            }
        }

        return Accept();
    }

    public void Clock(long monotonicNs, long unixNs)
    {
        PairCount++;
        if (keep)
        {
            Pairs.Add((monotonicNs, unixNs));
        }
    }
}
