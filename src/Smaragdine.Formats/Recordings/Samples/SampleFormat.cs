using System.Buffers.Binary;
using System.Numerics;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>What a frame holds: the first byte of its payload.</summary>
internal enum FrameKind : byte
{
    /// <summary>Definitions of streams, JSON.</summary>
    Streams = 1,

    /// <summary>Samples of one stream.</summary>
    Samples = 2,

    /// <summary>Pairs of monotonic and Unix time.</summary>
    Clock = 3,

    /// <summary>What went wrong while sampling, JSON; a later one replaces an earlier one.</summary>
    Statistics = 4,

    /// <summary>The recorder finished: nothing follows.</summary>
    End = 5,
}

/// <summary>The constants of `samples.smrg`; docs/recording-format.md.</summary>
internal static class SampleFormat
{
    public const string FileName = "samples.smrg";

    public const int HeaderBytes = 16;

    /// <summary>Length and checksum before a frame's payload.</summary>
    public const int FrameHeadBytes = 8;

    /// <summary>No frame is longer: a length beyond it is damage, found before memory is asked for.</summary>
    public const int MaxPayloadBytes = 16 << 20;

    public const ushort Major = 1;

    /// <summary>1: streams have a `unit`.</summary>
    public const ushort Minor = 1;

    /// <summary>As PNG's: not ASCII, and a transfer as text would change the line ends.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'S', (byte)'M', (byte)'R', (byte)'G', 0x0D, 0x0A, 0x1A];

    public static void WriteHeader(Span<byte> header)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Major);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], Minor);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C(0, header[..12]));
    }

    /// <summary>CRC-32C (Castagnoli), as RFC 3720 gives it; <paramref name="before"/> is the checksum of what precedes, 0 at the start.</summary>
    public static uint Crc32C(uint before, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~before;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    /// <summary>Small numbers of either sign to small numbers without one: 0, −1, 1, −2 → 0, 1, 2, 3.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
