using System.Text.Encodings.Web;
using System.Text.Json;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>A comparison as JSON, `smaragdine.diff/1` (docs/diff.md). Complete: nothing is cut by depth or size.</summary>
public static class DiffJson
{
    public const string Schema = "smaragdine.diff/1";

    /// <summary>Writes it, UTF-8, indented.</summary>
    public static void Write(ComparisonReport report, Stream output)
    {
        using Utf8JsonWriter json = new(output, new() { Indented = true, IndentSize = 1, Encoder = JavaScriptEncoder.Default });
        ComparisonOptions options = report.Comparison.Options;
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("measure", options.Measure is Measure.Energy ? "energy" : "time");
        json.WriteNumber("smallest_part", options.SmallestPart);
        json.WriteNumber("least_change", options.LeastChange);
        WriteSide(json, "base", report.Comparison.Base);
        WriteSide(json, "new", report.Comparison.New);
        json.WriteStartArray("changes");
        foreach (ModuleChange change in report.Comparison.Changes)
        {
            WriteChange(json, change);
        }

        json.WriteEndArray();
        json.WriteStartArray("limits");
        foreach (LimitCheck check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteString("path", check.Change.Path);
            json.WriteNumber("limit", check.Limit.Share);
            json.WriteNumber("adjusted_p", check.AdjustedP);
            json.WriteBoolean("over", check.IsOver);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (Warning warning in report.Warnings)
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("text", warning.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    internal static string Name(MatchedBy by) => by switch
    {
        MatchedBy.Nothing => "nothing",
        MatchedBy.Rule => "rule",
        MatchedBy.Path => "path",
        MatchedBy.Name => "name",
        MatchedBy.Structure => "structure",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    private static void WriteSide(Utf8JsonWriter json, string name, ComparedSide side)
    {
        json.WriteStartArray(name);
        foreach (RunFootprint run in side.Runs)
        {
            json.WriteStartObject();
            json.WriteString("path", run.Facts.Path);
            json.WriteNumber("steps", run.Facts.Steps);
            json.WriteNumberOrNull("started_unix_ns", run.Facts.Started?.UnixNanoseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter json, ModuleChange change)
    {
        json.WriteStartObject();
        json.WriteString("base_path", change.Modules.Base?.Path);
        json.WriteString("new_path", change.Modules.New?.Path);
        json.WriteString("matched_by", Name(change.Modules.By));
        json.WriteBoolean("moved", change.Moved);
        json.WriteString("verdict", change.Verdict.Name());
        WriteFinite(json, "adjusted_p", change.AdjustedP);
        json.WriteString("quality", change.Quality?.Name());
        WriteQuantities(json, change.Whole);
        if (change.Factors is { } factors)
        {
            json.WriteStartObject("factors");
            json.WriteNumber("calls", factors.Calls);
            json.WriteNumber("time_per_call", factors.TimePerCall);
            WriteFinite(json, "power", factors.Power);
            WriteFinite(json, "covered", factors.Coverage);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("factors");
        }

        json.WriteStartObject("by_pass");
        foreach ((Pass pass, Quantities quantities) in change.ByPass)
        {
            json.WriteStartObject(pass.Name());
            WriteQuantities(json, quantities);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteQuantities(Utf8JsonWriter json, Quantities quantities)
    {
        foreach ((string name, Quantity quantity) in new[] { ("energy_j", quantities.Energy), ("time_s", quantities.Time), ("power_w", quantities.Power), ("calls", quantities.Calls) })
        {
            json.WriteStartObject(name);
            WriteFinite(json, "base", quantity.Base?.Mean);
            WriteFinite(json, "base_sd", Sd(quantity.Base));
            WriteFinite(json, "new", quantity.New?.Mean);
            WriteFinite(json, "new_sd", Sd(quantity.New));
            WriteFinite(json, "ratio", quantity.Difference?.Ratio);
            WriteFinite(json, "ratio_low", quantity.Difference?.Interval?.Low);
            WriteFinite(json, "ratio_high", quantity.Difference?.Interval?.High);
            json.WriteEndObject();
        }
    }

    private static double? Sd(RunSample? sample) => sample?.Variance is { } variance ? Math.Sqrt(variance) : null;

    /// <summary>A ratio to nought is no number.</summary>
    private static void WriteFinite(Utf8JsonWriter json, string name, double? value) => json.WriteNumberOrNull(name, value is { } number && double.IsFinite(number) ? number : null);
}
