using System.CommandLine;
using System.Globalization;
using Smaragdine.Cli.Recorders;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine stat`: joules, watts and seconds of a command, mean ± standard deviation over several runs; nothing is kept.</summary>
internal static class StatCommand
{
    /// <summary>One domain in one run.</summary>
    private sealed record DomainFigure(string Domain, Quality Quality, Joules Energy, Duration Known, double? AboveIdle);

    private sealed record RunFigures(double Seconds, int ExitCode, bool Broken, IReadOnlyList<DomainFigure> Domains);

    public static Command Create(CliConsole console)
    {
        Option<int> repeat = new("--repeat", "-r") { Description = "run it so often: mean ± standard deviation over runs", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<string?> period = new("--period") { Description = "read every sensor this often, such as 4ms (default: what suits each)", HelpName = "TIME" };
        Option<string[]> sensors = new("--sensors") { Description = "only these domains or sensors", HelpName = "NAME" };
        Option<string[]> sensorCommand = SensorCommandOption.Create();
        Option<string?> baseline = new("--baseline") { Description = "measure idle power for so long before the first run: gives J above idle", HelpName = "TIME" };
        Option<string?> root = SensorRoot.Create();
        Argument<string[]> program = new("command") { Description = "the program and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        Command command = new("stat", "Joules, watts and seconds of a command.") { repeat, period, sensors, sensorCommand, baseline, root, program };
        command.SetAction(parsed =>
        {
            int runs = parsed.GetValue(repeat);
            if (runs is < 1 or > 100_000)
            {
                throw new UsageException($"--repeat {runs}: expected 1 or more");
            }

            Duration? each = parsed.GetValue(period) is { } p ? TimeText.ParsePeriod(p) : null;
            SensorSet set = SensorSet.Find(SensorRoot.Bind(parsed, root), parsed.GetValue(sensors) is { Length: > 0 } names ? names : null);
            Talk talk = new(console);
            using ExternalSensors external = SensorCommands.Start(parsed.GetValue(sensorCommand) ?? [], talk);
            set = SensorCommands.Join(set, external, talk);
            IReadOnlyDictionary<string, Watts> idle = parsed.GetValue(baseline) is { } time && set.Used.Count + external.Streams.Count > 0
                ? SamplingRun.Baseline(set, external, each ?? Duration.FromMilliseconds(20), TimeText.Parse(time, "--baseline"))
                : new Dictionary<string, Watts>(StringComparer.Ordinal);
            List<RunFigures> figures = [];
            try
            {
                while (figures.Count < runs && figures is not [.., { Broken: true }])
                {
                    figures.Add(RunOnce(parsed.GetValue(program)!, set, external, each, idle));
                }
            }
            catch (ChildProcessException e)
            {
                console.Error.WriteLine($"smaragdine: {Printable.Text(e.Message)}");
                return e.ExitCode;
            }

            int exit = figures[^1].ExitCode;
            if (figures.Count > 1 && figures[^1].Broken)
            {
                // What a key broke off is no run like the others.
                figures.RemoveAt(figures.Count - 1);
                talk.Say($"run {figures.Count + 1} of {runs} was broken off; these are the runs before");
            }

            Write(figures, console.Error);
            return exit;
        });
        return command;
    }

    private static RunFigures RunOnce(IReadOnlyList<string> command, SensorSet set, ExternalSensors external, Duration? period, IReadOnlyDictionary<string, Watts> idle)
    {
        using ProgramWatch watch = ProgramWatch.Create(SystemRoot.Real, BusyTimeSensor.DefaultPeriod);
        using SamplingRun run = new([.. set.Open(period), .. ActivitySensors.Of(SystemRoot.Real, watch)], external);
        long start = MonotonicClock.Instance.MonotonicNs();
        using ChildProcess child = watch.Start(command);
        int exit = child.WaitForExit();
        long end = MonotonicClock.Instance.MonotonicNs();
        RecordedSamples samples = run.Stop(_ => { });
        watch.End();
        List<DomainPower> domains = [.. samples.ToPower(_ => { })];
        if (!domains.Exists(d => d.Domain.Kind is DomainKind.Package or DomainKind.Dram) && samples.ToActivity(new() { LogicalCpus = Environment.ProcessorCount }, _ => { }) is { } activity)
        {
            domains.AddRange(UtilisationEstimator.Estimate(activity, new(), _ => { }));
        }

        // Sensors are read a moment longer than the program runs, on both sides.
        Interval? whole = samples.Between(start, end);
        return new((end - start) / 1e9, exit, child.Signalled, whole is { } window ? [.. domains.Select(d => Figure(d, window, idle))] : []);
    }

    private static DomainFigure Figure(DomainPower domain, Interval window, IReadOnlyDictionary<string, Watts> idle)
    {
        (Joules energy, Duration covered) = domain.Timeline.Over(window);
        (Joules inGaps, Duration gapTime) = domain.InGaps?.Over(window) ?? default;
        energy += inGaps;
        double? above = idle.TryGetValue(domain.Domain.Name, out Watts rest) ? (energy - (rest * (covered + gapTime))).Value : null;
        return new(domain.Domain.Name, domain.Quality, energy, covered + gapTime, above);
    }

    private static void Write(IReadOnlyList<RunFigures> runs, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"  {Spread(runs.Select(r => r.Seconds), "s")}  elapsed{(runs.Count > 1 ? $", {runs.Count} runs" : "")}");
        foreach (IGrouping<(string Domain, Quality Quality), DomainFigure> domain in runs.SelectMany(r => r.Domains).GroupBy(d => (d.Domain, d.Quality)))
        {
            string name = $"{Printable.Text(domain.Key.Domain)} ({domain.Key.Quality.Name()})";
            string mark = domain.Key.Quality.Mark();
            // Over the time that is known of: a command that came late has no power before.
            double watts = domain.Where(d => d.Known > Duration.Zero).Select(d => (d.Energy / d.Known).Value).DefaultIfEmpty(0).Average();
            double known = domain.Sum(d => d.Known.TotalSeconds) / runs.Where(r => r.Domains.Any(domain.Contains)).Sum(r => r.Seconds);
            string part = known < 0.95 ? $", {known * 100:0} % of the time" : "";
            double mean = domain.Average(d => d.Energy.Value);
            string above = domain.All(d => d.AboveIdle is not null) ? $", {mark}{Figures.Short(domain.Average(d => d.AboveIdle!.Value))} J above idle" : "";
            output.WriteLine($"  {mark}{Spread(domain.Select(d => d.Energy.Value), "J")}  {name}, {mark}{Figures.Short(watts)} W, {mark}{(mean / 3.6e6).ToString("0.00e+0", CultureInfo.InvariantCulture)} kWh{above}{part}");
        }

        if (runs.All(r => r.Domains.Count == 0))
        {
            output.WriteLine("  no energy: the run was too short for two readings");
        }
    }

    private static string Spread(IEnumerable<double> values, string unit)
    {
        StepFigure figure = StepFigure.Of(values);
        return $"{Figures.Short(figure.Mean)}{(figure.StandardDeviation is { } sd ? $" ± {Figures.Short(sd)}" : "")} {unit}";
    }
}
