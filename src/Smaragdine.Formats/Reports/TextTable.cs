using System.Text;

namespace Smaragdine.Formats.Reports;

/// <summary>How text is drawn: colour and bars only on a terminal.</summary>
/// <param name="Color">Use ANSI colours.</param>
/// <param name="Bars">Draw bars behind the figures.</param>
/// <param name="Width">Columns to fit into.</param>
public sealed record TextStyle(bool Color, bool Bars, int Width)
{
    /// <summary>For a pipe.</summary>
    public static TextStyle Plain { get; } = new(Color: false, Bars: false, 100);

    public string Dim(string text) => Color ? $"\x1b[2m{text}\x1b[0m" : text;

    public string Yellow(string text) => Color ? $"\x1b[33m{text}\x1b[0m" : text;

    public string Green(string text) => Color ? $"\x1b[32m{text}\x1b[0m" : text;
}

/// <summary>One line of a table.</summary>
/// <param name="Label">The first column, left aligned; already safe for a terminal.</param>
/// <param name="Cells">The other columns.</param>
/// <param name="Share">Length of the bar, 0 to 1; null for none.</param>
/// <param name="Note">After the bar.</param>
public sealed record TextRow(string Label, IReadOnlyList<string> Cells, double? Share = null, string Note = "");

/// <summary>A table with a label column and right-aligned figures.</summary>
public static class TextTable
{
    private const int BarWidth = 10;
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    /// <summary>Writes header and rows; a label is shortened in its middle until the line fits.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="title">Heading of the label column.</param>
    /// <param name="headings">Headings of the others; those of a text column begin with `&lt;` and are left aligned.</param>
    /// <param name="rows">The lines.</param>
    /// <param name="style">How.</param>
    public static void Write(TextWriter output, string title, IReadOnlyList<string> headings, IReadOnlyList<TextRow> rows, TextStyle style)
    {
        int[] widths = [.. headings.Select((h, i) => rows.Select(r => r.Cells[i].Length).Append(h.TrimStart('<').Length).Max())];
        bool bars = style.Bars && rows.Any(r => r.Share is not null);
        int figures = widths.Sum(w => w + 2) + (bars ? BarWidth + 2 : 0);
        int labels = Math.Max(12, Math.Min(rows.Select(r => r.Label.Length).Append(title.Length).Max(), style.Width - 2 - figures));
        output.WriteLine(style.Dim(Line(title, headings.Select(h => h.TrimStart('<')).ToList(), headings, widths, labels).TrimEnd()));
        foreach (TextRow row in rows)
        {
            string line = Line(row.Label, row.Cells, headings, widths, labels);
            if (row.Share is { } share && bars)
            {
                string bar = Bar(share);
                line = row.Note.Length > 0
                    ? $"{line}  {style.Green(bar.PadRight(BarWidth))}  {style.Dim(row.Note)}"
                    : $"{line}  {style.Green(bar)}";
            }
            else if (row.Note.Length > 0)
            {
                line = $"{line}  {style.Dim(row.Note)}";
            }

            output.WriteLine(line.TrimEnd());
        }
    }

    private static string Line(string label, IReadOnlyList<string> cells, IReadOnlyList<string> headings, int[] widths, int labels)
    {
        StringBuilder line = new("  ");
        line.Append(Printable.Fit(label, labels).PadRight(labels));
        for (int i = 0; i < cells.Count; i++)
        {
            line.Append("  ").Append(headings[i].StartsWith('<') ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]));
        }

        return line.ToString();
    }

    private static string Bar(double share)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth * 8);
        string bar = new('█', eighths / 8);
        return eighths % 8 == 0 ? bar : bar + Eighths[eighths % 8];
    }
}
