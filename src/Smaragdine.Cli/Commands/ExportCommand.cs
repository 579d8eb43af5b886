using System.CommandLine;
using System.Text;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.Exports;
using Smaragdine.Formats.Reports;
using Smaragdine.Traces;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine export`: the footprint in files that other tools read.</summary>
internal static class ExportCommand
{
    public static Command Create(CliConsole console)
    {
        ReportArguments arguments = new();
        Option<string> format = new("--format") { Description = "paper: footprint.csv and runtime.csv as the paper's code writes them", Required = true };
        format.AcceptOnly("paper");
        Option<string> output = new("--output", "-o") { Description = "directory to write to", HelpName = "DIR", DefaultValueFactory = _ => "." };
        Command command = new("export", "The footprint in files that other tools read.");
        arguments.AddInputTo(command);
        command.Options.Add(format);
        command.Options.Add(output);
        command.SetAction(parsed => (int)RunPaper(arguments.Bind(parsed, console), ReportArguments.NotEmpty(parsed.GetValue(output), "--output")!, console));
        return command;
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
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                write(footprints, writer);
            });
            console.Error.WriteLine($"wrote {path}");
        }

        foreach (Warning warning in warnings)
        {
            console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
        }

        return warnings.Exists(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;
    }
}
