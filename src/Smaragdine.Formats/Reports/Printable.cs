using System.Globalization;
using System.Text;

namespace Smaragdine.Formats.Reports;

/// <summary>Makes foreign text safe for a terminal: control characters and those that reorder text are written as escapes.</summary>
public static class Printable
{
    public static string Text(string text)
    {
        bool clean = true;
        foreach (char c in text)
        {
            clean &= !MustEscape(c);
        }

        if (clean)
        {
            return text;
        }

        StringBuilder safe = new(text.Length + 16);
        foreach (char c in text)
        {
            if (MustEscape(c))
            {
                safe.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                safe.Append(c);
            }
        }

        return safe.ToString();
    }

    /// <summary>At most <paramref name="width"/> characters; what is too long loses its middle.</summary>
    public static string Fit(string text, int width)
    {
        if (text.Length > width * 8)
        {
            text = string.Concat(text.AsSpan(0, width * 2), text.AsSpan(text.Length - (width * 2)));
        }

        text = Text(text);
        if (text.Length <= width || width < 2)
        {
            return text;
        }

        int tail = (width - 1) * 2 / 3;
        return string.Concat(text.AsSpan(0, width - 1 - tail), "…", text.AsSpan(text.Length - tail));
    }

    private static bool MustEscape(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate;
}
