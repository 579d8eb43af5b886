using System.Globalization;
using System.Text;

namespace Smaragdine.Formats.Files;

/// <summary>Foreign text as a message or a terminal may show it: shortened, and nothing in it that a terminal would obey.</summary>
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

    /// <summary>The beginning of a text, escaped.</summary>
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

            Append(shown, rune);
        }

        return shown.ToString();
    }

    /// <summary>A name in backticks: what is long loses its middle, since both of its ends tell it from others.</summary>
    public static string Name(string name)
    {
        const int Head = 50;
        const int Tail = 25;
        return $"`{Escape(name.Length <= DefaultLength ? name : $"{name[..Head]}…{name[^Tail..]}")}`";
    }

    /// <summary>All of a text, with control and formatting characters written as `\u{1B}`.</summary>
    public static string Escape(string text)
    {
        bool clean = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean &= !Obeyed(rune);
        }

        return clean ? text : Of(text, int.MaxValue);
    }

    private static void Append(StringBuilder shown, Rune rune)
    {
        if (Obeyed(rune))
        {
            shown.Append("\\u{").Append(rune.Value.ToString("X", CultureInfo.InvariantCulture)).Append('}');
        }
        else
        {
            shown.Append(rune);
        }
    }

    // Format characters (bidirectional overrides, zero width) change what a reader sees as much as control characters do.
    private static bool Obeyed(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
