using System.Buffers;
using System.Text.Json;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>What came of an attempt to mend.</summary>
internal enum Mended
{
    /// <summary>Nothing that is known to be mendable.</summary>
    No,

    /// <summary>An empty string stands in place of `NaN`, `Infinity` or `-Infinity`.</summary>
    Number,

    /// <summary>A string's raw control characters are spaces now.</summary>
    Text,

    /// <summary>It might be mendable, but its end is not at hand.</summary>
    NeedsMore,
}

/// <summary>
/// Mends, in the buffer and without moving a byte, what programs write although it is no JSON: Python's NaN and Infinity, and control
/// characters that were not escaped.
/// </summary>
internal static class JsonMending
{
    /// <summary>Where the reader stopped understanding: the end of the last whole token after <paramref name="reader"/>'s.</summary>
    public static int LastGood(Utf8JsonReader reader)
    {
        int good = (int)reader.BytesConsumed;
        try
        {
            while (reader.Read())
            {
                good = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // this is the place that was sought
        }

        return good;
    }

    /// <summary>Mends the token that begins at or after <paramref name="good"/>.</summary>
    public static Mended Mend(Span<byte> bytes, int good)
    {
        int at = good + bytes[good..].IndexOfAnyExcept(BetweenTokens);
        if (at < good)
        {
            return Mended.NeedsMore;
        }

        Span<byte> token = bytes[at..];
        if (token[0] == '"')
        {
            return MendString(token[1..]);
        }

        foreach (byte[] literal in Literals)
        {
            if (token.StartsWith(literal))
            {
                token[..literal.Length].Fill((byte)' ');
                token[0] = token[1] = (byte)'"';
                return Mended.Number;
            }

            if (literal.AsSpan().StartsWith(token))
            {
                return Mended.NeedsMore;
            }
        }

        return Mended.No;
    }

    private static readonly SearchValues<byte> BetweenTokens = SearchValues.Create(" \t\r\n,:"u8);

    private static readonly byte[][] Literals = ["NaN"u8.ToArray(), "Infinity"u8.ToArray(), "-Infinity"u8.ToArray()];

    private static Mended MendString(Span<byte> text)
    {
        bool mended = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return mended ? Mended.Text : Mended.No;
            }

            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] < 0x20)
            {
                text[i] = (byte)' ';
                mended = true;
            }
        }

        return mended ? Mended.Text : Mended.NeedsMore;
    }
}
