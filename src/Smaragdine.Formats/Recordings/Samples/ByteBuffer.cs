using System.Buffers.Binary;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Bytes that grow and are used again: once it is as large as it needs to be, nothing is allocated.</summary>
internal sealed class ByteBuffer(int capacity = 256)
{
    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>Seven bits a byte, the lowest first; the top bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Signed(long value) => Varint(SampleFormat.ZigZag(value));

    /// <summary>Begins a frame; returns where, for <see cref="EndFrame"/>.</summary>
    public int BeginFrame(FrameKind kind)
    {
        int start = Length;
        Room(SampleFormat.FrameHeadBytes);
        Byte((byte)kind);
        return start;
    }

    /// <summary>Fills in length and checksum.</summary>
    public void EndFrame(int start)
    {
        Span<byte> frame = bytes.AsSpan(start, Length - start);
        Span<byte> payload = frame[SampleFormat.FrameHeadBytes..];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        // The length is part of what is summed: a flipped bit in it is found even where it points at another frame's end.
        uint crc = SampleFormat.Crc32C(SampleFormat.Crc32C(0, frame[..4]), payload);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], crc);
    }

    private Span<byte> Room(int count)
    {
        if (Length + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }

        Span<byte> room = bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
