using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What `record` says when it is done: joules, watts, seconds, and how well it kept its times.</summary>
internal static class RunSummary
{
    /// <summary>Summing up reads all samples into memory: of a recording of many hours that is more than a recorder may ask for unasked.</summary>
    private const long LargestBytes = 64 << 20;

    /// <param name="directory">What was recorded.</param>
    /// <param name="whole">What to report next: the directory, or that of all ranks.</param>
    /// <param name="statistics">Of the sampler.</param>
    /// <param name="console">Where to.</param>
    public static void Write(string directory, string whole, SamplerStatistics statistics, CliConsole console)
    {
        if (new FileInfo(Path.Combine(directory, "samples.smrg")) is { Exists: true, Length: > LargestBytes })
        {
            console.Error.WriteLine($"smaragdine: recorded; too long to be summed up in passing. Next: smaragdine report {Printable.Text(whole)}");
            return;
        }

        Report report;
        try
        {
            report = ReportPipeline.Run(new() { Path = directory }, console.LocalZone);
        }
        catch (Exception e) when (e is RefusedInputException or UsageException or NoSuchStepException)
        {
            console.Error.WriteLine($"smaragdine: recorded, but not readable yet: {e.Message}");
            return;
        }

        if (report.Footprint.Run is not { } run)
        {
            return;
        }

        double seconds = run.Extent.Length.TotalSeconds;
        List<string> parts = [];
        foreach (IGrouping<Quality, DomainRun> quality in run.ByDomain.GroupBy(d => d.Energy.Quality).OrderBy(q => q.Key))
        {
            double joules = quality.Sum(d => d.Energy.Amount.Value);
            string domains = string.Join(", ", quality.Select(d => $"{d.Domain} {d.Energy.Quality.Mark()}{Figures.Joules(d.Energy.Amount.Value)}"));
            // Each over its own time: a rank that took the sensors over later knows of a part of the run only, and so does a command that came late.
            double watts = quality.Sum(d => d.Known > Duration.Zero ? (d.Energy.Amount / d.Known).Value : 0);
            string mark = quality.Key.Mark();
            parts.Add($"{mark}{Figures.Joules(joules)} = {mark}{Figures.WattHours(joules)}, {mark}{Figures.Short(watts)} W {quality.Key.Name()} ({domains})");
        }

        Duration gaps = run.ByDomain.Select(d => d.GapTime).DefaultIfEmpty(Duration.Zero).Max();
        string inGaps = gaps > Duration.Zero
            ? $" ({Figures.Joules(run.ByDomain.Sum(d => d.InGaps.Value))} of it in gaps of {Figures.Seconds(gaps.TotalSeconds)}, shared among nobody)"
            : "";

        console.Error.WriteLine(
            $"smaragdine: recorded {Figures.Seconds(seconds)} · {(parts.Count == 0 ? "no energy" : string.Join(" + ", parts))}{inGaps} · {statistics.MissedTicks:#,0} of {statistics.Ticks + statistics.MissedTicks:#,0} ticks missed");
        console.Error.WriteLine($"smaragdine: next: smaragdine report {Printable.Text(whole)}");
    }
}
