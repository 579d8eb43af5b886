using BenchmarkDotNet.Attributes;
using Smaragdine.Cli.Reporting;
using Smaragdine.Traces;

namespace Smaragdine.Benchmarks;

/// <summary>File to report in a process that is warm: what `smaragdine report` does but for its start and its printing.</summary>
public class WholeReport
{
    private string directory = "";
    private ReportOptions options = new() { Path = "" };

    [Params(20_000, 200_000)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Make()
    {
        directory = Directory.CreateTempSubdirectory("smaragdine-bench-").FullName;
        byte[] timeline = RepeatedStep.Timeline(Events);
        string path = Path.Combine(directory, "timeline.json");
        string log = Path.Combine(directory, "power.csv");
        System.IO.File.WriteAllBytes(path, timeline);
        System.IO.File.WriteAllText(log, RepeatedStep.PowerLog(RepeatedStep.Read(timeline)));
        options = new() { Path = path, PowerLog = log, Fold = true };
    }

    [GlobalCleanup]
    public void Remove() => Directory.Delete(directory, recursive: true);

    [Benchmark]
    public int Report() => ReportPipeline.Run(options, TimeZoneInfo.Utc).Rows.Count;
}
