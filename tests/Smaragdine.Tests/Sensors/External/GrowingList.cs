using Smaragdine.Recordings;

namespace Smaragdine.Tests.Sensors.External;

/// <summary>Keeps streams and samples.</summary>
internal sealed class GrowingList : IGrowingSink
{
    private readonly Lock gate = new();
    private readonly List<RecordedStream> streams = [];
    private readonly List<RecordedSample> samples = [];

    public RecordedStream[] Streams
    {
        get
        {
            lock (gate)
            {
                return [.. streams];
            }
        }
    }

    public RecordedSample[] Of(string name)
    {
        lock (gate)
        {
            int index = streams.FindIndex(s => s.Name == name);
            return [.. samples.Where(s => s.Stream == index)];
        }
    }

    public int AddStreams(IReadOnlyList<RecordedStream> added)
    {
        lock (gate)
        {
            streams.AddRange(added);
            return streams.Count - added.Count;
        }
    }

    public bool Append(ReadOnlySpan<RecordedSample> batch)
    {
        lock (gate)
        {
            foreach (RecordedSample sample in batch)
            {
                samples.Add(sample);
            }
        }

        return true;
    }

    public void Clock(long monotonicNs, long unixNs)
    {
    }
}
