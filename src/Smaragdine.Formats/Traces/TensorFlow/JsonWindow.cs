using System.Buffers;
using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>The part of a stream that is being read: a buffer that moves on, and grows where one event does not fit.</summary>
internal sealed class JsonWindow(BoundedStream stream, int size = 1 << 18) : IDisposable
{
    /// <summary>The longest event (and so the longest token) that is read: 64 MB.</summary>
    public const int MaxEvent = 64_000_000;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
    private int start;
    private int end;
    private long lines;

    public BoundedStream Stream => stream;

    /// <summary>The bytes at hand. They may be overwritten to mend what no JSON reader takes.</summary>
    public Span<byte> Bytes => buffer.AsSpan(start, end - start);

    /// <summary>Where <see cref="Bytes"/> begins in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The line, from 1, of a byte of <see cref="Bytes"/>.</summary>
    public long LineOf(int index) => 1 + lines + Bytes[..Math.Min(index, Bytes.Length)].Count((byte)'\n');

    /// <summary>Lets the first bytes go.</summary>
    public void Discard(int count)
    {
        lines += Bytes[..count].Count((byte)'\n');
        start += count;
        Offset += count;
    }

    /// <summary>Reads on; false at the end.</summary>
    /// <exception cref="RefusedInputException">what is at hand has grown beyond <see cref="MaxEvent"/>.</exception>
    public bool More()
    {
        if (end - start > MaxEvent)
        {
            throw new RefusedInputException(
                $"{stream.Name}: the event at byte {Offset:N0} is longer than {MaxEvent / 1_000_000} MB: this is no TensorFlow timeline");
        }

        if (start > 0)
        {
            Bytes.CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        // To the brim: gzip gives little at a time, and an event is read again from its start after each refill.
        int read = stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
        end += read;
        return read > 0;
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            start = end = 0;
        }
    }
}
