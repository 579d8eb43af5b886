using System.Globalization;
using System.Text;

namespace Smaragdine.Formats.Files;

/// <summary>Foreign text as a message may show it: shortened, and nothing in it that a terminal would obey.</summary>
public static class Excerpt
{
    /// <summary>Characters after which text is cut and `…` stands for the rest.</summary>
    public const int DefaultLength = 80;

    /// <summary>Bytes as UTF-8; what is no UTF-8 shows as U+FFFD.</summary>
    public static string Of(ReadOnlySpan<byte> utf8, int maxLength = DefaultLength)
    {
        int most = Math.Min(utf8.Length, maxLength * 4);
        string text = Encoding.UTF8.GetString(utf8[..most]);
        return Of(most < utf8.Length ? text + " " : text, maxLength);
    }

    /// <summary>Text with control and formatting characters written as `\u{1B}`.</summary>
    public static string Of(string text, int maxLength = DefaultLength)
    {
        StringBuilder shown = new();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (count++ == maxLength)
            {
                return shown.Append('…').ToString();
            }

            // Format characters (bidirectional overrides, zero width) change what a reader sees as much as control characters do.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                shown.Append("\\u{").Append(rune.Value.ToString("X")).Append('}');
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }
}
