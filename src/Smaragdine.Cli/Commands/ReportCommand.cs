using System.CommandLine;
using System.Text;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.Reports;
using Smaragdine.Formats.Reports.Html;
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
        Option<string> format = new("--format") { Description = "text, json, csv or html; all but text are complete", DefaultValueFactory = _ => "text" };
        format.AcceptOnly("text", "json", "csv", "html");
        Option<string?> compared = new("--base") { Description = "with --format html: a recording or trace to show differences from", HelpName = "PATH" };
        Option<string?> output = new("--output", "-o") { Description = "write to a file instead", HelpName = "FILE" };
        Command command = new("report", "Where the energy went, module by module.");
        arguments.AddTo(command);
        foreach (Option option in (Option[])[by, .. chosen.Options, depth, top, sort, per, tokens, samples, format, compared, output])
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
            string? compareWith = ReportArguments.NotEmpty(parsed.GetValue(compared), "--base");
            if (compareWith is not null && parsed.GetValue(format) != "html")
            {
                throw new UsageException("--base: differences are shown by `--format html`");
            }

            return (int)Run(options, view, new(parsed.GetValue(format)!, ReportArguments.NotEmpty(parsed.GetValue(output), "--output"), compareWith), console);
        });
        return command;
    }

    /// <summary>Share of the whole below which a module is no line of its own, unless `--depth` or `--top` asks for more.</summary>
    private const double SmallestModule = 0.005;

    /// <summary>What is written, and where to.</summary>
    private sealed record ReportOutput(string Format, string? File, string? Base);

    private static ExitCode Run(ReportOptions options, TextView view, ReportOutput output, CliConsole console)
    {
        // Made before a file is: what is refused leaves none.
        PageData? page = output.Format == "html" ? ReportPages.Of(options, output.Base, console.LocalZone) : null;
        Report report = page?.Report ?? ReportPipeline.Run(options, console.LocalZone);
        if (view.Order is ReportOrder.Power && report.Footprint.Devices.Any(d => d.Quality is Quality.Estimated))
        {
            throw new UsageException("--sort power: withheld for estimated figures, since such joules are CPU time rescaled; a sensor or `--power LOG` gives measured ones");
        }

        Action<TextWriter, Stream, TextStyle> write = output.Format switch
        {
            "json" => (_, bytes, _) => JsonReport.Write(report, bytes),
            "csv" => (text, _, _) => CsvReport.Write(report, text),
            "html" => (_, bytes, _) => HtmlReport.Write(page!, bytes),
            _ => (text, _, style) => TextReport.Write(report, view, style, text),
        };
        if (output.File is null)
        {
            console.Output.Flush();
            write(console.Output, console.OutputBytes, console.Style);
        }
        else
        {
            OutputFile.Write(output.File, stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                write(writer, stream, TextStyle.Plain);
            });
        }

        if (output.Format != "text" || output.File is not null)
        {
            foreach (Warning warning in report.Warnings)
            {
                console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
            }
        }

        return report.Warnings.Any(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;
    }


    private static int AtLeastOne(int value, string option) => value >= 1
        ? value
        : throw new UsageException($"{option} {value}: expected 1 or more");
}
