using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What `record` says when it is done: joules, watts, seconds, and how well it kept its times.</summary>
internal static class RunSummary
{
    /// <param name="directory">What was recorded.</param>
    /// <param name="whole">What to report next: the directory, or that of all ranks.</param>
    /// <param name="statistics">Of the sampler.</param>
    /// <param name="console">Where to.</param>
    public static void Write(string directory, string whole, SamplerStatistics statistics, CliConsole console)
    {
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
            string domains = string.Join(", ", quality.Select(d => $"{d.Domain} {Figures.Joules(d.Energy.Amount.Value)}"));
            // A rank that took the sensors over later knows of its part of the run only.
            double known = quality.Max(d => d.Covered.TotalSeconds);
            double watts = known > 0 ? joules / known : 0;
            parts.Add($"{quality.Key.Mark()}{Figures.Joules(joules)} = {joules / 3600:0.####} Wh, {Figures.Short(watts)} W {quality.Key.Name()} ({domains})");
        }

        console.Error.WriteLine(
            $"smaragdine: recorded {Figures.Seconds(seconds)} · {(parts.Count == 0 ? "no energy" : string.Join(" + ", parts))} · {statistics.MissedTicks:#,0} of {statistics.Ticks + statistics.MissedTicks:#,0} ticks missed");
        console.Error.WriteLine($"smaragdine: next: smaragdine report {whole}");
    }
}
