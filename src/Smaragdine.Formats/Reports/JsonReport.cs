using System.Text.Encodings.Web;
using System.Text.Json;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The report as JSON, `smaragdine.report/1` (docs/report-format.md). Complete: nothing is cut by depth or number of lines.</summary>
public static class JsonReport
{
    public const string Schema = "smaragdine.report/1";

    /// <summary>Writes the report, UTF-8, indented.</summary>
    public static void Write(Report report, Stream output)
    {
        using Utf8JsonWriter json = new(output, new() { Indented = true, IndentSize = 1, Encoder = JavaScriptEncoder.Default, SkipValidation = true });
        Write(report, json);
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>The same as a value within another document.</summary>
    internal static void Write(Report report, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        WriteRecording(json, report.Recording);
        json.WriteString("attribution", report.Attribution.Name());
        WriteSteps(json, report.Footprint);
        WriteRun(json, report.Footprint.Run);
        if (report.Per is { } per)
        {
            json.WriteStartObject("per");
            json.WriteString("unit", per.Unit);
            json.WriteNumber("count_per_step", per.PerStep);
            json.WriteEndObject();
        }

        json.WriteStartArray("devices");
        foreach (DeviceFootprint device in report.Footprint.Devices)
        {
            WriteDevice(json, device, report);
        }

        json.WriteEndArray();
        json.WriteStartArray("operations");
        foreach (OperationRow row in report.Rows)
        {
            WriteOperation(json, row, report.Per);
        }

        json.WriteEndArray();
        json.WritePropertyName("modules");
        WriteModules(report.Tree, report.Per, json);
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
    }

    /// <summary>All modules of a tree, parents first, as an array.</summary>
    internal static void WriteModules(ModuleNode tree, PerUnit? per, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (ModuleNode node in tree.Walk())
        {
            WriteModule(json, node, per);
        }

        json.WriteEndArray();
    }

    private static void WriteRecording(Utf8JsonWriter json, RecordingFacts facts)
    {
        json.WriteStartObject("recording");
        json.WriteString("path", facts.Path);
        json.WriteString("framework", facts.FrameworkAndVersion);
        json.WriteString("model", facts.Model);
        json.WriteString("host", facts.Host);
        json.WriteNumberOrNull("started_unix_ns", facts.Started?.UnixNanoseconds);
        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, Footprint footprint)
    {
        json.WriteStartArray("steps");
        foreach (int step in footprint.Steps)
        {
            Interval? window = StepWindow(footprint, step);
            json.WriteStartObject();
            json.WriteNumber("step", step);
            json.WriteNumberOrNull("start_unix_ns", window?.Start.UnixNanoseconds);
            json.WriteNumberOrNull("end_unix_ns", window?.End.UnixNanoseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The step's window on the first device that has one, processors first.</summary>
    internal static Interval? StepWindow(Footprint footprint, int step)
    {
        foreach (DeviceFootprint device in footprint.Devices)
        {
            foreach (Alignment.StepWindow window in device.Windows)
            {
                if (window.Step == step)
                {
                    return window.Window;
                }
            }
        }

        return null;
    }

    private static void WriteRun(Utf8JsonWriter json, RunAccount? run)
    {
        if (run is null)
        {
            json.WriteNull("run");
            return;
        }

        json.WriteStartObject("run");
        json.WriteNumber("duration_s", run.Extent.Length.TotalSeconds);
        List<IGrouping<Quality, DomainRun>> qualities = [.. run.ByDomain.Where(d => d.Covered > Duration.Zero).GroupBy(d => d.Energy.Quality)];
        json.WriteNumberOrNull("energy_j", qualities.Count == 1 ? run.Energy?.Amount.Value : null);
        json.WriteNumberOrNull("between_steps_j", qualities.Count == 1 ? run.BetweenSteps?.Value : null);
        json.WriteNumber("traced_share", run.TracedShare);
        WriteDomains(json, "by_domain", run.ByDomain.Select(d => (d.Domain, JoulesOf(d))));
        WriteDomains(json, "by_quality", qualities.Select(q => (q.Key.Name(), (double?)q.Sum(d => d.Energy.Amount.Value))));
        WriteDomains(json, "covered_s", run.ByDomain.Select(d => (d.Domain, (double?)d.Covered.TotalSeconds)));
        WriteDomains(json, "in_gaps_j", run.ByDomain.Where(d => d.GapTime > Duration.Zero).Select(d => (d.Domain, (double?)d.InGaps.Value)));
        WriteDomains(json, "gaps_s", run.ByDomain.Where(d => d.GapTime > Duration.Zero).Select(d => (d.Domain, (double?)d.GapTime.TotalSeconds)));
        WriteDomains(json, "whole_machine", run.WholeMachine.Select(d => (d.Domain, JoulesOf(d))));
        if (run.Overhead is { } overhead)
        {
            json.WriteStartObject("tracing_overhead");
            json.WriteNumber("time", overhead.Time);
            json.WriteNumberOrNull("energy", overhead.Energy);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("tracing_overhead");
        }

        json.WriteEndObject();
    }

    private static void WriteDevice(Utf8JsonWriter json, DeviceFootprint device, Report report)
    {
        json.WriteStartObject();
        json.WriteString("device", device.Device.ToString());
        json.WriteNumberOrNull("rank", device.Device.Rank);
        json.WriteString("host", device.Device.Host);
        json.WriteStartArray("domains");
        foreach (DomainEnergy domain in device.Domains)
        {
            json.WriteStartObject();
            json.WriteString("domain", domain.Domain);
            json.WriteNumberOrNull("energy_j", domain.Covered.Total > 0 ? domain.Energy.Mean : null);
            json.WriteString("quality", domain.Quality.Name());
            json.WriteString("source", domain.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("quality", device.Quality?.Name());
        json.WriteNumber("window_s", device.Window.Mean);
        json.WriteNumber("covered_s", device.Covered.Mean);
        json.WriteNumber("uncovered_s", Math.Max(0, device.Window.Mean - device.Covered.Mean));
        json.WriteNumber("busy_s", device.Busy.Mean);
        json.WriteNumberOrNull("energy_j", device.Energy?.Mean);
        json.WriteNumberOrNull("energy_sd_j", device.Energy?.StandardDeviation);
        json.WriteNumberOrNull("operations_j", device.Operations?.Mean);
        json.WriteNumberOrNull("idle_j", device.Idle?.Mean);
        json.WriteNumberOrNull("other_processes_j", device.OtherProcesses?.Mean);
        json.WriteNumberOrNull("outside_j", device.Outside?.Mean);
        json.WriteNumberOrNull("unattributed_j", device.Unattributed?.Mean);
        json.WriteNull("sensor_residual_j");
        json.WriteNumberOrNull("static_j", report.StaticJoules.TryGetValue(device.Device, out double joules) ? joules : null);
        WritePer(json, report.Per, device.Energy);
        json.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter json, OperationRow row, PerUnit? per)
    {
        json.WriteStartObject();
        json.WriteString("device", row.Device.ToString());
        json.WriteNumberOrNull("rank", row.Device.Rank);
        json.WriteString("pass", row.Pass.Name());
        json.WriteString("module", row.Module);
        json.WriteString("operation", row.Name);
        json.WriteString("type", row.Type);
        json.WriteNumber("calls", row.Calls.Mean);
        json.WriteNumber("time_s", row.Time.Mean);
        json.WriteNumber("covered_s", row.Covered.Mean);
        json.WriteNumberOrNull("energy_j", row.Energy?.Mean);
        json.WriteNumberOrNull("energy_sd_j", row.Energy?.StandardDeviation);
        json.WriteNull("energy_se_j");
        json.WriteNumberOrNull("power_w", row.Power);
        json.WriteString("quality", row.Quality?.Name());
        WriteDomains(json, "by_domain", row.ByDomain.Select(d => (d.Key, (double?)d.Value)));
        json.WriteStartArray("flags");
        foreach (string flag in row.Flags)
        {
            json.WriteStringValue(flag);
        }

        json.WriteEndArray();
        WritePer(json, per, row.Energy);
        json.WriteEndObject();
    }

    private static void WriteModule(Utf8JsonWriter json, ModuleNode node, PerUnit? per)
    {
        json.WriteStartObject();
        json.WriteString("path", node.Path);
        json.WriteString("name", node.Name);
        json.WriteNumber("depth", node.Depth);
        json.WriteString("kind", KindName(node.Kind));
        json.WriteNull("class");
        json.WriteNumber("calls", node.Calls.Mean);
        json.WriteNumber("time_s", node.Time.Mean);
        json.WriteNumberOrNull("self_j", node.Energy is null ? null : node.Self?.Mean ?? 0);
        json.WriteNumberOrNull("energy_j", node.Energy?.Mean);
        json.WriteNumberOrNull("energy_sd_j", node.Energy?.StandardDeviation);
        json.WriteNull("energy_se_j");
        json.WriteNumberOrNull("power_w", node.Power);
        json.WriteString("quality", node.Quality?.Name());
        json.WriteStartObject("by_pass");
        foreach (Pass pass in Passes.All)
        {
            if (node.ByPass.TryGetValue(pass, out PassFigures? figures))
            {
                json.WriteStartObject(pass.Name());
                json.WriteNumberOrNull("energy_j", figures.Energy?.Mean);
                json.WriteNumber("time_s", figures.Time.Mean);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
        WriteDomains(json, "by_domain", node.ByDomain.Select(d => (d.Key, (double?)d.Value)));
        if (node.Members is { } members)
        {
            json.WriteStartObject("members");
            json.WriteNumber("n", members.Count);
            json.WriteNumberOrNull("mean_j", members.MeanJoules);
            json.WriteNumberOrNull("sd_j", members.SdJoules);
            json.WriteNumber("differing_leaves", members.DifferingLeaves);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("members");
        }

        WritePer(json, per, node.Energy);
        json.WriteEndObject();
    }

    internal static string KindName(ModuleKind kind) => kind switch
    {
        ModuleKind.Root => "root",
        ModuleKind.Shared => "shared",
        ModuleKind.Folded => "folded",
        _ => "module",
    };

    private static void WritePer(Utf8JsonWriter json, PerUnit? per, StepFigure? energy)
    {
        if (per is not null)
        {
            json.WriteNumberOrNull($"energy_per_{per.Unit}_j", energy?.Mean / per.PerStep);
        }
    }

    /// <summary>Null where none of the run's time has power.</summary>
    private static double? JoulesOf(DomainRun domain) => domain.Covered > Duration.Zero ? domain.Energy.Amount.Value : null;

    private static void WriteDomains(Utf8JsonWriter json, string name, IEnumerable<(string Key, double? Value)> figures)
    {
        json.WriteStartObject(name);
        foreach ((string key, double? value) in figures)
        {
            json.WriteNumberOrNull(key, value);
        }

        json.WriteEndObject();
    }
}
