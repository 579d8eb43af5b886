using System.CommandLine;
using System.Text;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine report`: the footprint as a tree or a ranking, as JSON or CSV.</summary>
internal static class ReportCommand
{
    public static Command Create(CliConsole console)
    {
        ReportArguments arguments = new();
        Option<string> by = new("--by") { Description = "what a line is", DefaultValueFactory = _ => "module" };
        by.AcceptOnly("module", "operation", "type", "pass");
        Option<int> depth = new("--depth") { Description = "levels of the tree", DefaultValueFactory = _ => 3 };
        Option<int> top = new("--top") { Description = "lines at most; the rest is summed", DefaultValueFactory = _ => 30 };
        RowArguments chosen = new("siblings of equal structure as one row (text folds the tree unless told `--fold-layers false`)");
        Option<string> sort = new("--sort") { Description = "largest first", DefaultValueFactory = _ => "energy" };
        sort.AcceptOnly("energy", "time", "power", "calls", "name");
        Option<string?> per = new("--per") { Description = "energies per token or per sample as well" };
        per.AcceptOnly("token", "sample");
        Option<string?> tokens = new("--tokens") { Description = "tokens per step", HelpName = "N" };
        Option<string?> samples = new("--samples") { Description = "samples per step", HelpName = "N" };
        Option<string> format = new("--format") { Description = "text, json or csv; json and csv are complete", DefaultValueFactory = _ => "text" };
        format.AcceptOnly("text", "json", "csv");
        Option<string?> output = new("--output", "-o") { Description = "write to a file instead", HelpName = "FILE" };
        Command command = new("report", "Where the energy went, module by module.");
        arguments.AddTo(command);
        foreach (Option option in (Option[])[by, .. chosen.Options, depth, top, sort, per, tokens, samples, format, output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            bool text = parsed.GetValue(format) == "text";
            ReportRows rows = Enum.Parse<ReportRows>(parsed.GetValue(by)!, ignoreCase: true);
            ReportOptions options = chosen.Bind(parsed, arguments.Bind(parsed, console), fold: text && rows is ReportRows.Module) with
            {
                Per = parsed.GetValue(per),
                Tokens = ReportArguments.Positive(parsed.GetValue(tokens), "--tokens"),
                Samples = ReportArguments.Positive(parsed.GetValue(samples), "--samples"),
            };
            TextView view = new(
                rows,
                Enum.Parse<ReportOrder>(parsed.GetValue(sort)!, ignoreCase: true),
                AtLeastOne(parsed.GetValue(depth), "--depth"),
                AtLeastOne(parsed.GetValue(top), "--top"),
                options.Fold,
                parsed.GetResult(depth) is { Implicit: false } || parsed.GetResult(top) is { Implicit: false } ? 0 : SmallestModule);
            return (int)Run(options, view, parsed.GetValue(format)!, ReportArguments.NotEmpty(parsed.GetValue(output), "--output"), console);
        });
        return command;
    }

    /// <summary>Share of the whole below which a module is no line of its own, unless `--depth` or `--top` asks for more.</summary>
    private const double SmallestModule = 0.005;

    private static ExitCode Run(ReportOptions options, TextView view, string format, string? file, CliConsole console)
    {
        Report report = ReportPipeline.Run(options, console.LocalZone);
        if (view.Order is ReportOrder.Power && report.Footprint.Devices.Any(d => d.Quality is Quality.Estimated))
        {
            throw new UsageException("--sort power: withheld for estimated figures, since such joules are CPU time rescaled; a sensor or `--power LOG` gives measured ones");
        }

        if (file is null)
        {
            Write(report, view, format, console.Output, console.OutputBytes, console.Style);
        }
        else
        {
            OutputFile.Write(file, stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                Write(report, view, format, writer, stream, TextStyle.Plain);
            });
        }

        if (format != "text" || file is not null)
        {
            foreach (Warning warning in report.Warnings)
            {
                console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
            }
        }

        return report.Warnings.Any(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;
    }

    private static void Write(Report report, TextView view, string format, TextWriter writer, Stream bytes, TextStyle style)
    {
        switch (format)
        {
            case "json":
                writer.Flush();
                JsonReport.Write(report, bytes);
                break;
            case "csv":
                CsvReport.Write(report, writer);
                break;
            default:
                TextReport.Write(report, view, style, writer);
                break;
        }
    }

    private static int AtLeastOne(int value, string option) => value >= 1
        ? value
        : throw new UsageException($"{option} {value}: expected 1 or more");
}
