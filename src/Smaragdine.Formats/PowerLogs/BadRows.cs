using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>Rows that could not be read: how many, and what the first of them was, told in one warning instead of thousands.</summary>
internal sealed class BadRows(string name)
{
    private string first = "";

    /// <summary>Rows that could be read.</summary>
    public long Good { get; set; }

    public long Count { get; private set; }

    /// <summary>Counts the current row.</summary>
    public void Add(CsvRows rows, string reason)
    {
        if (Count++ == 0)
        {
            first = $"line {rows.Line:N0}, `{Excerpt.Of(rows.Text)}`: {reason}";
        }
    }

    /// <summary>Warns where rows were left out, or the file was cut.</summary>
    /// <exception cref="RefusedInputException">no row could be read.</exception>
    public void Report(CsvRows rows, Action<Warning> warn)
    {
        if (Good == 0)
        {
            throw new RefusedInputException((Count, rows.Truncated) switch
            {
                (0, true) => $"{name}: the compressed file ends early or is damaged, before its first row",
                (0, false) => $"{name}: there is a header, but no row follows it",
                _ => $"{name}: none of its {Count:N0} rows can be used; {first}",
            });
        }

        if (Count > 0)
        {
            warn(new("bad-rows", $"{name}: {Count:N0} of {Good + Count:N0} rows cannot be used and were left out; the first is {first}"));
        }

        if (rows.Truncated)
        {
            warn(new("log-cut",
                $"{name}: the compressed file ends early or is damaged after {rows.Position:N0} unpacked bytes; the {Good:N0} rows before that are used", Incomplete: true));
        }
    }
}
