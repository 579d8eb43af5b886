using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Samples of one stream on their way into a frame: each as its difference to the one before, the first to zero.</summary>
internal sealed class StreamBlock(int stream)
{
    private readonly ByteBuffer body = new(4096);
    private long time;
    private long value;
    private long dropped;

    public int Count { get; private set; }

    /// <summary>Samples of the stream that were refused or could not be written.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Any thread.</summary>
    public void AddDropped(long samples) => Interlocked.Add(ref dropped, samples);

    public int Length => body.Length;

    public void Add(in RecordedSample sample)
    {
        // Differences wrap around, so that any two Int64 have one.
        body.Signed(unchecked(sample.MonotonicNs - time));
        body.Varint((uint)sample.ReadNs);
        body.Signed(unchecked(sample.Value - value));
        time = sample.MonotonicNs;
        value = sample.Value;
        Count++;
    }

    /// <summary>Appends the frame and begins anew.</summary>
    public void Flush(ByteBuffer frames)
    {
        if (Count == 0)
        {
            return;
        }

        int start = frames.BeginFrame(FrameKind.Samples);
        frames.Varint((uint)stream);
        frames.Varint((uint)Count);
        frames.Bytes(body.Span);
        frames.EndFrame(start);
        body.Clear();
        Count = 0;
        time = 0;
        value = 0;
    }
}
