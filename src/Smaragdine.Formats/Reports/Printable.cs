using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.Reports;

/// <summary>Makes foreign text safe for a terminal: control characters and those that reorder text are written as escapes.</summary>
public static class Printable
{
    public static string Text(string text) => Excerpt.Escape(text);

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
}
