using System.Globalization;
using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>Our own power log: `unix_ns,domain,power_w` or `unix_ns,domain,energy_uj[,max_uj]`, columns in any order, others passed over.</summary>
internal static class DomainLog
{
    /// <summary>More domains than any machine has: the column holds something else.</summary>
    private const int MaxDomains = 1000;

    private const int MaxNameLength = 100;

    private sealed class Readings(Domain domain)
    {
        public Domain Domain => domain;

        public CounterSeries Counter { get; } = new();

        public PowerReadingSeries Power { get; } = new();
    }

    public static bool Recognises(string[] columns) => Any(columns, "unix_ns") || Any(columns, "domain") || Any(columns, "power_w") || Any(columns, "energy_uj");

    public static IReadOnlyList<DomainPower> Read(CsvRows rows, string[] columns, PowerLogHead head, PowerLogOptions options, Action<Warning> warn)
    {
        int time = Find(columns, "unix_ns");
        int domain = Find(columns, "domain");
        int power = Find(columns, "power_w");
        int energy = Find(columns, "energy_uj");
        int max = Find(columns, "max_uj");
        if (time < 0 || domain < 0 || (power < 0 && energy < 0))
        {
            string missing = time < 0 ? "`unix_ns`" : domain < 0 ? "`domain`" : "`power_w` or `energy_uj`";
            throw new RefusedInputException(
                $"{rows.Name}, line {rows.Line:N0}: the header `{Excerpt.Of(rows.Text)}` has no column {missing}; expected `unix_ns,domain,power_w` or `unix_ns,domain,energy_uj[,max_uj]`");
        }

        Dictionary<string, Readings> byText = [];
        List<Readings> domains = [];
        BadRows bad = new(rows.Name);
        byte[] header = rows.Text.ToArray();
        while (rows.Read())
        {
            // Logs put end to end repeat their comments and header.
            if (head.TryTake(rows) || rows.Text.SequenceEqual(header))
            {
                continue;
            }

            if (Row(rows, bad.Good == 0) is { } reason)
            {
                bad.Add(rows, reason);
            }
            else
            {
                bad.Good++;
            }
        }

        bad.Report(rows, warn);
        return Timelines(domains, rows.Name, head, options, warn);

        string? Row(CsvRows row, bool first)
        {
            if (row.TooLong)
            {
                return $"the line is longer than {CsvRows.MaxLineBytes:N0} bytes";
            }

            if (row.Count < columns.Length)
            {
                return $"{row.Count} fields where the header has {columns.Length}";
            }

            for (int i = columns.Length; i < row.Count; i++)
            {
                if (!row[i].IsEmpty)
                {
                    // `12,5` would be taken for 12 W.
                    return $"{row.Count} fields where the header has {columns.Length}; is a comma in a number? Numbers have a point (`12.5`)";
                }
            }

            if (UnixNanoseconds.Read(row[time], "unix_ns", out long at, out bool wrongUnit) is { } wrong)
            {
                return first && wrongUnit ? throw new RefusedInputException($"{row.Name}, line {row.Line:N0}: {wrong}") : wrong;
            }

            Instant instant = Instant.FromUnixNanoseconds(at);
            if (!row[energy].IsEmpty)
            {
                return Energy(row, instant);
            }

            if (!double.TryParse(row[power], NumberStyles.Float, CultureInfo.InvariantCulture, out double watts) || !WattsText.IsPlausible(watts))
            {
                string column = power < 0 ? "energy_uj" : "power_w";
                return $"`{column}` is `{Excerpt.Of(row[power], 40)}`, expected {(power < 0 ? "microjoules" : WattsText.Expected)}";
            }

            if (DomainOf(row[domain], out string? whatIsWrong) is not { } readings)
            {
                return whatIsWrong;
            }

            readings.Power.Add(instant, Watts.From(watts));
            return null;
        }

        string? Energy(CsvRows row, Instant instant)
        {
            if (!TryMicrojoules(row[energy], out ulong microjoules))
            {
                return $"`energy_uj` is `{Excerpt.Of(row[energy], 40)}`, expected cumulative microjoules, a whole number and not negative";
            }

            ulong range = 0;
            if (!row[max].IsEmpty && !TryMicrojoules(row[max], out range))
            {
                return $"`max_uj` is `{Excerpt.Of(row[max], 40)}`, expected the microjoules at which the counter starts again, or nothing";
            }

            if (range > 0 && microjoules > range)
            {
                return $"`energy_uj` is {microjoules}, above its `max_uj` of {range}";
            }

            if (DomainOf(row[domain], out string? whatIsWrong) is not { } readings)
            {
                return whatIsWrong;
            }

            if (range > 0)
            {
                readings.Counter.Range ??= new CounterRange(range);
            }

            readings.Counter.Add(instant, CounterReading.FromMicrojoules(microjoules));
            return null;
        }

        Readings? DomainOf(ReadOnlySpan<byte> utf8, out string? wrong)
        {
            wrong = null;
            Span<char> characters = stackalloc char[MaxNameLength];
            if (utf8.IsEmpty || utf8.Length > MaxNameLength || !Encoding.UTF8.TryGetChars(utf8, characters, out int length))
            {
                wrong = $"`domain` is `{Excerpt.Of(utf8, 40)}`, expected a name like package-0 of at most {MaxNameLength} bytes";
                return null;
            }

            ReadOnlySpan<char> text = characters[..length];
            if (byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out Readings? known))
            {
                return known;
            }

            string name = text.ToString();
            if (Excerpt.Of(name, MaxNameLength) != name)
            {
                wrong = $"`domain` is `{Excerpt.Of(name, 40)}`, expected a name without control characters";
                return null;
            }

            if (byText.Count == MaxDomains)
            {
                throw new RefusedInputException(
                    $"{rows.Name}, line {rows.Line:N0}: more than {MaxDomains:N0} names in the column `domain`; expected one for each sensor, like package-0, dram-0, gpu-0");
            }

            Domain parsed = Domain.Parse(name);
            Readings? same = domains.Find(d => d.Domain == parsed);
            if (same is null)
            {
                domains.Add(same = new(parsed));
            }

            byText.Add(name, same);
            return same;
        }
    }

    private static List<DomainPower> Timelines(List<Readings> domains, string name, PowerLogHead head, PowerLogOptions options, Action<Warning> warn)
    {
        List<DomainPower> result = [];
        foreach (Readings readings in domains)
        {
            string label = $"{name}, {readings.Domain}";
            bool counts = readings.Counter.Count > 1 || readings.Power.Count == 0;
            readings.Power.UpdatePeriod = head.UpdatePeriod;
            PowerTimeline timeline = counts ? readings.Counter.ToTimeline(label, warn) : readings.Power.ToTimeline(label, warn);
            if (timeline.IsEmpty)
            {
                warn(new("too-few-readings",
                    $"{label}: {(counts ? readings.Counter.Count : readings.Power.Count):N0} reading(s), and no two of them tell a power; the domain is left out"));
                continue;
            }

            result.Add(new(readings.Domain, timeline, head.Quality, head.Source ?? Excerpt.Of(options.FileName, 200),
                counts ? head.UpdatePeriod : readings.Power.UpdatePeriod, Window: head.Window));
        }

        return result.Count > 0
            ? result
            : throw new RefusedInputException($"{name}: no domain has two readings at different times, so no power can be told from it");
    }

    /// <summary>Whole microjoules; a fraction (a table program's `65182838272.0`) is rounded off.</summary>
    private static bool TryMicrojoules(ReadOnlySpan<byte> text, out ulong microjoules)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out microjoules))
        {
            return true;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && value is >= 0 and <= ulong.MaxValue)
        {
            microjoules = (ulong)value;
            return true;
        }

        return false;
    }

    private static bool Any(string[] columns, string name) => Find(columns, name) >= 0;

    private static int Find(string[] columns, string name) =>
        Array.FindIndex(columns, c => string.Equals(c, name, StringComparison.OrdinalIgnoreCase));
}
