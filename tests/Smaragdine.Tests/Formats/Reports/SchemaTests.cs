using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Reports;

/// <summary>Reports of every sample, in every way that they get their power, against docs/report.schema.json.</summary>
public sealed class SchemaTests
{
    [PythonFact("jsonschema")]
    public void Reports_of_all_samples_fit_the_schema()
    {
        using TempFolder folder = new();
        List<string> reports = [];
        foreach (string sample in SampleRecordings.Distinct())
        {
            string[] logs = Directory.GetFiles(sample, "power-*.csv.gz");
            reports.Add(Report(folder, reports.Count, sample, "--steps", "1"));
            reports.AddRange(logs.Select((log, i) => Report(folder, reports.Count + (i * 1000), sample, "--power", log, "--steps", "2", "--fold-layers")));
        }

        reports.Count.ShouldBeGreaterThan(2);
        Validate(reports);
    }

    [PythonFact("jsonschema")]
    public void Reports_of_a_small_recording_fit_the_schema()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 3, gpu: true);
        string cpu = SmallRecording.Power(folder, "measured", 3, ("package-0", 50), ("dram-0", 5), ("psys", 90));
        string both = SmallRecording.Power(folder, "simulated", 3, ("package-0", 50), ("gpu-0", 200));
        string late = folder.Write("late.csv", string.Join('\n', File.ReadAllLines(cpu).Where((l, i) => i < 3 || i > 60)) + "\n");
        string[][] ways =
        [
            [], ["--steps", "1"], ["--power", cpu], ["--power", both], ["--power", both, "--attribution", "paper"], ["--power", late],
            ["--power", cpu, "--per", "token"], ["--per", "sample"], ["--power", both, "--module", "model/dense"],
        ];
        Validate([.. ways.Select((way, i) => Report(folder, i, recording, way))]);
    }

    [PythonFact("jsonschema")]
    public void Reports_of_a_job_of_several_ranks_fit_the_schema()
    {
        using TempFolder folder = new();
        (string, string)[] gpus = [("gpu-0", "GPU-a"), ("gpu-1", "GPU-b")];
        Dictionary<int, string> steps = new() { [1] = SmallTimeline.Cpu(("m/a", "MatMul", 500_000, 100_000)) };
        string traced = SmallJob.Write(
            folder,
            "traced",
            new(0, "n1", 1) { Package = .., GpuSensors = gpus, Gpus = ["GPU-a"], Timelines = steps },
            new(1, "n1", 1) { Timelines = steps },
            new(2, "n2", 1));
        string untraced = SmallJob.Write(folder, "untraced", new(0, "n1", 1) { Package = .., GpuSensors = gpus }, new(1, "n2", 1));
        Validate([Report(folder, 0, traced), Report(folder, 1, traced, "--rank", "1", "--attribution", "paper"), Report(folder, 2, untraced)]);
    }

    [PythonFact("jsonschema")]
    public void The_schema_refuses_what_it_should()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string good = File.ReadAllText(Report(folder, 0, recording));
        foreach ((string from, string to) in new[]
        {
            ("\"pass\": \"forward\"", "\"pass\": \"sideways\""), ("\"kind\": \"root\"", "\"kind\": \"tree\""), ("\"attribution\": \"split\"", "\"attribution\": \"guess\""),
            ("\"energy_j\": null", "\"energy_j\": 1"), ("\"window_s\"", "\"windows\""), ("\"calls\": 1", "\"calls\": null"), ("report/1", "report/2"),
        })
        {
            good.ShouldContain(from);
            string bad = folder.Write("bad.json", good.Replace(from, to, StringComparison.Ordinal));
            Should.Throw<ShouldAssertException>(() => Validate([bad]), $"{from} → {to}");
        }
    }

    private static string Report(TempFolder folder, int number, string recording, params string[] more)
    {
        string path = folder.At($"report-{number}.json");
        CliResult result = Support.Cli.Run(["report", "--format", "json", "-o", path, recording, .. more]);
        result.Code.ShouldBeOneOf([0, 3], result.Error);
        return path;
    }

    private static void Validate(IReadOnlyList<string> reports) =>
        Python.Run(
            "jsonschema",
            [Path.Combine(SharedData.Root, "tests", "validate_reports.py"), Path.Combine(SharedData.Root, "docs", "report.schema.json"), .. reports]);
}
