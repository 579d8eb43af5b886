using System.Globalization;
using System.Text;
using Smaragdine.Activity;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>
/// Reads `activity.csv[.gz]`: `unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies`, all cumulative; docs/sensors/activity.md.
/// </summary>
public static class ActivityLogReader
{
    /// <summary>The wall clock may part from the monotonic one by this before it is said.</summary>
    private const long DriftNanoseconds = 50_000_000;

    private const string Header = "unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies";

    private static readonly string[] Names = Header.Split(',');

    private readonly record struct Row(long Unix, long Monotonic, long ProcessCpu, long Total, long Idle);

    /// <summary>Reads a log to its end.</summary>
    /// <param name="stream">The log, unpacked.</param>
    /// <param name="clockTicksPerSecond">Jiffies per second (`getconf CLK_TCK`; 100 on nearly every Linux).</param>
    /// <param name="warn">Takes warnings.</param>
    /// <returns>One timeline for the whole host.</returns>
    /// <exception cref="RefusedInputException">it is no such log, or fewer than two rows can be used.</exception>
    public static ActivityInput Read(BoundedStream stream, int clockTicksPerSecond, Action<Warning> warn)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockTicksPerSecond);
        CsvRows rows = new(stream);
        int[] columns = FindHeader(rows);
        BadRows bad = new(rows.Name);
        ActivitySeries series = new(socket: null);
        Row origin = default;
        Row first = default;
        Row last = default;
        double program = 0;
        double busy = 0;
        long capacityTicks = 0;
        long capacityTime = 0;
        int restarts = 0;
        int programBack = 0;
        long drift = 0;
        long driftLine = 0;
        while (rows.Read())
        {
            if (rows.Text.TrimStart(" \t"u8).StartsWith("#"u8))
            {
                continue;
            }

            if (Parse(rows, columns, bad.Good == 0, out Row row) is { } reason)
            {
                bad.Add(rows, reason);
                continue;
            }

            if (bad.Good++ == 0)
            {
                origin = first = row;
            }
            else if (row.Monotonic < last.Monotonic || row.Total < last.Total)
            {
                // Another boot or another run: neither clock nor counters go on from the row before.
                restarts++;
                origin = row;
            }
            else
            {
                capacityTicks += row.Total - last.Total;
                capacityTime += row.Monotonic - last.Monotonic;
                programBack += row.ProcessCpu < last.ProcessCpu ? 1 : 0;
                program += Math.Max(0, row.ProcessCpu - last.ProcessCpu) / 1e9;
                busy += Math.Max(0, row.Total - last.Total - (row.Idle - last.Idle)) / (double)clockTicksPerSecond;
            }

            long apart = row.Unix - origin.Unix - (row.Monotonic - origin.Monotonic);
            if (Math.Abs(apart) > Math.Abs(drift))
            {
                drift = apart;
                driftLine = rows.Line;
            }

            long time = origin.Unix + (row.Monotonic - origin.Monotonic);
            series.Add(Instant.FromUnixNanoseconds(time), program, busy);
            last = row;
        }

        bad.Report(rows, warn);
        if (bad.Good < 2 || capacityTime <= 0)
        {
            throw new RefusedInputException($"{rows.Name}: {bad.Good:N0} usable row(s), first at {Instant.FromUnixNanoseconds(first.Unix)}; rates need two at different times");
        }

        if (Math.Abs(drift) > DriftNanoseconds)
        {
            warn(new("clock-stepped",
                $"{rows.Name}: the wall clock parts from the monotonic clock by {drift / 1e6:0.#} ms (line {driftLine:N0}): it was set, or the machine slept. Times are the monotonic clock's, counted from the first row."));
        }

        if (restarts > 0)
        {
            warn(new("clock-went-back",
                $"{rows.Name}: the monotonic clock or `host_total_jiffies` goes back {restarts:N0} time(s): several runs in one log? Each is counted by itself."));
        }

        if (programBack > 0)
        {
            warn(new("process-cpu-went-back",
                $"{rows.Name}: `process_cpu_ns` goes back {programBack:N0} time(s), as a sum over threads does when one ends; the program counts as idle in such an interval"));
        }

        double cpus = capacityTicks / (double)clockTicksPerSecond / (capacityTime / 1e9);
        int capacity = (int)Math.Clamp(Math.Round(cpus), 1, 1 << 20);
        return new([series.ToTimeline(capacity, warn)], capacity);
    }

    private static int[] FindHeader(CsvRows rows)
    {
        while (rows.Read())
        {
            if (rows.Text.TrimStart(" \t"u8).StartsWith("#"u8))
            {
                continue;
            }

            List<string> columns = [];
            for (int i = 0; i < rows.Count && i < 100; i++)
            {
                columns.Add(Encoding.UTF8.GetString(rows[i]));
            }

            int[] found = Array.ConvertAll(Names, n => columns.IndexOf(n));
            int missing = Array.IndexOf(found, -1);
            return missing < 0
                ? found
                : throw new RefusedInputException($"{rows.Name}, line {rows.Line:N0}: `{Excerpt.Of(rows.Text)}` has no column `{Names[missing]}`; expected the header `{Header}`");
        }

        throw new RefusedInputException(rows.Truncated
            ? $"{rows.Name}: the compressed file ends early or is damaged, before its header line"
            : $"{rows.Name}: no header line; expected `{Header}`");
    }

    private static string? Parse(CsvRows rows, int[] columns, bool first, out Row row)
    {
        row = default;
        if (rows.TooLong)
        {
            return $"the line is longer than {CsvRows.MaxLineBytes:N0} bytes";
        }

        if (UnixNanoseconds.Read(rows[columns[0]], Names[0], out long unix, out bool wrongUnit) is { } wrong)
        {
            return first && wrongUnit ? throw new RefusedInputException($"{rows.Name}, line {rows.Line:N0}: {wrong}") : wrong;
        }

        Span<long> numbers = stackalloc long[Names.Length];
        for (int i = 1; i < Names.Length; i++)
        {
            // Below 2^62, so that differences cannot overflow.
            if (!long.TryParse(rows[columns[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > long.MaxValue / 2)
            {
                return $"`{Names[i]}` is `{Excerpt.Of(rows[columns[i]], 40)}`, expected a whole number, not negative";
            }
        }

        if (numbers[4] > numbers[3])
        {
            return $"`host_idle_jiffies` is {numbers[4]}, above `host_total_jiffies` of {numbers[3]}";
        }

        row = new(unix, numbers[1], numbers[2], numbers[3], numbers[4]);
        return null;
    }
}
