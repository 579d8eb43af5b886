using System.Text.Json;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Pictures;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports.Html;

/// <summary>
/// What the page reads, `smaragdine.page/1` (web/src/data/page.ts has its types): the report as `--format json` has it, and columns of equal length for the
/// pictures. Times of spans are differences to the one before, since most of a page is they. Devices of a job's ranks are called by their labels.
/// </summary>
public static class PageJson
{
    public const string Schema = "smaragdine.page/1";

    /// <summary>Writes the data, UTF-8, on one line.</summary>
    public static void Write(PageData page, Stream output)
    {
        using Utf8JsonWriter json = new(output, new() { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WritePropertyName("report");
        JsonReport.Write(page.Report, json);
        json.WritePropertyName("folded");
        JsonReport.WriteModules(page.Folded, page.Report.Per, json);
        json.WritePropertyName("base");
        if (page.Base is null)
        {
            json.WriteNullValue();
        }
        else
        {
            JsonReport.Write(page.Base, json);
        }

        json.WriteStartObject("edges");
        Column(json, "from", page.Edges.Select(e => e.From));
        Column(json, "to", page.Edges.Select(e => e.To));
        Column(json, "bytes", page.Edges.Select(e => e.Bytes));
        json.WriteEndObject();
        Column(json, "first_start_s", page.FirstStarts);
        int[] moduleOf = ModuleOf(page.Report);
        Column(json, "module_of", moduleOf);
        FoldedRows folded = FoldedRows.Of(page.Report, page.Folded);
        Column(json, "folded_of", folded.ModuleOf);
        json.WriteStartObject("folded_operations");
        Column(json, "of", folded.GroupOf);
        Column(json, "energy_sd_j", folded.Deviations);
        json.WriteEndObject();
        WriteSteps(json, page.Report.Footprint);
        json.WriteStartArray("profiles");
        foreach (PowerProfile profile in page.Profiles)
        {
            WriteProfile(json, profile, moduleOf);
        }

        json.WriteEndArray();
        json.WriteStartArray("timeline");
        foreach (StepTimeline timeline in page.Timelines)
        {
            WriteTimeline(json, timeline);
        }

        json.WriteEndArray();
        json.WriteString("timeline_note", page.StepsLeftOut.Count == 0
            ? null
            : $"{(page.StepsLeftOut.Count == 1 ? "Step" : "Steps")} {FootprintBuilder.Ranges(page.StepsLeftOut)} left out for want of room; `smaragdine open` shows all.");
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>By row: the position of its module among the report's modules.</summary>
    internal static int[] ModuleOf(Report report)
    {
        Dictionary<OperationRow, int> position = new(ReferenceEqualityComparer.Instance);
        foreach ((int i, ModuleNode node) in report.Tree.Walk().Index())
        {
            foreach (OperationRow row in node.Rows)
            {
                position[row] = i;
            }
        }

        return [.. report.Rows.Select(r => position.GetValueOrDefault(r))];
    }

    private static void WriteSteps(Utf8JsonWriter json, Footprint footprint)
    {
        json.WriteStartArray("per_step");
        foreach (DeviceFootprint device in footprint.Devices)
        {
            json.WriteStartObject();
            json.WriteString("device", device.Device.Label);
            Column(json, "step", footprint.Steps);
            Column(json, "window_s", footprint.Steps.Select((_, i) => device.Window[i]));
            Column(json, "energy_j", footprint.Steps.Select((_, i) => device.Energy is { } energy && device.Covered[i] > 0 ? energy[i] : (double?)null));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProfile(Utf8JsonWriter json, PowerProfile profile, int[] moduleOf)
    {
        int bins = profile.Shares.Count;
        json.WriteStartObject();
        json.WriteString("device", profile.Device.Label);
        json.WriteNumber("bin_s", profile.Bin.TotalSeconds);
        List<StepFigure> known = [.. Enumerable.Range(0, bins).Select(b => StepFigure.Of(profile.Steps.Select(s => s.Watts[b]).OfType<double>()))];
        Column(json, "mean_w", known.Select(w => w.Steps > 0 ? w.Mean : (double?)null));
        Column(json, "sd_w", known.Select(w => w.StandardDeviation));
        Column(json, "steps_n", known.Select(w => w.Steps));
        List<SortedDictionary<int, double>> shares = [.. profile.Shares.Select(bin => ByModule(bin, moduleOf))];
        json.WriteStartArray("offset");
        int offset = 0;
        foreach (SortedDictionary<int, double> bin in shares)
        {
            json.WriteNumberValue(offset);
            offset += bin.Count;
        }

        json.WriteNumberValue(offset);
        json.WriteEndArray();
        Column(json, "module", shares.SelectMany(s => s.Keys));
        Column(json, "share", shares.SelectMany(s => s.Values).Select(v => Math.Round(v, 5)));
        json.WriteStartArray("steps");
        foreach (StepPower step in profile.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("step", step.Step);
            Column(json, "w", step.Watts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("readings");
        foreach (StepReadings readings in profile.Readings)
        {
            json.WriteStartObject();
            json.WriteNumber("step", readings.Step);
            json.WriteString("domain", readings.Domain);
            Column(json, "t_s", readings.SecondsAfterStart);
            Column(json, "w", readings.Watts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("quality", profile.Quality?.Name());
        json.WriteEndObject();
    }

    private static SortedDictionary<int, double> ByModule(IReadOnlyList<BinShare> bin, int[] moduleOf)
    {
        SortedDictionary<int, double> shares = [];
        foreach (BinShare share in bin)
        {
            shares[moduleOf[share.Row]] = shares.GetValueOrDefault(moduleOf[share.Row]) + share.Share;
        }

        return shares;
    }

    private static void WriteTimeline(Utf8JsonWriter json, StepTimeline timeline)
    {
        json.WriteStartObject();
        json.WriteNumber("step", timeline.Step);
        json.WriteString("start_unix_ns", timeline.Devices.Count == 0 ? "0" : $"{timeline.Devices.Min(d => d.Window.Start.UnixNanoseconds)}");
        json.WriteStartArray("devices");
        foreach (DeviceTimeline device in timeline.Devices)
        {
            json.WriteStartObject();
            json.WriteString("device", device.Device.Label);
            json.WriteStartArray("lanes");
            foreach (int lane in device.Lanes)
            {
                json.WriteStringValue($"lane {lane}");
            }

            json.WriteEndArray();
            json.WriteNumber("window_s", device.Window.Length.TotalSeconds);
            Column(json, "start_ns", device.StartNs.Select((ns, i) => i == 0 ? ns : ns - device.StartNs[i - 1]));
            Column(json, "duration_ns", device.DurationNs);
            Column(json, "lane", device.Lane);
            Column(json, "operation", device.Row);
            json.WriteStartObject("power");
            Column(json, "t_ns", device.PowerNs);
            Column(json, "w", device.PowerWatts);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Column(Utf8JsonWriter json, string name, IEnumerable<int> values) => Column(json, name, values.Select(v => (long)v));

    private static void Column(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static void Column(Utf8JsonWriter json, string name, IEnumerable<double> values) => Column(json, name, values.Select(v => (double?)v));

    private static void Column(Utf8JsonWriter json, string name, IEnumerable<double?> values)
    {
        json.WriteStartArray(name);
        foreach (double? value in values)
        {
            if (value is { } number)
            {
                json.WriteNumberValue(number);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }
}
