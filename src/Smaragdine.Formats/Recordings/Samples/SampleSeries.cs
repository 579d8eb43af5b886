using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>The samples of one stream as a recording holds them, in the order in which they were appended.</summary>
public sealed class SampleSeries(RecordedStream stream)
{
    private readonly List<long> times = [];
    private readonly List<long> values = [];
    private readonly List<int> readNs = [];

    public RecordedStream Stream => stream;

    public int Count => times.Count;

    /// <summary>Monotonic clock just before each was read, ns.</summary>
    public IReadOnlyList<long> Times => times;

    /// <summary>In the stream's unit.</summary>
    public IReadOnlyList<long> Values => values;

    /// <summary>How long reading took, ns.</summary>
    public IReadOnlyList<int> ReadNs => readNs;

    /// <summary>Bytes of the file that it takes, frames included.</summary>
    public long Bytes { get; internal set; }

    /// <summary>What the sampler told of it; null where the recording ended before it could.</summary>
    public StreamStatistics? Statistics { get; internal set; }

    /// <summary>A sample's moment on the monotonic clock: the middle of its reading, since the value is of some time within.</summary>
    public long Moment(int index) => unchecked(times[index] + (Math.Max(0, readNs[index]) / 2));

    internal void Add(long time, long value, int read)
    {
        times.Add(time);
        values.Add(value);
        readNs.Add(read);
    }

    /// <summary>Forgets what comes after this many: a frame that turned out damaged.</summary>
    internal void CutTo(int count)
    {
        times.RemoveRange(count, times.Count - count);
        values.RemoveRange(count, values.Count - count);
        readNs.RemoveRange(count, readNs.Count - count);
    }

    /// <summary>How regularly it was sampled; null below two samples.</summary>
    public SamplingRegularity? Regularity() => SamplingRegularity.Of(this);
}
