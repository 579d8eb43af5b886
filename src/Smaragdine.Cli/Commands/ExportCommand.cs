using System.CommandLine;
using System.IO.Compression;
using System.Text;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.Exports;
using Smaragdine.Formats.Exports.Perfetto;
using Smaragdine.Formats.Exports.Pprof;
using Smaragdine.Formats.Reports;
using Smaragdine.Traces;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine export`: the footprint in files that other tools open.</summary>
internal static class ExportCommand
{
    private static readonly string[] Stacks = ["pprof", "speedscope", "folded"];

    /// <summary>What else a command line may say of how a format is written.</summary>
    private sealed record Form(string Format, bool ByPass, FoldedValue Value);

    public static Command Create(CliConsole console)
    {
        ReportArguments arguments = new();
        RowArguments chosen = new("siblings of equal structure as one: pprof, speedscope, folded and openmetrics");
        Option<string> format = new("--format") { Description = "perfetto, pprof, speedscope, folded, openmetrics, csv, or paper: the two tables of the paper's code", Required = true };
        format.AcceptOnly("perfetto", "pprof", "speedscope", "folded", "openmetrics", "csv", "paper");
        Option<string> by = new("--by") { Description = "stacks beneath the device: module, or pass and then module; pprof, speedscope and folded", DefaultValueFactory = _ => "module" };
        by.AcceptOnly("module", "pass");
        Option<string> value = new("--value") { Description = "energy (µJ) or time (ns); folded", DefaultValueFactory = _ => "energy" };
        value.AcceptOnly("energy", "time");
        Option<string?> output = new("--output", "-o") { Description = "write to a file instead, gzipped where its name ends in .gz; of paper a directory (default: here)", HelpName = "FILE" };
        Command command = new("export", "The footprint in files that other tools open.");
        arguments.AddInputTo(command);
        foreach (Option option in (Option[])[format, .. chosen.Options, by, value, output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(format)!;
            foreach (Option option in (Option[])[.. chosen.Options, by, value])
            {
                string[] takers = TakersOf(option);
                if (parsed.GetResult(option) is { Implicit: false } && !takers.Contains(name, StringComparer.Ordinal))
                {
                    throw new UsageException($"{option.Name}: --format {name} has no use for it; {string.Join(", ", takers)} {(takers.Length == 1 ? "has" : "have")}");
                }
            }

            string? file = ReportArguments.NotEmpty(parsed.GetValue(output), "--output");
            ReportOptions options = chosen.Bind(parsed, arguments.Bind(parsed, console), fold: false);
            Form form = new(name, parsed.GetValue(by) == "pass", parsed.GetValue(value) == "time" ? FoldedValue.Time : FoldedValue.Energy);
            return (int)(name == "paper" ? RunPaper(options, file ?? ".", console) : Run(options, form, file, console));
        });
        return command;
    }

    private static string[] TakersOf(Option option) => option.Name switch
    {
        "--by" => Stacks,
        "--value" => ["folded"],
        "--fold-layers" => [.. Stacks, "openmetrics"],
        _ => ["perfetto", .. Stacks, "openmetrics", "csv"],
    };

    private static ExitCode Run(ReportOptions options, Form form, string? file, CliConsole console)
    {
        // Bars are drawn on a terminal only.
        if (file is null && form.Format is "perfetto" or "pprof" && console.Style.Bars)
        {
            throw new UsageException($"--format {form.Format} is not for a terminal: write it to a file with `-o {(form.Format == "pprof" ? "energy.pb.gz" : "energy.pftrace")}`");
        }

        AccountedRecording accounted = ReportPipeline.Account(options, console.LocalZone);
        Report report = accounted.Report;
        bool stacks = Stacks.Contains(form.Format, StringComparer.Ordinal);
        if (stacks && report.Footprint.IsUntraced)
        {
            throw ReportPipeline.NothingToShare($"--format {form.Format}", options.Path);
        }

        if (form is { Format: "folded", Value: FoldedValue.Energy } && report.Rows.All(r => r.Energy is null))
        {
            throw new UsageException("these operations have no power, so there is no energy to draw; give power with `--power LOG`, or `--value time`");
        }

        if (file is null)
        {
            console.Output.Flush();
            Write(accounted, form, console.OutputBytes);
        }
        else
        {
            OutputFile.Write(file, stream =>
            {
                // A profile is gzipped whatever its name.
                using GZipStream? packed = form.Format != "pprof" && file.EndsWith(".gz", StringComparison.Ordinal)
                    ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)
                    : null;
                Write(accounted, form, packed ?? stream);
            });
            console.Error.WriteLine($"wrote {file}");
        }

        List<Warning> warnings = [.. report.Warnings];
        if (form is { Format: "pprof" } or { Format: "folded", Value: FoldedValue.Energy } && ExportNotes.Mixed(report) is { } mixed)
        {
            warnings.Add(new("mixed-quality", mixed));
        }

        return Warn(warnings, console);
    }

    private static void Write(AccountedRecording accounted, Form form, Stream output)
    {
        Report report = accounted.Report;
        switch (form.Format)
        {
            case "perfetto":
                PoweredRecording powered = accounted.Powered;
                PerfettoExport.Write(new(report, powered.Recording.Trace, powered.Power.Devices, powered.Power.WholeMachine), output);
                break;
            case "pprof":
                PprofExport.Write(report, form.ByPass, output);
                break;
            case "speedscope":
                SpeedscopeExport.Write(report, form.ByPass, output);
                break;
            case "folded":
                FoldedExport.Write(report, form.Value, form.ByPass, output);
                break;
            case "openmetrics":
                OpenMetricsExport.Write(report, output);
                break;
            default:
                using (StreamWriter writer = Text(output))
                {
                    CsvReport.Write(report, writer);
                }

                break;
        }
    }

    private static ExitCode RunPaper(ReportOptions options, string directory, CliConsole console)
    {
        List<Warning> warnings = [];
        PoweredRecording powered = ReportPipeline.Read(options, console.LocalZone, warnings.Add);
        if (powered.Recording.Trace.IsUntraced)
        {
            throw ReportPipeline.NothingToShare("--format paper", options.Path);
        }

        if (!powered.Power.Devices.Values.Any(d => d.IsKnown))
        {
            throw new UsageException("the recording has no power, so there is no footprint to export; give one with `--power LOG`");
        }

        Trace trace = powered.Recording.Trace;
        IReadOnlyList<PaperFootprint> footprints = PaperExport.Account(trace, powered.Power.Devices, ReportPipeline.SelectedSteps(options, trace));
        OutputFile.CreateDirectory(directory);
        foreach ((string name, Action<IReadOnlyList<PaperFootprint>, TextWriter> write) in new (string, Action<IReadOnlyList<PaperFootprint>, TextWriter>)[]
        {
            ("footprint.csv", PaperExport.WriteFootprint),
            ("runtime.csv", PaperExport.WriteRuntime),
        })
        {
            string path = Path.Combine(directory, name);
            OutputFile.Write(path, stream =>
            {
                using StreamWriter writer = Text(stream);
                write(footprints, writer);
            });
            console.Error.WriteLine($"wrote {path}");
        }

        return Warn(warnings, console);
    }

    private static StreamWriter Text(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);

    private static ExitCode Warn(List<Warning> warnings, CliConsole console)
    {
        foreach (Warning warning in warnings)
        {
            console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
        }

        return warnings.Exists(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;
    }
}
