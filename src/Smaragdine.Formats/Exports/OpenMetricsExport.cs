using System.Globalization;
using System.Text;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports;

/// <summary>
/// The totals of a recording as OpenMetrics 1.0, which Prometheus' text format reads as well. They are gauges: a recording is over, nothing in it
/// counts on, and the counters' `_total` would make the two formats disagree on a family's name.
/// </summary>
/// <remarks>What is missing has no sample. Energies of operations add up to a device's `part="operations"`.</remarks>
public static class OpenMetricsExport
{
    private readonly record struct Place(string Device, string Pass, string Module);

    private sealed class Sums
    {
        public double Calls { get; set; }

        public double Seconds { get; set; }

        /// <summary>J by domain and quality.</summary>
        public Dictionary<(string Domain, Quality Quality), double> Joules { get; } = [];
    }

    /// <summary>UTF-8, closed by `# EOF`.</summary>
    public static void Write(Report report, Stream output)
    {
        using StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        Dictionary<Place, Sums> places = Sum(report);
        Family(writer, "steps", null, "Steps that the other figures are totals over.");
        Sample(writer, "steps", report.Footprint.Steps.Count, Known(
            ("model", report.Recording.Model), ("mode", report.Recording.Mode), ("framework", report.Recording.Framework), ("host", report.Recording.Host),
            ("attribution", report.Attribution.Name())));

        Family(writer, "energy_joules", "joules", "Energy shared to the operations directly in a module.");
        foreach ((Place place, Sums sums) in places)
        {
            foreach (((string domain, Quality quality), double joules) in sums.Joules)
            {
                Sample(writer, "energy_joules", joules, [.. Labels(place), ("domain", domain), ("quality", quality.Name())]);
            }
        }

        Family(writer, "time_seconds", "seconds", "Sum of the durations of the spans of the operations directly in a module.");
        foreach ((Place place, Sums sums) in places)
        {
            Sample(writer, "time_seconds", sums.Seconds, Labels(place));
        }

        Family(writer, "calls", null, "Spans of the operations directly in a module.");
        foreach ((Place place, Sums sums) in places)
        {
            Sample(writer, "calls", sums.Calls, Labels(place));
        }

        WriteDevices(writer, report.Footprint.Devices);
        writer.WriteLine("# EOF");
    }

    private static void WriteDevices(StreamWriter writer, IReadOnlyList<DeviceFootprint> devices)
    {
        Family(writer, "device_energy_joules", "joules", "Energy of a device within the steps, by where it went; the parts add up to the device's energy.");
        foreach (DeviceFootprint device in devices)
        {
            foreach ((string part, StepFigure? joules) in new[]
            {
                ("operations", device.Operations), ("idle", device.Idle), ("other_processes", device.OtherProcesses), ("outside", device.Outside),
                ("unattributed", device.Unattributed),
            })
            {
                if (joules is not null)
                {
                    Sample(writer, "device_energy_joules", joules.Total, ("device", device.Device.Label), ("part", part), ("quality", device.Quality!.Value.Name()));
                }
            }
        }

        Family(writer, "domain_energy_joules", "joules", "Energy of a domain within the steps of the device that it feeds.");
        foreach (DeviceFootprint device in devices)
        {
            foreach (DomainEnergy domain in device.Domains.Where(d => d.Covered.Total > 0))
            {
                Sample(
                    writer, "domain_energy_joules", domain.Energy.Total,
                    ("device", device.Device.Label), ("domain", domain.Domain), ("quality", domain.Quality.Name()), ("source", domain.Source));
            }
        }

        foreach ((string name, string help, Func<DeviceFootprint, StepFigure> figure) in new (string, string, Func<DeviceFootprint, StepFigure>)[]
        {
            ("window_seconds", "Length of the steps on a device.", d => d.Window),
            ("covered_seconds", "The part of the steps' length for which a device's power is known.", d => d.Covered),
            ("busy_seconds", "The part of the steps' length in which a span runs.", d => d.Busy),
        })
        {
            Family(writer, name, "seconds", help);
            foreach (DeviceFootprint device in devices)
            {
                Sample(writer, name, figure(device).Total, ("device", device.Device.Label));
            }
        }
    }

    private static Dictionary<Place, Sums> Sum(Report report)
    {
        Dictionary<Place, Sums> places = [];
        foreach (ModuleNode node in report.Tree.Walk())
        {
            // Written as it will be read: two names that differ only in what is no text would be one series twice.
            string module = Text(node.Path);
            foreach (OperationRow row in node.Rows)
            {
                Place place = new(row.Device.Label, row.Pass.Name(), module);
                if (!places.TryGetValue(place, out Sums? sums))
                {
                    places.Add(place, sums = new());
                }

                sums.Calls += row.Calls.Total;
                sums.Seconds += row.Time.Total;
                if (row.Energy is null)
                {
                    continue;
                }

                foreach ((string domain, double mean) in row.ByDomain)
                {
                    (string, Quality) key = (domain, row.Quality!.Value);
                    sums.Joules[key] = sums.Joules.GetValueOrDefault(key) + (mean * report.Footprint.Steps.Count);
                }
            }
        }

        return places;
    }

    private static (string Name, string Value)[] Labels(Place place) => [("device", place.Device), ("pass", place.Pass), ("module", place.Module)];

    private static (string Name, string Value)[] Known(params (string Name, string? Value)[] labels) =>
        [.. labels.Where(l => l.Value is not null).Select(l => (l.Name, l.Value!))];

    private static void Family(StreamWriter writer, string name, string? unit, string help)
    {
        writer.WriteLine($"# TYPE smaragdine_recording_{name} gauge");
        if (unit is not null)
        {
            writer.WriteLine($"# UNIT smaragdine_recording_{name} {unit}");
        }

        writer.WriteLine($"# HELP smaragdine_recording_{name} {help}");
    }

    private static void Sample(StreamWriter writer, string name, double value, params (string Name, string Value)[] labels)
    {
        writer.Write($"smaragdine_recording_{name}{{");
        for (int i = 0; i < labels.Length; i++)
        {
            writer.Write(i > 0 ? ",": "");
            writer.Write(labels[i].Name);
            writer.Write("=\"");
            writer.Write(Escape(labels[i].Value));
            writer.Write('"');
        }

        writer.Write("} ");
        writer.WriteLine(value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static string Escape(string value) => Text(value)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Half a surrogate pair is no text, and a carriage return is the end of a line to some readers: both become U+FFFD.</summary>
    private static string Text(string value)
    {
        if (value.AsSpan().IndexOf('\r') < 0 && !value.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return value;
        }

        StringBuilder text = new(value.Length);
        foreach (Rune rune in value.EnumerateRunes())
        {
            text.Append(rune.Value == '\r' ? Rune.ReplacementChar : rune);
        }

        return text.ToString();
    }
}
