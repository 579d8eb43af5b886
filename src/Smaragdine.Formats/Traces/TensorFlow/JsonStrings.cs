using System.Text;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>JSON's escapes undone, into bytes; half a surrogate pair becomes U+FFFD instead of an exception.</summary>
internal static class JsonStrings
{
    /// <summary>Writes the text of an escaped string (without its quotes); never longer than it. Returns how many bytes.</summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> text)
    {
        int written = 0;
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\' || i + 1 == escaped.Length)
            {
                text[written++] = escaped[i];
                continue;
            }

            byte kind = escaped[++i];
            if (kind != 'u')
            {
                text[written++] = kind switch
                {
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'n' => 10,
                    (byte)'r' => 13,
                    (byte)'t' => 9,
                    _ => kind,
                };
                continue;
            }

            int unit = Hex(escaped, i + 1);
            i += 4;
            int low = char.IsHighSurrogate((char)unit) && escaped[(i + 1)..].StartsWith("\\u"u8) ? Hex(escaped, i + 3) : 0;
            Rune rune;
            if (char.IsLowSurrogate((char)low))
            {
                rune = new((char)unit, (char)low);
                i += 6;
            }
            else
            {
                rune = Rune.TryCreate((char)unit, out Rune single) ? single : Rune.ReplacementChar;
            }

            written += rune.EncodeToUtf8(text[written..]);
        }

        return written;
    }

    private static int Hex(ReadOnlySpan<byte> text, int at) =>
        at + 4 <= text.Length && ushort.TryParse(text.Slice(at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit)
            ? unit
            : 0xFFFD;
}
