using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>Wrong usage and refused input: the exit code, and a message that names what was read and what to do.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--steps 99", 2, "none of the traced steps (1..3) is among those asked for")]
    [InlineData("--steps 3..1", 2, "--steps 3..1: expected numbers and inclusive ranges")]
    [InlineData("--steps x", 2, "--steps x: expected numbers")]
    [InlineData("--steps 1..", 2, "--steps 1..: expected numbers")]
    [InlineData("--steps -1", 2, "--steps")]
    [InlineData("--skip-first 3", 2, "--skip-first 3 leaves none of the 3 traced steps")]
    [InlineData("--skip-first -1", 2, "--skip-first -1: expected 0 or more")]
    [InlineData("--device GPU:7", 2, "--device GPU:7: the trace has CPU:0")]
    [InlineData("--device disk", 2, "--device disk: expected a device such as CPU:0")]
    [InlineData("--module nope/dense", 2, "--module nope/dense: no such module; there is model/dense")]
    [InlineData("--pass optimizer", 2, "--pass optimizer: no such operation; there are forward, backward")]
    [InlineData("--pass sideways", 2, "--pass sideways: expected forward, backward, recompute, optimizer or other")]
    [InlineData("--format xml", 2, "--format xml: expected text, json, csv or html")]
    [InlineData("--by layer", 2, "--by layer: expected module, operation, type or pass")]
    [InlineData("--sort size", 2, "--sort size: expected energy, time, power, calls or name")]
    [InlineData("--attribution fit", 2, "--attribution fit: expected split or paper")]
    [InlineData("--per joule", 2, "--per joule: expected token or sample")]
    [InlineData("--per token --tokens 0", 2, "--tokens 0: expected a number above 0")]
    [InlineData("--per sample --samples -2", 2, "--samples -2: expected a number above 0")]
    [InlineData("--top 0", 2, "--top 0: expected 1 or more")]
    [InlineData("--depth 0", 2, "--depth 0: expected 1 or more")]
    [InlineData("--tdp 0", 2, "--tdp 0: expected a number above 0")]
    [InlineData("--idle-power -1", 2, "--idle-power -1: expected a number above 0")]
    [InlineData("--tdp 1,5", 2, "--tdp 1,5: expected a number above 0")]
    [InlineData("--idle-power 1,5", 2, "--idle-power 1,5: expected a number above 0")]
    [InlineData("--tdp 1e400", 2, "--tdp 1e400: expected a number above 0")]
    [InlineData("--tdp NaN", 2, "--tdp NaN: expected a number above 0")]
    [InlineData("--per token --tokens 1,5", 2, "--tokens 1,5: expected a number above 0")]
    [InlineData("--per sample --samples x", 2, "--samples x: expected a number above 0")]
    [InlineData("--map gpu-0", 2, "--map gpu-0: expected domain=device")]
    [InlineData("--map gpu-0=TPU:0", 2, "--map gpu-0=TPU:0: expected domain=device")]
    [InlineData("--time-zone Middle/Earth", 2, "--time-zone: time zone `Middle/Earth`: not known here")]
    [InlineData("--max-size big", 2, "--max-size big: expected a size such as 500M or 8G")]
    [InlineData("--max-size 1", 4, "reading stopped")]
    [InlineData("--power /no/such/log.csv", 4, "/no/such/log.csv: no such file")]
    [InlineData("--unheard-of", 2, "'--unheard-of'")]
    public void Report_refuses(string arguments, int code, string message)
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 3);
        CliResult result = Support.Cli.Run(["report", recording, .. arguments.Split(' ')]);
        result.Error.ShouldContain(message);
        result.Error.ShouldStartWith("smaragdine: ");
        result.Error.ShouldNotContain("   at ");
        result.Code.ShouldBe(code);
        result.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("report", "--sort power", "withheld for estimated figures")]
    [InlineData("export", "", "--format")]
    [InlineData("export", "--format gold", "--format gold: expected perfetto, pprof, speedscope, folded, openmetrics, csv or paper")]
    [InlineData("export", "--format paper --attribution split", "'--attribution'")]
    [InlineData("info", "--steps 1", "'--steps'")]
    [InlineData("frobnicate", "", "'frobnicate'")]
    public void Verbs_refuse(string verb, string arguments, string message)
    {
        CliResult result = Support.Cli.Run([verb, SharedData.Sample("variants/A-L6-H512"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        result.Code.ShouldBe(2);
        result.Error.ShouldContain(message);
    }

    [Theory]
    [InlineData("<path> is empty", "report", "")]
    [InlineData("<path> is empty", "info", "")]
    [InlineData("--power is empty", "report", ".", "--power", "")]
    [InlineData("--output is empty", "report", ".", "-o", "")]
    [InlineData("--output is empty", "export", ".", "--format", "paper", "-o", "")]
    public void An_empty_path_is_wrong_usage(string message, params string[] arguments)
    {
        CliResult result = Support.Cli.Run(arguments);
        result.Code.ShouldBe(2);
        result.Error.ShouldStartWith($"smaragdine: {message}; is a variable of the shell not set?");
    }

    [Fact]
    public void A_path_that_is_not_there_is_refused()
    {
        CliResult result = Support.Cli.Run("report", "/no/such/recording");
        result.Code.ShouldBe(4);
        result.Error.ShouldContain("/no/such/recording");
    }

    [Fact]
    public void Without_power_there_is_nothing_to_export()
    {
        using TempFolder folder = new();
        CliResult result = Support.Cli.Run("export", "--format", "paper", SmallRecording.Write(folder), "-o", folder.At("out"));
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("give one with `--power LOG`");
        Directory.Exists(folder.At("out")).ShouldBeFalse();
    }

    [Fact]
    public void Without_batch_or_sequence_there_is_no_figure_per_token()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, manifest: "{}");
        foreach ((string unit, string option) in new[] { ("token", "--tokens"), ("sample", "--samples") })
        {
            CliResult result = Support.Cli.Run("report", recording, "--per", unit);
            result.Code.ShouldBe(2);
            result.Error.ShouldContain($"give `{option} N`");
        }
    }

    [Fact]
    public void A_cut_trace_is_reported_and_exits_with_3()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string second = folder.At("timeline-2.json");
        File.WriteAllText(second, File.ReadAllText(second)[..^40]);
        CliResult result = Support.Cli.Run("report", recording);
        result.Code.ShouldBe(3);
        result.Output.ShouldContain("warning ");
        Support.Cli.Run("report", "--format", "csv", recording).Error.ShouldStartWith("warning: ");
    }

    [Fact]
    public void Output_to_a_device_leaves_it_a_device()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        // A link to the device and not the device itself: were it replaced, only the link would be.
        string link = folder.At("null");
        File.CreateSymbolicLink(link, "/dev/null");
        Support.Cli.Run("report", recording, "--format", "json", "-o", link).Code.ShouldBe(0);
        new FileInfo(link).LinkTarget.ShouldBe("/dev/null");
        string full = folder.At("full");
        File.CreateSymbolicLink(full, "/dev/full");
        CliResult result = Support.Cli.Run("report", recording, "--format", "json", "-o", full);
        result.Code.ShouldBe(4);
        result.Error.ShouldContain("cannot be written");
        new FileInfo(full).LinkTarget.ShouldBe("/dev/full");
    }

    [Fact]
    public void Output_through_a_link_writes_the_file_that_it_leads_to()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string target = folder.Write("report.json", "old");
        string link = folder.At("latest.json");
        File.CreateSymbolicLink(link, "report.json");
        Support.Cli.Run("report", recording, "--format", "json", "-o", link).Code.ShouldBe(0);
        new FileInfo(link).LinkTarget.ShouldBe("report.json");
        File.ReadAllText(target).ShouldStartWith("{");
        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Where(f => f!.Contains(".json.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused()
    {
        using TempFolder folder = new();
        CliResult result = Support.Cli.Run("report", SmallRecording.Write(folder), "-o", folder.At("no/such/folder/report.txt"));
        result.Code.ShouldBe(4);
        result.Error.ShouldContain("cannot be written");
        string log = SmallRecording.Power(folder, "measured", 2, ("package-0", 100));
        CliResult export = Support.Cli.Run("export", "--format", "paper", folder.Path, "--power", log, "-o", log);
        export.Code.ShouldBe(4);
        export.Error.ShouldContain("cannot be made a directory");
    }
}

/// <summary>What `--pass`, `--device`, `--module`, `--steps`, `--skip-first` and `--per` leave.</summary>
public sealed class FilterTests
{
    [Fact]
    public void Filters_leave_the_rows_that_are_asked_for()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 3, gpu: true);
        string log = SmallRecording.Power(folder, "measured", 3, ("package-0", 100), ("gpu-0", 200));
        JsonObject whole = Support.Cli.Json(recording, "--power", log);

        JsonObject backward = Support.Cli.Json(recording, "--power", log, "--pass", "backward");
        Operations(backward).ShouldBe(["gradients/model/dense/MatMul_grad/MatMul"]);
        Root(backward).ShouldBe(3.0, 1e-9);

        JsonObject gpu = Support.Cli.Json(recording, "--power", log, "--device", "gpu:0");
        Operations(gpu).ShouldBe(["edge_1_x", "model/dense/Relu"], ignoreOrder: true);
        gpu["devices"]!.ToJsonString().ShouldBe(whole["devices"]!.ToJsonString(), "devices are the whole's");

        JsonObject dense = Support.Cli.Json(recording, "--power", log, "--module", "model/dense", "--device", "CPU:0");
        Operations(dense).Length.ShouldBe(3);
        ((string)dense["modules"]![0]!["path"]!).ShouldBe("model/dense");
        Root(dense).ShouldBe(8.0, 1e-9);
    }

    [Fact]
    public void Steps_are_those_asked_for_and_figures_are_over_them()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 3);
        string log = SmallRecording.Power(folder, "measured", 3, ("package-0", 100));
        double Extra(params string[] more) => Support.Cli.Json([recording, "--power", log, .. more])["operations"]!.AsArray()
            .Single(o => (string)o!["operation"]! == "model/extra/Add")!["energy_j"]!.GetValue<double>();
        Extra().ShouldBe(1.0, 1e-9);
        Extra("--steps", "1").ShouldBe(0.9, 1e-9);
        Extra("--steps", "2..3").ShouldBe(1.05, 1e-9);
        Extra("--steps", "1,3").ShouldBe(1.0, 1e-9);
        Extra("--skip-first", "2").ShouldBe(1.1, 1e-9);
        Extra("--steps", "1..2", "--skip-first", "1").ShouldBe(1.0, 1e-9);
        JsonObject one = Support.Cli.Json(recording, "--power", log, "--steps", "2");
        one["steps"]!.AsArray().Select(s => (int)s!["step"]!).ShouldBe([2]);
        one["operations"]!.AsArray().ShouldAllBe(o => o!["energy_sd_j"] == null, "one step has no ±");
    }

    [Theory]
    [InlineData("token", 32.0)]
    [InlineData("sample", 4.0)]
    [InlineData("token", 10.0, "--tokens", "10")]
    [InlineData("sample", 2.5, "--samples", "2.5")]
    public void Per_divides_energies(string unit, double count, params string[] more)
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string log = SmallRecording.Power(folder, "measured", 2, ("package-0", 100));
        JsonObject report = Support.Cli.Json([recording, "--power", log, "--per", unit, .. more]);
        report["per"]!["count_per_step"]!.GetValue<double>().ShouldBe(count);
        foreach (string list in new[] { "devices", "operations", "modules" })
        {
            foreach (JsonNode? row in report[list]!.AsArray())
            {
                row![$"energy_per_{unit}_j"]!.GetValue<double>().ShouldBe(row["energy_j"]!.GetValue<double>() / count, 1e-12);
            }
        }
    }

    [Fact]
    public void The_papers_rule_gives_each_row_what_the_export_gives_its_keys()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 1);
        string log = SmallRecording.Power(folder, "measured", 1, ("package-0", 100));
        Support.Cli.Run("export", "--format", "paper", recording, "--power", log, "-o", folder.Path).Code.ShouldBe(0);
        JsonObject report = Support.Cli.Json(recording, "--power", log, "--attribution", "paper");
        ((string)report["attribution"]!).ShouldBe("paper");
        Dictionary<string, double> exported = Csv.Rows(File.ReadAllText(folder.At("footprint.csv"))).Skip(1)
            .ToDictionary(r => r[2].Split('@')[0], r => double.Parse(r[3], System.Globalization.CultureInfo.InvariantCulture));
        foreach (JsonNode? row in report["operations"]!.AsArray())
        {
            row!["energy_j"]!.GetValue<double>().ShouldBe(exported[(string)row["operation"]!], 1e-9);
        }
    }

    private static string[] Operations(JsonObject report) => [.. report["operations"]!.AsArray().Select(o => (string)o!["operation"]!)];

    private static double Root(JsonObject report) => report["modules"]![0]!["energy_j"]!.GetValue<double>();
}
