using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Reports;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine doctor`: what can be measured here, how often it updates, and how to unlock the rest.</summary>
internal static class DoctorCommand
{
    /// <summary>A reading of this length is worth a word.</summary>
    private static readonly Duration Slow = Duration.FromMilliseconds(10);

    /// <summary>One sensor as the doctor saw it; not watched: null.</summary>
    private sealed record Row(SensorChoice Choice, bool Used, WatchedSensor? Watched)
    {
        public SensorFinding Finding => Choice.Finding;

        /// <summary>Smallest step of its value, in J or W: as documented, or as seen where that is coarser.</summary>
        public double? Resolution => Watched?.Step is { } step && !(step / 1e6 < Finding.Resolution) ? step / 1e6 : Finding.Resolution;
    }

    public static Command Create(CliConsole console)
    {
        Option<string> format = new("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnly("text", "json");
        Option<string?> root = SensorRoot.Create();
        Option<string> watch = new("--watch") { Description = "watch the sensors for so long, to find their update period (0: do not)", HelpName = "TIME", DefaultValueFactory = _ => "1s" };
        Command command = new("doctor", "What can be measured here, at which rate, and how to unlock the rest.") { format, root, watch };
        command.SetAction(parsed =>
        {
            Duration time = parsed.GetValue(watch) is { } text and not "0" ? TimeText.Parse(text, "--watch") : Duration.Zero;
            if (time > Duration.FromSeconds(60))
            {
                throw new UsageException($"--watch {parsed.GetValue(watch)}: expected 0 to 60 seconds");
            }

            IReadOnlyList<Row> rows = Examine(SensorRoot.Bind(parsed, root), time);
            if (parsed.GetValue(format) == "json")
            {
                console.Output.Flush();
                WriteJson(rows, console.OutputBytes);
            }
            else
            {
                WriteText(rows, console);
            }

            return (int)(rows.Any(r => r.Used) ? ExitCode.Fine : ExitCode.No);
        });
        return command;
    }

    private static IReadOnlyList<Row> Examine(SystemRoot root, Duration watch)
    {
        SensorSurvey survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(root);
        List<(SensorChoice Choice, bool Used)> choices = [.. survey.Used.Select(c => (c, true)), .. survey.Others.Select(c => (c, false))];
        List<ISensor> open = [];
        Dictionary<SensorChoice, int> opened = [];
        foreach ((SensorChoice choice, _) in choices)
        {
            try
            {
                if (watch > Duration.Zero && choice.Finding.Open?.Invoke() is { } sensor)
                {
                    opened[choice] = open.Count;
                    open.Add(sensor);
                }
            }
            catch (IOException)
            {
                // Gone since it was found; it has no period then.
            }
        }

        IReadOnlyList<WatchedSensor> watched = SensorWatch.Watch(open, watch, SensorWatch.Patience, TimeProvider.System);
        return
        [
            .. choices.Select(c => new Row(c.Choice, c.Used, opened.TryGetValue(c.Choice, out int i) ? watched[i] : null))
                .OrderBy(r => r.Finding.Domain.Name, StringComparer.Ordinal).ThenByDescending(r => r.Used),
        ];
    }

    private static void WriteText(IReadOnlyList<Row> rows, CliConsole console)
    {
        int used = rows.Count(r => r.Used);
        console.Output.WriteLine($"energy can be measured here: {(used == 0 ? "no" : rows.Any(r => r.Finding.State is SensorState.Unreadable) ? "partly" : "yes")}");
        if (rows.Count == 0)
        {
            console.Output.WriteLine("  no energy sensor was found: a virtual machine or container often has none. Reports estimate from utilisation, and say so.");
            return;
        }

        TextTable.Write(
            console.Output,
            "domain",
            ["<sensor", "<state", "resolution", "updates", "<used"],
            [.. rows.Select(r => new TextRow(
                Printable.Text(r.Finding.Domain.Name),
                [r.Finding.Sensor, StateName(r.Finding.State), Resolution(r), Period(r), r.Used ? "yes" : r.Choice.IsBeside ? "beside" : "no"]))],
            console.Style);
        foreach (Row row in rows)
        {
            string note = row.Finding.State is SensorState.Ok ? row.Choice.Why : row.Finding.Note;
            note = string.Join("; ", ((string?[])[note, Timing(row)]).Where(n => n is { Length: > 0 }));
            string unlock = row.Finding.Unlock is { } how ? $" To unlock: {how}" : "";
            if (note.Length + unlock.Length > 0)
            {
                console.Output.WriteLine($"  {Printable.Text(row.Finding.Domain.Name)} by {row.Finding.Sensor}: {Printable.Text(note)}{Printable.Text(unlock)}");
            }
        }
    }

    private static void WriteJson(IReadOnlyList<Row> rows, Stream output)
    {
        using Utf8JsonWriter json = new(output, new() { Indented = true, IndentSize = 1 });
        json.WriteStartObject();
        json.WriteString("schema", "smaragdine.doctor/1");
        json.WriteBoolean("measurable", rows.Any(r => r.Used));
        json.WriteStartArray("sensors");
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("domain", row.Finding.Domain.Name);
            json.WriteString("sensor", row.Finding.Sensor);
            json.WriteString("kind", row.Finding.Kind is StreamKind.Energy ? "energy" : "power");
            json.WriteString("state", StateName(row.Finding.State));
            json.WriteBoolean("used", row.Used);
            json.WriteBoolean("beside", row.Choice.IsBeside);
            json.WriteString("why", row.Choice.Why);
            json.WriteString("unlock", row.Finding.Unlock);
            json.WriteString("path", row.Finding.Path);
            json.WriteNumberOrNull("resolution", row.Finding.Resolution);
            json.WriteNumberOrNull("documented_update_s", row.Finding.UpdatePeriod?.TotalSeconds);
            json.WriteNumberOrNull("measured_update_s", row.Watched?.Period?.TotalSeconds);
            json.WriteNumberOrNull("measured_resolution", row.Watched?.Step / 1e6);
            json.WriteNumberOrNull("reading_s", row.Watched?.Reading?.TotalSeconds);
            json.WriteString("timing", Timing(row));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string StateName(SensorState state) => state switch
    {
        SensorState.Ok => "ok",
        SensorState.Unreadable => "unreadable",
        SensorState.NotSupported => "not supported",
        _ => "faulty",
    };

    private static string Resolution(Row row)
    {
        if (row.Resolution is not { } step)
        {
            return "–";
        }

        FigureUnit unit = FigureUnit.For(row.Finding.Kind is StreamKind.Energy ? "J" : "W", step);
        return $"{(step * unit.Factor).ToString("0.##", CultureInfo.InvariantCulture)} {unit.Symbol}";
    }

    /// <summary>What watching it told beside figures; null where there is nothing to say.</summary>
    private static string? Timing(Row row) => row.Watched switch
    {
        { GaveUp: true } => $"it did not answer in time (the watch and {Figures.Seconds(SensorWatch.Patience.TotalSeconds)} more were waited for), so its period is not known",
        { Period: null, Reading: { } reading } when reading > Slow => $"a reading takes {Figures.Seconds(reading.TotalSeconds)}, too long to see how often there is a new value",
        _ => null,
    };

    private static string Period(Row row) => row.Watched?.Period is { } measured ? Figures.Seconds(measured.TotalSeconds)
        : row.Finding.UpdatePeriod is { } told ? $"({Figures.Seconds(told.TotalSeconds)})"
        : "–";
}
