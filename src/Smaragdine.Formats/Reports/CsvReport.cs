using System.Globalization;
using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The operations table as CSV (RFC 4180): a row per (device, pass, full name), `by_domain` as columns, flags joined by `;`.</summary>
public static class CsvReport
{
    /// <summary>Writes header and rows; what is not known is an empty field.</summary>
    public static void Write(Report report, TextWriter output)
    {
        string[] domains = [.. report.Footprint.Devices.SelectMany(d => d.Domains).Select(d => d.Domain).Distinct(StringComparer.Ordinal)];
        List<string> header =
        [
            "device", "rank", "pass", "module", "operation", "type", "calls", "time_s", "covered_s", "energy_j", "energy_sd_j", "energy_se_j",
            "power_w", "quality", .. domains.Select(d => $"energy_j.{d}"), "flags",
        ];
        if (report.Per is { } unit)
        {
            header.Add($"energy_per_{unit.Unit}_j");
        }

        WriteLine(output, header);
        foreach (OperationRow row in report.Rows)
        {
            List<string> fields =
            [
                row.Device.ToString(), row.Device.Rank?.ToString(CultureInfo.InvariantCulture) ?? "", row.Pass.Name(), row.Module, row.Name, row.Type,
                Text(row.Calls.Mean), Text(row.Time.Mean), Text(row.Covered.Mean), Text(row.Energy?.Mean), Text(row.Energy?.StandardDeviation), "",
                Text(row.Power), row.Quality?.Name() ?? "",
                .. domains.Select(d => row.ByDomain.TryGetValue(d, out double joules) ? Text(joules) : ""), string.Join(';', row.Flags),
            ];
            if (report.Per is { } per)
            {
                fields.Add(Text(row.Energy?.Mean / per.PerStep));
            }

            WriteLine(output, fields);
        }
    }

    internal static void WriteLine(TextWriter output, IReadOnlyList<string> fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (i > 0)
            {
                output.Write(',');
            }

            output.Write(Quoted(fields[i]));
        }

        output.Write('\n');
    }

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny("\",\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
