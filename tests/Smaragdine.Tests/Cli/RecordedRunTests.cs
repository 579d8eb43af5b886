using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Tests.Formats.Exports;
using Smaragdine.Tests.Formats.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli;

/// <summary>Recordings of our own recorder, through `report` and `info`.</summary>
public sealed class RecordedRunTests : IDisposable
{
    private const long Epoch = SmallTimeline.Epoch * 1000;
    private const long Boot = 77_000_000_000;
    private const int Ticks = 500;

    private static readonly RecordedStream[] Streams =
    [
        SampleFiles.Energy() with { Source = "powercap", UpdatePeriod = Duration.FromMilliseconds(1) },
        SampleFiles.Power() with { Source = "nvml", DeviceId = "GPU-a" },
        new("program", StreamKind.ProgramTime, "clock_gettime", Quality.Measured, Duration.FromMilliseconds(4)),
        new("busy", StreamKind.BusyTime, "/proc/stat", Quality.Measured, Duration.FromMilliseconds(4)),
    ];

    private readonly TempFolder directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_report_of_a_recording_equals_that_of_the_same_data_as_logs()
    {
        Random random = new(3);
        StringBuilder power = new("# period_ms=1\n# source=powercap\nunix_ns,domain,energy_uj,max_uj\n");
        StringBuilder activity = new("unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies\n");
        byte[] samples = SampleFiles.Write([Streams[0], Streams[2], Streams[3]], writer =>
        {
            writer.Clock(Boot, Epoch);
            long energy = 262_143_300_000;
            long program = 5_000_000;
            long total = 1000;
            long busy = 100;
            for (int i = 0; i < Ticks; i++)
            {
                long time = (i * 4_000_000L) + random.Next(200_000);
                energy = (energy + 40_000 + random.Next(90_000)) % 262_143_328_850;
                program += random.Next(6_000_000);
                total += i % 5 < 4 ? 1 : 0;
                busy += i % 5 < 3 ? 1 : 0;
                power.Append(CultureInfo.InvariantCulture, $"{Epoch + time},package-0,{energy},262143328850\n");
                activity.Append(CultureInfo.InvariantCulture, $"{Epoch + time},{Boot + time},{program},{total},{total - busy}\n");
                // The value is of the middle of its reading.
                writer.Append(0, Boot + time - 5_000, energy, 10_000);
                writer.Append(1, Boot + time, program);
                writer.Append(2, Boot + time, busy * 10_000_000);
            }
        });
        string trace = SmallTimeline.Cpu([.. Enumerable.Range(0, 200).Select(i => ($"m/op_{i % 7}", "MatMul", 100_000L + (i * 7_000), 1000L + (i * 37)))]);
        string manifest = $$"""{"framework":"tensorflow","cpu":{"logical":2},"run":{"start_unix_ns":{{Epoch}},"end_unix_ns":{{Epoch + 2_000_000_000}} } }""";
        foreach (string name in new[] { "recorded", "logged" })
        {
            directory.Write($"{name}/timeline-1.json", trace);
            directory.Write($"{name}/manifest.json", manifest);
        }

        directory.Write("recorded/samples.smrg", samples);
        directory.Write("logged/activity.csv", activity.ToString());
        string log = directory.Write("power.csv", power.ToString());
        CliResult recorded = Support.Cli.Run("report", At("recorded"), "--format", "json");
        CliResult logged = Support.Cli.Run("report", At("logged"), "--power", log, "--format", "json");
        recorded.Code.ShouldBe(0, recorded.Error);
        Normal(recorded.Output).ShouldBe(Normal(logged.Output));
        recorded.Output.ShouldContain("\"quality\": \"measured\"");

        static string Normal(string json)
        {
            JsonNode report = JsonNode.Parse(json)!;
            report["recording"]!["path"] = "";
            return report.ToJsonString();
        }
    }

    [Fact]
    public void A_recording_without_traces_reports_the_run_by_domain_and_by_who_used_it()
    {
        directory.Write("run/samples.smrg", Run());
        directory.Write("run/manifest.json", """{"host":"node7","cpu":{"model":"EPYC","logical":2},"gpus":[{"index":0,"uuid":"GPU-a"}]}""");
        CliResult text = Support.Cli.Run("report", At("run"));
        text.Code.ShouldBe(0, text.Error + text.Output);
        text.Output.ShouldContain("no trace: the whole run, 2.00 s");
        text.Output.ShouldContain("package-0");
        text.Output.ShouldContain("CPU:0  program 75 % · other processes 25 %");
        text.Output.ShouldContain("GPU:0  unattributed 100 %");
        text.Output.ShouldContain("nothing was traced");
        text.Output.ShouldNotContain("operations");
        JsonNode json = JsonNode.Parse(Support.Cli.Run("report", At("run"), "--format", "json").Output)!;
        json["run"]!["by_domain"]!["package-0"]!.GetValue<double>().ShouldBe(39.92, 1e-6);
        json["run"]!["by_domain"]!["gpu-0"]!.GetValue<double>().ShouldBe(139.72, 1e-4);
        json["run"]!["traced_share"]!.GetValue<double>().ShouldBe(0);
        json["run"]!["duration_s"]!.GetValue<double>().ShouldBe(1.996, 1e-9);
        JsonNode cpu = json["devices"]!.AsArray().Single(d => d!["device"]!.GetValue<string>() == "CPU:0")!;
        cpu["outside_j"]!.GetValue<double>().ShouldBe(29.94, 1e-6);
        json["operations"]!.AsArray().ShouldBeEmpty();
        Support.Cli.Run("report", At("run"), "--format", "csv").Code.ShouldBe(0);
        foreach (string by in new[] { "operation", "type", "pass" })
        {
            Support.Cli.Run("report", At("run"), "--by", by).Code.ShouldBe(0);
        }

        Support.Cli.Run("report", At("run/samples.smrg")).Output.ShouldContain("no trace");
    }

    [Fact]
    public void The_power_of_a_run_without_a_trace_is_exported()
    {
        directory.Write("run/samples.smrg", Run());
        Support.Cli.Run("export", At("run"), "--format", "perfetto", "-o", At("timeline")).Code.ShouldBe(0);
        PerfettoReplay timeline = new(File.ReadAllBytes(At("timeline")));
        timeline.Counters.Keys.Select(t => timeline.Tracks[t].Name).ShouldBe(["package-0", "gpu-0"]);
        timeline.Slices.Where(s => s.Name == "step 1").Count().ShouldBe(2);
        CliResult metrics = Support.Cli.Run("export", At("run"), "--format", "openmetrics");
        Exported.OpenMetrics(metrics.Output).Single(s => s.Labels.GetValueOrDefault("part") == "outside" && s.Labels["device"] == "CPU:0").Value.ShouldBe(29.94, 1e-6);
        metrics.Output.ShouldNotContain("smaragdine_recording_energy_joules{");
    }

    [Fact]
    public void What_is_about_operations_is_refused_without_a_trace()
    {
        directory.Write("run/samples.smrg", Run());
        foreach (string[] command in new string[][]
        {
            ["report", At("run"), "--attribution", "paper"], ["export", At("run"), "--format", "paper", "-o", At("out")],
            ["export", At("run"), "--format", "pprof", "-o", At("out")], ["export", At("run"), "--format", "speedscope"], ["export", At("run"), "--format", "folded"],
        })
        {
            CliResult run = Support.Cli.Run(command);
            run.Code.ShouldBe(2);
            run.Error.ShouldContain("has no trace");
        }
    }

    [Fact]
    public void A_wall_meter_alone_is_a_run_too()
    {
        RecordedStream wall = new("psys", StreamKind.Power, "hwmon", Quality.Measured, Duration.FromMilliseconds(100));
        directory.Write("run/samples.smrg", SampleFiles.Write([wall], writer =>
        {
            writer.Clock(Boot, Epoch);
            for (int i = 0; i <= 100; i++)
            {
                writer.Append(0, Boot + (i * 100_000_000L), 150_000_000 + i);
            }
        }));
        CliResult run = Support.Cli.Run("report", At("run"));
        run.Code.ShouldBe(0, run.Error);
        run.Output.ShouldContain("1,500 J");
        run.Output.ShouldContain("150 W");
    }

    [Fact]
    public void A_manifest_of_another_version_is_refused_by_name()
    {
        directory.Write("run/samples.smrg", Run());
        directory.Write("run/manifest.json", """{"schema":"smaragdine.recording/9"}""");
        Support.Cli.Run("report", At("run")).Error.ShouldContain("smaragdine.recording/9");
    }

    [Fact]
    public void Steps_that_the_manifest_tells_are_steps_without_a_trace_too()
    {
        directory.Write("run/samples.smrg", Run());
        directory.Write("run/manifest.json", $$"""{"cpu":{"logical":2},"steps":[{"step":1,"start_unix_ns":{{Epoch + 400_000_000}},"end_unix_ns":{{Epoch + 800_000_000}} },{"step":2,"start_unix_ns":{{Epoch + 800_000_000}},"end_unix_ns":{{Epoch + 1_200_000_000}} }]}""");
        CliResult text = Support.Cli.Run("report", At("run"));
        text.Output.ShouldContain("2 steps of 0.40 s");
        text.Output.ShouldContain("sum 8.00 J a step");
    }

    [Fact]
    public void Info_shows_each_stream_and_what_is_missing_of_it()
    {
        directory.Write("run/samples.smrg", Run(gap: true));
        directory.Write("run/manifest.json", """{"cpu":{"logical":2}}""");
        CliResult info = Support.Cli.Run("info", At("run"));
        info.Code.ShouldBe(0, info.Error);
        info.Output.ShouldContain("a recording without traces");
        string package = info.Output.Split('\n').First(l => l.TrimStart().StartsWith("package-0 ", StringComparison.Ordinal));
        package.ShouldContain("powercap");
        package.ShouldContain("4 ms");
        info.Output.ShouldContain("the longest 204 ms");
        info.Output.ShouldContain("finished");
    }

    [Fact]
    public void Context_is_shown_with_its_units_and_throttling_is_said_and_changes_no_joule()
    {
        RecordedStream[] context =
        [
            Context("package-0-frequency", ContextUnits.Hertz), Context("package-0-temperature", ContextUnits.Millidegrees), Context("package-0-throttles", ContextUnits.Events),
            Context("gpu-0-clock-limits", ContextUnits.NvmlClockLimits), Context("gpu-0-utilization", ContextUnits.Percent), Context("later", "furlongs"),
        ];
        long[][] values = [[2_000_000_000, 3_000_000_000], [50_000, 71_500], [100, 131], [0, 4], [90, 100], [7, 8]];
        directory.Write("with/samples.smrg", Run(context: context, values: values));
        directory.Write("without/samples.smrg", Run());
        foreach (string name in new[] { "with", "without" })
        {
            directory.Write($"{name}/manifest.json", """{"cpu":{"logical":2}}""");
        }

        string[] info = Support.Cli.Run("info", At("with")).Lines;
        Words("package-0-frequency").ShouldBe(["test", "2", "2,000", "MHz", "2,500", "MHz", "3,000", "MHz"]);
        Words("package-0-temperature").ShouldBe(["test", "2", "50.0", "°C", "60.8", "°C", "71.5", "°C"]);
        Words("package-0-throttles").ShouldBe(["test", "2", "–", "–", "+31"]);
        Words("gpu-0-clock-limits").ShouldBe(["test", "2", "–", "–", "–"]);
        Words("gpu-0-utilization").ShouldBe(["test", "2", "90", "%", "95", "%", "100", "%"]);
        Words("later").ShouldBe(["test", "2", "7", "furlongs", "7.5", "furlongs", "8", "furlongs"]);
        info.ShouldContain("  package-0 throttled 31 times");
        info.ShouldContain("  gpu-0 was slowed down by its power limit in 50 % of its samples");

        JsonObject report = Support.Cli.Json(At("with"));
        report["warnings"]!.AsArray().Single(w => w!["code"]!.GetValue<string>() == "throttled")!["text"]!.GetValue<string>().ShouldStartWith("package-0 throttled 31 times; gpu-0");
        JsonObject plain = Support.Cli.Json(At("without"));
        plain["warnings"]!.AsArray().ShouldNotContain(w => w!["code"]!.GetValue<string>() == "throttled");
        report["devices"]!.ToJsonString().ShouldBe(plain["devices"]!.ToJsonString());

        IEnumerable<string> Words(string stream) => info.Single(l => l.StartsWith($"  {stream} ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        static RecordedStream Context(string name, string unit) => new(name, StreamKind.Context, "test", Quality.Measured, Duration.FromSeconds(1)) { Unit = unit };
    }

    [Fact]
    public void A_killed_recording_is_reported_as_far_as_it_goes()
    {
        byte[] whole = Run();
        directory.Write("run/samples.smrg", whole[..(whole.Length / 2)]);
        directory.Write("run/manifest.json", """{"cpu":{"logical":2}}""");
        foreach (string command in new[] { "report", "info" })
        {
            CliResult run = Support.Cli.Run(command, At("run"));
            run.Code.ShouldBe(3);
            string flat = string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            flat.ShouldContain("samples.smrg: the file ends inside the frame at byte");
            flat.ShouldContain("before that are used");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(16)]
    public void A_recorder_killed_at_once_leaves_a_refusal_that_says_so(int bytes)
    {
        directory.Write("run/samples.smrg", Run()[..bytes]);
        CliResult run = Support.Cli.Run("report", At("run"));
        run.Code.ShouldBe(4);
        run.Error.ShouldContain("killed as soon as it had started");
    }

    [Fact]
    public void Traces_beside_samples_that_hold_nothing_are_reported_by_time()
    {
        directory.Write("run/timeline-1.json", SmallTimeline.Cpu(("a", "MatMul", 0, 1000)));
        directory.Write("run/samples.smrg", []);
        CliResult run = Support.Cli.Run("report", At("run"));
        run.Code.ShouldBe(3);
        run.Output.ShouldContain("no power: time only");
    }

    private string At(string name) => Path.Combine(directory.Path, name);

    /// <summary>2 s: the package at 20 W, the GPU at 70 W, the program on 1.5 CPUs, others on half a one.</summary>
    private static byte[] Run(bool gap = false, IReadOnlyList<RecordedStream>? context = null, long[][]? values = null) => SampleFiles.Write([.. Streams, .. context ?? []], writer =>
    {
        writer.Clock(Boot, Epoch);
        foreach ((int stream, long[] own) in (values ?? []).Index())
        {
            foreach ((int i, long value) in own.Index())
            {
                writer.Append(Streams.Length + stream, Boot + (i * 1_000_000_000L), value);
            }
        }

        for (int i = 0; i < Ticks; i++)
        {
            long time = i * 4_000_000L;
            if (gap && i is > 200 and <= 250)
            {
                continue;
            }

            writer.Append(0, Boot + time, 1_000_000 + (i * 80_000L));
            writer.Append(1, Boot + time, 70_000_000 + (i % 2));
            writer.Append(2, Boot + time, i * 6_000_000L);
            writer.Append(3, Boot + time, i * 8_000_000L);
            if (i % 100 == 99)
            {
                writer.Drain();
            }
        }
    });
}
