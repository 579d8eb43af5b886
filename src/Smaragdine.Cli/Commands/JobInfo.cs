using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>What `info` says of a job: its hosts and their sensors, its ranks and which of them read those.</summary>
internal static class JobInfo
{
    /// <summary>Stretches without power that are listed by themselves.</summary>
    private const int MostGaps = 3;

    public static void Write(RecordedJob job, TextWriter output)
    {
        output.WriteLine(Printable.Text(job.Layout.Root));
        RankFacts first = job.Layout.Ranks[0].Rank;
        InfoCommand.Line(output, "is", $"a job's recordings: {InfoCommand.N(job.Ranks.Count)} {(job.Ranks.Count == 1 ? "rank" : "ranks")}{(first.WorldSize is { } size ? $" of {size}" : "")} on {InfoCommand.N(job.Hosts.Count)} {(job.Hosts.Count == 1 ? "host" : "hosts")}{Launcher(first)}");
        InfoCommand.Line(output, "recognised", $"by directories {(job.Layout.IsOneHost ? "RANK" : "HOST/RANK")} with manifests of ranks");
        foreach (RecordedHost host in job.Hosts)
        {
            output.WriteLine();
            InfoCommand.Line(output, "host", host.Name);
            InfoCommand.Line(output, "sensors", host.Sensors.Count == 0 ? "none" : string.Join("; ", host.Sensors.Select(InfoCommand.Sensor)));
            foreach (DomainPower sensor in host.Sensors)
            {
                if (Gaps(sensor.Timeline) is { Length: > 0 } gaps)
                {
                    InfoCommand.Line(output, "gaps", $"{sensor.Domain.Name}: {gaps}");
                }
            }

            foreach (RecordedRank rank in host.Ranks)
            {
                InfoCommand.Line(output, $"rank {rank.Number}", Rank(rank));
            }
        }

        output.WriteLine();
    }

    /// <summary>`3 of 8 (slurm, job 123.0)`.</summary>
    public static string RankText(RankFacts rank) => $"{rank.Rank}{(rank.WorldSize is { } size ? $" of {size}" : "")}{Launcher(rank)}";

    public static string SensorsText(bool? holds) => holds switch
    {
        true => ", read its host's sensors",
        false => ", another rank read its host's sensors",
        null => "",
    };

    private static string Launcher(RankFacts rank)
    {
        string text = string.Join(", ", new[] { rank.Launcher, rank.Job is { } job ? $"job {job}" : "" }.Where(t => t.Length > 0));
        return text.Length > 0 ? $" ({text})" : "";
    }

    private static string Rank(RecordedRank rank)
    {
        Recording recording = rank.Recording;
        List<string> parts = [];
        if (rank.Run is { } run)
        {
            parts.Add($"{run.Start} to {run.End} ({Figures.Seconds(run.Length.TotalSeconds)})");
        }

        if (recording.Manifest.HoldsSensors is true)
        {
            parts.Add("read the host's sensors");
        }

        if (recording.Samples is { } samples)
        {
            parts.Add($"{InfoCommand.N((int)Math.Min(int.MaxValue, samples.Count))} samples{(samples.Finished ? "" : ", not finished")}");
        }

        List<TracedStep> steps = [.. recording.Trace.Steps];
        parts.Add(recording.Trace.IsUntraced
            ? "no trace"
            : $"{InfoCommand.N(recording.Trace.SpanCount)} spans in {(steps.Count == 1 ? "step" : "steps")} {FootprintBuilder.Ranges([.. steps.Select(s => s.Number)])}");
        return string.Join(" · ", parts);
    }

    /// <summary>Where a host's sensor says nothing between its first and last reading: nobody read it, or it gave nothing.</summary>
    private static string Gaps(PowerTimeline timeline)
    {
        List<Interval> gaps = [];
        for (int i = 1; i < timeline.Count; i++)
        {
            if (timeline.Starts[i] > timeline.Ends[i - 1])
            {
                gaps.Add(Interval.FromUnixNanoseconds(timeline.Ends[i - 1], timeline.Starts[i]));
            }
        }

        if (gaps.Count == 0)
        {
            return "";
        }

        IEnumerable<string> largest = gaps.OrderByDescending(g => g.Length).Take(MostGaps).OrderBy(g => g.Start).Select(g => $"{Figures.Seconds(g.Length.TotalSeconds)} from {g.Start}");
        double all = gaps.Sum(g => g.Length.TotalSeconds);
        return $"{InfoCommand.N(gaps.Count)}, {Figures.Seconds(all)} together; {(gaps.Count > MostGaps ? "the longest " : "")}{string.Join(", ", largest)}";
    }
}
