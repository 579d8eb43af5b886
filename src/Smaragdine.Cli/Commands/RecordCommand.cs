using System.CommandLine;
using Smaragdine.Cli.Recorders;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine record`: samples power and processor time while a program runs.</summary>
internal static class RecordCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string?> output = new("--output", "-o") { Description = "directory to record to (default: smaragdine-TIME); of a job's ranks DIR/HOST/RANK (default: smaragdine-job-ID)", HelpName = "DIR" };
        Option<string?> period = new("--period") { Description = "read every sensor this often, such as 4ms (default: what suits each)", HelpName = "TIME" };
        Option<string[]> sensors = new("--sensors") { Description = "only these domains or sensors, such as package-0 or powercap", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        Option<string[]> sensorCommand = SensorCommandOption.Create();
        Option<string?> duration = new("--duration") { Description = "end after this time", HelpName = "TIME" };
        Option<string?> baseline = new("--baseline") { Description = "measure idle power for so long before the start", HelpName = "TIME" };
        Option<string[]> trace = new("--trace") { Description = "files that the program writes and that belong to the recording, such as 'traces/timeline-*.json'; {rank} and {local_rank} are the rank's numbers", HelpName = "GLOB" };
        Option<string?> require = new("--require") { Description = "measured: refuse to start where nothing can be measured" };
        require.AcceptOnly("measured");
        Option<string> ranks = new("--ranks") { Description = "auto: under Slurm, torchrun or MPI this is one rank of a job; off: record it by itself", DefaultValueFactory = _ => "auto" };
        ranks.AcceptOnly("auto", "off");
        Option<bool> noCommand = new("--no-command") { Description = "leave the command line out of the manifest" };
        Option<string?> root = SensorRoot.Create();
        Option<int?> pid = new("--pid") { Description = "a program that already runs (power and processor time only)", HelpName = "PID" };
        Argument<string[]> program = new("command") { Description = "the program and its arguments, after --", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("record", "Sample power and processor time while a program runs.") { output, period, sensors, sensorCommand, duration, baseline, trace, require, ranks, noCommand, root, pid, program };
        command.SetAction(parsed =>
        {
            RecordOptions options = new()
            {
                Command = parsed.GetValue(program) ?? [],
                Pid = parsed.GetValue(pid),
                Root = SensorRoot.Bind(parsed, root),
                Output = parsed.GetValue(output),
                Period = parsed.GetValue(period) is { } p ? TimeText.ParsePeriod(p) : null,
                Sensors = parsed.GetValue(sensors) is { Length: > 0 } names ? names : null,
                SensorCommands = parsed.GetValue(sensorCommand) ?? [],
                Duration = parsed.GetValue(duration) is { } d ? TimeText.Parse(d, "--duration") : null,
                Baseline = parsed.GetValue(baseline) is { } b ? TimeText.Parse(b, "--baseline") : null,
                Traces = parsed.GetValue(trace) ?? [],
                RequireMeasured = parsed.GetValue(require) is not null,
                IgnoreRanks = parsed.GetValue(ranks) == "off",
                HideCommand = parsed.GetValue(noCommand),
            };
            if (options.Command.Count == 0 == options.Pid is null)
            {
                throw new UsageException("record: expected either a command after `--` or `--pid PID`");
            }

            return new Recorder(options, console).Run();
        });
        return command;
    }
}
