using System.Globalization;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>A comparison as CSV (RFC 4180): a row per module, and one per pass of it; what is not known is an empty field.</summary>
public static class DiffCsv
{
    private static readonly (string Name, Func<Quantities, Quantity> Of)[] Columns =
        [("energy_j", q => q.Energy), ("time_s", q => q.Time), ("power_w", q => q.Power), ("calls", q => q.Calls)];

    /// <summary>Writes header and rows.</summary>
    public static void Write(ComparisonReport report, TextWriter output)
    {
        CsvReport.WriteLine(output,
        [
            "base_path", "new_path", "pass", "matched_by", "moved", "verdict", "adjusted_p", "quality",
            .. Columns.SelectMany(c => new[] { $"base_{c.Name}", $"new_{c.Name}", $"{c.Name}_ratio", $"{c.Name}_ratio_low", $"{c.Name}_ratio_high" }),
        ]);
        foreach (ModuleChange change in report.Comparison.Changes)
        {
            WriteRow(change, "", change.Whole, output);
            foreach ((Pass pass, Quantities quantities) in change.ByPass)
            {
                WriteRow(change, pass.Name(), quantities, output);
            }
        }
    }

    /// <summary>The verdict is the module's, not a pass's.</summary>
    private static void WriteRow(ModuleChange change, string pass, Quantities quantities, TextWriter output) => CsvReport.WriteLine(output,
    [
        change.Modules.Base?.Path ?? "", change.Modules.New?.Path ?? "", pass, DiffJson.Name(change.Modules.By), change.Moved ? "true" : "false",
        pass.Length == 0 ? change.Verdict.Name() : "", pass.Length == 0 ? Text(change.AdjustedP) : "", change.Quality?.Name() ?? "",
        .. Columns.Select(c => c.Of(quantities)).SelectMany(q => new[]
        {
            Text(q.Base?.Mean), Text(q.New?.Mean), Text(q.Difference?.Ratio), Text(q.Difference?.Interval?.Low), Text(q.Difference?.Interval?.High),
        }),
    ]);

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
