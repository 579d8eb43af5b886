using System.CommandLine;
using Smaragdine.Cli.Reporting;
using Smaragdine.Comparison;
using Smaragdine.Formats.Comparisons;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine baseline`: runs in a file small enough to commit, for `diff`.</summary>
internal static class BaselineCommand
{
    public static Command Create(CliConsole console)
    {
        RunArguments arguments = new();
        Argument<string[]> runs = new("runs") { Description = "recordings, traces or baselines: runs that repeat each other", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "the file, such as main.footprint.json", HelpName = "FILE", Required = true };
        Command command = new("baseline", "Runs in a file small enough to commit, to compare with later.") { runs, output };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            string file = ReportArguments.NotEmpty(parsed.GetValue(output), "--output")!;
            RunWarnings warnings = new();
            ComparedSide side = arguments.Bind(parsed, console).Side(parsed.GetValue(runs)!, warnings.Add);
            OutputFile.Write(file, stream => BaselineFile.Write(side.Runs, stream));
            console.Error.WriteLine($"wrote {file}: {side.Runs.Count} run{(side.Runs.Count == 1 ? "; with several, `diff` knows how much runs differ" : "s")}");
            foreach (Warning warning in (List<Warning>)[.. warnings.Summed(), .. Parity.Of(side, side).Where(w => w.Code == "parity")])
            {
                console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
            }

            return (int)(warnings.Summed().Any(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine);
        });
        return command;
    }
}
