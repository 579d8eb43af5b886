using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>The last seconds of what sensors read, in memory; what is older is forgotten.</summary>
/// <remarks>A sampling thread may wait here while a look is taken, for the time of copying a few thousand samples: nobody keeps what this one misses.</remarks>
/// <param name="keep">How much of the past is kept.</param>
internal sealed class LiveSamples(Duration keep) : IGrowingSink
{
    private readonly Lock gate = new();
    private readonly List<(RecordedStream Stream, Queue<RecordedSample> Samples)> streams = [];
    private (long MonotonicNs, long UnixNs)? clock;

    public int AddStreams(IReadOnlyList<RecordedStream> added)
    {
        lock (gate)
        {
            streams.AddRange(added.Select(s => (s, new Queue<RecordedSample>())));
            return streams.Count - added.Count;
        }
    }

    public bool Append(ReadOnlySpan<RecordedSample> samples)
    {
        lock (gate)
        {
            foreach (RecordedSample sample in samples)
            {
                Queue<RecordedSample> queue = streams[sample.Stream].Samples;
                queue.Enqueue(sample);
                while (queue.Peek().MonotonicNs < sample.MonotonicNs - keep.Nanoseconds)
                {
                    queue.Dequeue();
                }
            }
        }

        return true;
    }

    public void Clock(long monotonicNs, long unixNs)
    {
        lock (gate)
        {
            // The first holds for ever: a wall clock that is set meanwhile moves nothing.
            clock ??= (monotonicNs, unixNs);
        }
    }

    /// <summary>What there is now; null before the first reading of the clocks.</summary>
    public RecordedSamples? Look()
    {
        lock (gate)
        {
            return clock is { } pair ? RecordedSamples.Of("top", [.. streams.Select(s => s.Stream)], streams.SelectMany(s => s.Samples), pair) : null;
        }
    }
}
