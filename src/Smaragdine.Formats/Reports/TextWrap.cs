namespace Smaragdine.Formats.Reports;

/// <summary>Breaks text into lines.</summary>
public static class TextWrap
{
    /// <summary>Lines of at most <paramref name="width"/> characters, broken at spaces; a word longer than a line is broken within.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        int start = 0;
        while (text.Length - start > width)
        {
            int space = text.LastIndexOf(' ', start + width, width);
            int end = space > start ? space : start + width;
            yield return text[start..end];
            start = space > start ? end + 1 : end;
        }

        yield return text[start..];
    }
}
