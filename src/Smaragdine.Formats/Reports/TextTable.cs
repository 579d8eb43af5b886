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

    /// <summary>These are never left out.</summary>
    private const int LeastColumns = 3;
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    /// <summary>Writes header and rows; where it is too narrow, bars, columns and notes go, and labels are shortened in their middle.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="title">Heading of the label column.</param>
    /// <param name="headings">Headings of the others; those of a text column begin with `&lt;` and are left aligned.</param>
    /// <param name="rows">The lines.</param>
    /// <param name="style">How.</param>
    /// <param name="leastLabel">The label column is not squeezed below this for the sake of others.</param>
    public static void Write(TextWriter output, string title, IReadOnlyList<string> headings, IReadOnlyList<TextRow> rows, TextStyle style, int leastLabel = 24)
    {
        int[] widths = [.. headings.Select((h, i) => rows.Select(r => r.Cells[i].Length).Append(h.TrimStart('<').Length).Max())];
        int longest = rows.Select(r => r.Label.Length).Append(title.Length).Max();
        int least = Math.Min(longest, leastLabel);
        int notes = rows.Select(r => r.Note.Length).Max() is > 0 and int note ? note + 2 : 0;
        bool bars = style.Bars && rows.Any(r => r.Share is not null);
        int columns = headings.Count;
        int Needed() => 2 + least + widths.Take(columns).Sum(w => w + 2) + (bars ? BarWidth + 2 : 0) + notes;

        // What goes first where it is narrow: bars, notes, columns from the right.
        bars &= Needed() <= style.Width;
        notes = Needed() <= style.Width ? notes : 0;
        while (columns > LeastColumns && Needed() > style.Width)
        {
            columns--;
        }

        string[] left = [.. headings.Skip(columns)];
        headings = [.. headings.Take(columns)];
        int labels = Math.Max(8, Math.Min(longest, style.Width - (Needed() - least)));
        output.WriteLine(style.Dim(Line(title, headings.Select(h => h.TrimStart('<')).ToList(), headings, widths, labels).TrimEnd()));
        foreach (TextRow row in rows)
        {
            string line = Line(row.Label, [.. row.Cells.Take(columns)], headings, widths, labels);
            if (row.Share is { } share && bars)
            {
                string bar = Bar(share);
                line = row.Note.Length > 0 && notes > 0
                    ? $"{line}  {style.Green(bar.PadRight(BarWidth))}  {style.Dim(row.Note)}"
                    : $"{line}  {style.Green(bar)}";
            }
            else if (row.Note.Length > 0 && notes > 0)
            {
                line = $"{line}  {style.Dim(row.Note)}";
            }

            output.WriteLine(line.TrimEnd());
        }

        if (left.Length > 0)
        {
            output.WriteLine(style.Dim($"  (too narrow for {string.Join(", ", left.Select(h => h.TrimStart('<')))})"));
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
