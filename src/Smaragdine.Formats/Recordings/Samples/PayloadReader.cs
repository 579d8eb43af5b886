namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Takes numbers off a frame's payload; where it ends too soon or a number is too long, <see cref="Failed"/> says so.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> rest = payload;

    public bool Failed { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => rest;

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
        {
            byte b = rest[0];
            rest = rest[1..];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    public long Signed() => SampleFormat.UnZigZag(Varint());

    /// <summary>A varint that counts or numbers things.</summary>
    public int Count()
    {
        ulong value = Varint();
        Failed |= value > int.MaxValue;
        return Failed ? 0 : (int)value;
    }
}
