namespace Smaragdine.Formats.Files;

/// <summary>
/// A forward-only stream that refuses to give more than it was allowed to, and takes a gzip file that was cut off as an end:
/// <see cref="Truncated"/> then says so.
/// </summary>
public sealed class BoundedStream(Stream inner, string name, long maxBytes, bool gzip) : Stream
{
    private long given;

    /// <summary>What is read, for messages.</summary>
    public string Name => name;

    /// <summary>The compressed data ended early or is damaged: what was read before is whole.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Whether the bytes come out of gzip.</summary>
    public bool IsGzip => gzip;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes given so far.</summary>
    public override long Position
    {
        get => given;
        set => throw new NotSupportedException();
    }

    /// <exception cref="RefusedInputException">there are more bytes than allowed.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception e) when (gzip && e is InvalidDataException or EndOfStreamException)
        {
            Truncated = true;
            return 0;
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"{name}: cannot be read on from byte {given:N0}: {e.Message}", e);
        }

        given += count;
        if (given > maxBytes)
        {
            throw new RefusedInputException(
                $"{name}: more than {maxBytes:N0} bytes{(gzip ? " once unpacked" : "")}; reading stopped. If it is what it should be, allow more with `--max-size`.");
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
