using System.Globalization;
using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>nvidia-smi's CSV (`--query-gpu=timestamp,index,uuid,power.draw --format=csv -lms 100`), units in the header, in the values, or nowhere.</summary>
internal static class NvidiaSmiLog
{
    /// <summary>What gives power, the one that looks least far back first.</summary>
    private static readonly string[] PowerColumns = ["power.draw.instant", "power.draw", "power.draw.average"];

    /// <summary>The names of one GPU, the one that says most first.</summary>
    private static readonly string[][] Keys = [["index"], ["uuid", "gpu_uuid"], ["pci.bus_id", "gpu_bus_id"]];

    private const int MaxGpus = 1000;

    private sealed class Gpu(int index, string? id)
    {
        public int Index => index;

        public string? Id => id;

        public PowerReadingSeries[] Series { get; } = [new(), new(), new()];

        public long Missing { get; set; }

        public string FirstMissing { get; set; } = "";
    }

    public static bool Recognises(string[] columns) =>
        Array.Exists(columns, c => Name(c) == "timestamp" || Name(c).StartsWith("power.draw", StringComparison.Ordinal));

    public static IReadOnlyList<DomainPower> Read(CsvRows rows, string[] columns, PowerLogHead head, PowerLogOptions options, Action<Warning> warn)
    {
        string[] names = Array.ConvertAll(columns, Name);
        int time = Array.IndexOf(names, "timestamp");
        int[] power = Array.ConvertAll(PowerColumns, p => Array.IndexOf(names, p));
        CheckColumns(rows, columns, time, power);
        if (options.TimeZone is null)
        {
            throw new RefusedInputException(
                $"{rows.Name}: nvidia-smi writes local time without saying which; say it with `--time-zone Europe/Berlin` (or `+01:00`, or `UTC`)");
        }

        int index = Array.IndexOf(names, "index");
        int id = Array.FindIndex(names, n => Keys[1].Contains(n));
        id = id < 0 ? Array.FindIndex(names, n => Keys[2].Contains(n)) : id;
        int key = index >= 0 ? index : id;
        LocalClock clock = new(options.TimeZone, rows.Name);
        Dictionary<string, Gpu> gpus = [];
        BadRows bad = new(rows.Name);
        byte[] header = rows.Text.ToArray();
        List<long> intervals = [];
        long previous = long.MinValue;
        while (rows.Read())
        {
            if (head.TryTake(rows) || rows.Text.SequenceEqual(header))
            {
                continue;
            }

            if (Row(rows) is { } reason)
            {
                bad.Add(rows, reason);
            }
            else
            {
                bad.Good++;
            }
        }

        bad.Report(rows, warn);
        clock.Report(warn);
        if (key < 0)
        {
            CheckSingle(rows.Name, intervals, warn);
        }

        return Timelines(gpus.Values, rows.Name, head, options, warn);

        string? Row(CsvRows row)
        {
            if (row.TooLong)
            {
                return $"the line is longer than {CsvRows.MaxLineBytes:N0} bytes";
            }

            if (row.Count < columns.Length)
            {
                return $"{row.Count} fields where the header has {columns.Length}";
            }

            if (!LocalClock.TryParse(row[time], out long local))
            {
                return $"`timestamp` is `{Excerpt.Of(row[time], 40)}`, expected yyyy/MM/dd HH:mm:ss.fff";
            }

            Span<double> watts = stackalloc double[PowerColumns.Length];
            bool any = false;
            int missing = -1;
            for (int i = 0; i < power.Length; i++)
            {
                watts[i] = double.NaN;
                if (power[i] < 0)
                {
                    continue;
                }

                ReadOnlySpan<byte> text = row[power[i]];
                if (NotGiven(text))
                {
                    missing = power[i];
                }
                else if (!TryWatts(text, out watts[i]))
                {
                    return $"`{PowerColumns[i]}` is `{Excerpt.Of(text, 40)}`, expected {WattsText.Expected}";
                }
                else
                {
                    any = true;
                }
            }

            if (GpuOf(row, out string? wrong) is not { } gpu)
            {
                return wrong;
            }

            long at = clock.ToUnix(local, row.Line);
            if (key < 0 && previous != long.MinValue)
            {
                intervals.Add(at - previous);
            }

            previous = at;
            if (!any && missing >= 0 && gpu.Missing++ == 0)
            {
                gpu.FirstMissing = $"line {row.Line:N0}: `{Excerpt.Of(row[missing], 40)}`";
            }

            for (int i = 0; i < power.Length; i++)
            {
                if (!double.IsNaN(watts[i]))
                {
                    gpu.Series[i].Add(Instant.FromUnixNanoseconds(at), Watts.From(watts[i]));
                }
            }

            return null;
        }

        Gpu? GpuOf(CsvRows row, out string? wrong)
        {
            wrong = null;
            string text = key < 0 ? "" : Encoding.UTF8.GetString(row[key]);
            if (gpus.TryGetValue(text, out Gpu? known))
            {
                return known;
            }

            // Without `index` a GPU gets the place at which it first appears: nvidia-smi lists them by index.
            int number = gpus.Count;
            if (index >= 0 && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                wrong = $"`index` is `{Excerpt.Of(text, 40)}`, expected the GPU's number";
                return null;
            }

            if (key >= 0 && index < 0 && (text.Length is 0 or > 100 || NotGiven(row[key])))
            {
                wrong = $"`{names[key]}` is `{Excerpt.Of(text, 40)}`, expected what names the GPU";
                return null;
            }

            if (gpus.Count == MaxGpus)
            {
                throw new RefusedInputException($"{rows.Name}, line {row.Line:N0}: more than {MaxGpus:N0} GPUs in the column `{names[key]}`; is it the right column?");
            }

            string? uuid = id < 0 || NotGiven(row[id]) ? null : Excerpt.Of(row[id], 100);
            gpus.Add(text, known = new(number, uuid));
            return known;
        }
    }

    private static void CheckColumns(CsvRows rows, string[] columns, int time, int[] power)
    {
        string where = $"{rows.Name}, line {rows.Line:N0}: nvidia-smi's header `{Excerpt.Of(rows.Text)}`";
        if (time < 0)
        {
            throw new RefusedInputException($"{where} has no `timestamp`; log again with `--query-gpu=timestamp,index,uuid,power.draw`");
        }

        if (Array.TrueForAll(power, p => p < 0))
        {
            throw new RefusedInputException($"{where} has no `power.draw`; log again with `--query-gpu=timestamp,index,uuid,power.draw`");
        }

        foreach (int p in power)
        {
            if (p >= 0 && Unit(columns[p]) is not ("" or "W"))
            {
                throw new RefusedInputException($"{where} gives power in `{Excerpt.Of(Unit(columns[p]), 20)}`, expected W");
            }
        }
    }

    /// <summary>Rows of several GPUs that nothing tells apart would be read as one GPU that flickers.</summary>
    private static void CheckSingle(string name, List<long> intervals, Action<Warning> warn)
    {
        const string advice = "log again with `index` and `uuid` in `--query-gpu`, or for one GPU with `-i 0`";
        int together = intervals.Count(i => i == 0);
        if (together > 0 && together * 10 >= intervals.Count)
        {
            throw new RefusedInputException(
                $"{name}: {together:N0} rows have the same time as the row before, and no column `index`, `uuid` or `pci.bus_id` says which GPU a row is about; {advice}");
        }

        // nvidia-smi stamps each GPU's row by itself: several GPUs come as bursts of rows, milliseconds apart.
        intervals.Sort();
        if (intervals.Count >= 20 && intervals[intervals.Count * 95 / 100] > 8 * Math.Max(1, intervals[intervals.Count / 4]))
        {
            warn(new("several-gpus-suspected",
                $"{name}: rows come in bursts, as of several GPUs, and no column `index`, `uuid` or `pci.bus_id` says which GPU a row is about; all were taken for one. If there were several, {advice}"));
        }
    }

    private static List<DomainPower> Timelines(IEnumerable<Gpu> gpus, string name, PowerLogHead head, PowerLogOptions options, Action<Warning> warn)
    {
        List<DomainPower> result = [];
        string missing = "";
        foreach (Gpu gpu in gpus)
        {
            Domain domain = Domain.Gpu(gpu.Index);
            string label = $"{name}, {domain}";
            missing = missing.Length == 0 ? gpu.FirstMissing : missing;
            int column = Array.FindIndex(gpu.Series, s => s.Count > 0);
            if (column < 0)
            {
                warn(new("no-power-given", $"{label}: nvidia-smi gives no power for it ({gpu.FirstMissing}); the GPU is left out"));
                continue;
            }

            if (gpu.Missing > 0)
            {
                warn(new("readings-missing", $"{label}: {gpu.Missing:N0} rows give no power (first {gpu.FirstMissing})"));
            }

            PowerReadingSeries series = gpu.Series[column];
            series.UpdatePeriod = head.UpdatePeriod;
            PowerTimeline timeline = series.ToTimeline(label, warn);
            if (timeline.IsEmpty)
            {
                warn(new("too-few-readings", $"{label}: {series.Count:N0} reading(s), and no two of them tell a power; the GPU is left out"));
                continue;
            }

            // The header of NVML says that the average is over one second.
            Duration? window = head.Window ?? (PowerColumns[column] == "power.draw.average" ? Duration.FromSeconds(1) : null);
            result.Add(new(domain, timeline, head.Quality, $"{head.Source ?? Excerpt.Of(options.FileName, 200)} (nvidia-smi {PowerColumns[column]})",
                series.UpdatePeriod, gpu.Id, window));
        }

        return result.Count > 0
            ? result
            : throw new RefusedInputException($"{name}: no GPU in it has power readings{(missing.Length > 0 ? $" ({missing})" : "")}");
    }

    /// <summary>`[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]`: nvidia-smi's ways to give nothing.</summary>
    private static bool NotGiven(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text[0] == '[' && text[^1] == ']') || text.SequenceEqual("N/A"u8);

    private static bool TryWatts(ReadOnlySpan<byte> text, out double watts)
    {
        if (text.EndsWith("W"u8))
        {
            text = text[..^1].TrimEnd((byte)' ');
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out watts) && WattsText.IsPlausible(watts);
    }

    private static string Name(string column)
    {
        int bracket = column.IndexOf('[');
        return (bracket < 0 ? column : column[..bracket]).Trim();
    }

    private static string Unit(string column)
    {
        int bracket = column.IndexOf('[');
        return bracket < 0 ? "" : column[(bracket + 1)..].TrimEnd(']', ' ');
    }
}
