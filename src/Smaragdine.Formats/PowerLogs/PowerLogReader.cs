using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Power;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>Reads a power log, ours or nvidia-smi's: which one is told by its header line. Formats: docs/sensors/power-log.md, nvidia-smi.md.</summary>
public static class PowerLogReader
{
    /// <summary>Reads a log to its end; memory holds its readings, not its text.</summary>
    /// <param name="stream">The log, unpacked.</param>
    /// <param name="options">What the log does not say itself.</param>
    /// <param name="warn">Takes warnings: rows left out, a cut file, clocks and counters that went back.</param>
    /// <returns>One entry for each domain, in the order in which they first appear; never empty.</returns>
    /// <exception cref="RefusedInputException">
    /// it is no power log, no row can be used, times are not Unix nanoseconds, or local times come without a zone.
    /// </exception>
    public static IReadOnlyList<DomainPower> Read(BoundedStream stream, PowerLogOptions options, Action<Warning> warn)
    {
        CsvRows rows = new(stream);
        PowerLogHead head = new();
        while (rows.Read())
        {
            if (head.TryTake(rows))
            {
                continue;
            }

            string[] columns = Columns(rows);
            if (NvidiaSmiLog.Recognises(columns))
            {
                return NvidiaSmiLog.Read(rows, columns, head, options, warn);
            }

            return DomainLog.Recognises(columns)
                ? DomainLog.Read(rows, columns, head, options, warn)
                : throw Unknown(rows);
        }

        throw new RefusedInputException(rows.Truncated
            ? $"{stream.Name}: the compressed file ends early or is damaged, before its header line"
            : $"{stream.Name}: no header line; {Expected}");
    }

    private const string Expected =
        "expected a CSV header with `unix_ns,domain,power_w`, `unix_ns,domain,energy_uj[,max_uj]`, or nvidia-smi's `timestamp, …, power.draw [W]`";

    private static string[] Columns(CsvRows rows)
    {
        // A header is short; a line of 64 KiB of commas is none, and would only make a long list.
        string[] columns = new string[Math.Min(rows.Count, 1000)];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Encoding.UTF8.GetString(rows[i]);
        }

        return columns;
    }

    private static RefusedInputException Unknown(CsvRows rows)
    {
        string where = $"{rows.Name}, line {rows.Line:N0}: `{Excerpt.Of(rows.Text)}`";
        for (int i = 0; i < rows.Count; i++)
        {
            if (LocalClock.TryParse(rows[i], out _))
            {
                return new($"{where} looks like nvidia-smi's data without its header, so its columns are not known; log again without `noheader` (`--format=csv`), or put the header line back");
            }
        }

        if (UnixNanoseconds.Read(rows[0], "unix_ns", out _, out bool wrongUnit) is null || wrongUnit)
        {
            return new($"{where} is data, and no header says what its columns are; {Expected}");
        }

        return new($"{where} is no power log's header; {Expected}");
    }
}
