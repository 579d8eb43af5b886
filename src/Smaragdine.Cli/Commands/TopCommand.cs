using System.CommandLine;
using Smaragdine.Cli.Live;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.External;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine top`: live watts, and the processes that cause them.</summary>
internal sealed class TopCommand
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly Option<string> period = new("--period") { Description = "how often it is refreshed, and over what it is measured", HelpName = "TIME", DefaultValueFactory = _ => "1s" };
    private readonly Option<bool> once = new("--once") { Description = "measure one period, show it and end" };
    private readonly Option<int?> count = new("--count") { Description = "end after so many periods", HelpName = "N" };
    private readonly Option<string> format = new("--format") { Description = "text or json (one object in each line)", DefaultValueFactory = _ => "text" };
    private readonly Option<string> sort = new("--sort") { Description = "power, cpu, gpu or pid", DefaultValueFactory = _ => "power" };
    private readonly Option<int?> top = new("--top") { Description = "show at most so many processes (default: as many as there is room for, else 20; json: all)", HelpName = "N" };
    private readonly Option<string[]> sensors = new("--sensors") { Description = "only these domains or sensors", HelpName = "NAME" };
    private readonly Option<string[]> sensorCommand = SensorCommandOption.Create();
    private readonly Option<string?> baseline = new("--baseline") { Description = "measure idle power for so long before: processes then share what is above it", HelpName = "TIME" };
    private readonly EstimateArguments estimate = new();
    private readonly Option<string?> root = SensorRoot.Create();

    private TopCommand()
    {
        format.AcceptOnly("text", "json");
        sort.AcceptOnly("power", "cpu", "gpu", "pid");
    }

    /// <summary>What the command line says.</summary>
    private sealed record Options(Duration Period, int? Count, bool Once, bool Json, TopOrder Order, int? Top);

    public static Command Create(CliConsole console)
    {
        TopCommand verb = new();
        Command command = new("top", "Live power and the processes that cause it.")
        {
            verb.period, verb.once, verb.count, verb.format, verb.sort, verb.top, verb.sensors, verb.sensorCommand, verb.baseline, verb.root,
        };
        foreach (Option option in verb.estimate.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => verb.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, CliConsole console)
    {
        Options options = Bind(parsed);
        (double? tdp, double? idle) = estimate.Bind(parsed);
        SystemRoot where = SensorRoot.Bind(parsed, root);
        string? rest = parsed.GetValue(baseline);
        Talk talk = new(console);
        SensorSet set = SensorSet.Find(where, parsed.GetValue(sensors) is { Length: > 0 } names ? names : null);
        using ExternalSensors external = SensorCommands.Start(parsed.GetValue(sensorCommand) ?? [], talk);
        set = SensorCommands.Join(set, external, talk);
        IReadOnlyDictionary<string, Watts> idlePower = rest is null
            ? new Dictionary<string, Watts>(StringComparer.Ordinal)
            : SamplingRun.Baseline(set, external, Duration.FromMilliseconds(20), TimeText.Parse(rest, "--baseline"));
        using TopMeter meter = new(where, set, external, options.Period, idlePower, new(null, tdp, idle));
        foreach (SensorFinding locked in set.Locked.DistinctBy(f => f.Domain))
        {
            meter.Notes.Add($"{locked.Domain.Name} is there and may not be read{(locked.Unlock is { } how ? $": {how}" : "")}");
        }

        return Show(options, meter, talk, console);
    }

    private Options Bind(ParseResult parsed)
    {
        Duration each = TimeText.Parse(parsed.GetValue(period)!, "--period");
        if (each < Duration.FromMilliseconds(50) || each > Duration.FromSeconds(3600))
        {
            throw new UsageException($"--period {parsed.GetValue(period)}: expected 50ms to 1h");
        }

        int? most = AtLeastOne(parsed.GetValue(top), "--top");
        int? periods = AtLeastOne(parsed.GetValue(count), "--count");
        TopOrder order = parsed.GetValue(sort) switch
        {
            "cpu" => TopOrder.Cpu,
            "gpu" => TopOrder.Gpu,
            "pid" => TopOrder.Pid,
            _ => TopOrder.Power,
        };
        bool single = parsed.GetValue(once);
        return new(each, single ? 1 : periods, single, parsed.GetValue(format) == "json", order, most);
    }

    private static int? AtLeastOne(int? value, string option) =>
        value is null or >= 1 ? value : throw new UsageException($"{option} {value}: expected 1 or more");

    private static int Show(Options options, TopMeter meter, Talk talk, CliConsole console)
    {
        TopText text = new(console.Style, options.Order, options.Top ?? 20, console.LocalZone);
        Terminal? screenTaken = null;

        // Before the terminal is changed: .NET takes what it finds at the first signal handler for what is to be restored.
        using TopSignals signals = new(() => screenTaken?.Hide(), () => screenTaken?.Show());
        using Terminal? terminal = options.Json || options.Once || !console.Style.Bars ? null : Terminal.TryOpen(console.Output);
        screenTaken = terminal;
        TopScreen? screen = terminal is null ? null : new(terminal, text, options.Top);
        if (screen is not null)
        {
            talk.Keep();
            screen.Draw(meter.Notes);
        }

        int said = 0;
        Sparklines minute = new();
        long start = TimeProvider.System.GetTimestamp();
        for (int shown = 1; Wait(); shown++)
        {
            bool last = shown == options.Count;
            TopFrame frame = meter.Look(last);
            meter.Notes.AddRange(talk.Take());
            IReadOnlyList<string> news = [.. meter.Notes.Skip(said)];
            said = meter.Notes.Count;
            if (screen is not null)
            {
                screen.Show(frame, meter.Notes);
            }
            else if (options.Json)
            {
                console.Output.Flush();
                TopJson.Write(frame, options.Order, options.Top ?? int.MaxValue, news, options.Once, console.OutputBytes);
            }
            else
            {
                Write(frame, news, first: shown == 1);
            }

            if (last)
            {
                break;
            }
        }

        return signals.ExitStatus;

        bool Wait()
        {
            // At whole multiples of the period: what took too long is not made up for by shorter ones.
            double length = options.Period.TotalSeconds;
            double until = (Math.Floor(TimeProvider.System.GetElapsedTime(start).TotalSeconds / length) + 1) * length;
            while (!signals.Ended)
            {
                double left = until - TimeProvider.System.GetElapsedTime(start).TotalSeconds;
                if (left <= 0)
                {
                    return true;
                }

                TimeSpan most = TimeSpan.FromSeconds(Math.Min(left, LongestWait.TotalSeconds));
                char? key = null;
                if (terminal is null)
                {
                    Thread.Sleep(most);
                }
                else
                {
                    key = terminal.Key(most);
                }

                if (key is { } pressed && !screen!.Obey(pressed))
                {
                    return false;
                }

                if (key is not null || signals.TakeChange())
                {
                    screen?.Draw(meter.Notes);
                }
            }

            return false;
        }

        void Write(TopFrame frame, IReadOnlyList<string> news, bool first)
        {
            if (!first)
            {
                console.Output.WriteLine();
            }

            text = text with { Style = console.Style with { Bars = false } };
            text.Write(frame, minute, console.Output);
            console.Output.Flush();
            foreach (string note in news)
            {
                talk.Say(note);
            }
        }
    }
}
