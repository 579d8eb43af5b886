using System.Text.Json.Nodes;
using Smaragdine.Formats.Exports.Pprof.Wire;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Missing is not zero, and what is no measurement says so, in every format.</summary>
public sealed class MissingPowerTests
{
    [Fact]
    public void A_device_without_power_is_in_time_and_in_no_energy()
    {
        using TempFolder folder = new();
        string[] arguments = [SmallRecording.Write(folder, gpu: true), "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 50))];

        Exported.Folded(Exported.Text(folder, "folded", arguments)).ShouldAllBe(l => l.Frames[0] == "CPU:0");
        Exported.Folded(Exported.Text(folder, "folded", ["--value", "time", .. arguments])).Count(l => l.Frames[0] == "GPU:0[no%20power]").ShouldBe(2);

        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", arguments));
        List<Sample> gpu = [.. profile.Sample.Where(s => profile.Label(s, "device") == "GPU:0")];
        gpu.Count.ShouldBe(2);
        gpu.ShouldAllBe(s => s.Value[0] > 0 && s.Value[1] > 0 && s.Value[2] == 0 && profile.Label(s, "quality") == "no power");
        profile.Comment.Select(c => profile.StringTable[(int)c]).ShouldContain("GPU:0: no power: counted in time, not in energy");

        JsonArray profiles = Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments))["profiles"]!.AsArray();
        (profiles[1]!["samples"]!.AsArray().Count - profiles[0]!["samples"]!.AsArray().Count).ShouldBe(2);

        Exported.OpenMetrics(Exported.Text(folder, "openmetrics", arguments)).Where(s => s.Labels.GetValueOrDefault("device") == "GPU:0").Select(s => s.Name).Distinct()
            .ShouldAllBe(n => !n.Contains("joules", StringComparison.Ordinal));

        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", arguments));
        List<PerfettoReplay.Slice> spans = [.. trace.Spans("GPU:0[no power]")];
        spans.Count.ShouldBe(4);
        spans.ShouldAllBe(s => !s.Arguments.ContainsKey("energy_j") && !s.Arguments.ContainsKey("quality"));
        trace.Of("GPU:0[no power]", t => t == "steps").ShouldAllBe(s => !s.Arguments.ContainsKey("energy_j") && s.Arguments.ContainsKey("busy_s"));
    }

    [Fact]
    public void Without_any_power_exports_are_about_time()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        CliResult refused = Support.Cli.Run("export", "--format", "folded", recording);
        refused.Code.ShouldBe(2);
        refused.Error.ShouldContain("give power with `--power LOG`, or `--value time`");
        refused.Output.ShouldBeEmpty();

        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", recording));
        profile.SampleType.Select(t => profile.StringTable[(int)t.Type]).ShouldBe(["calls", "time"]);
        profile.Sample.ShouldAllBe(s => s.Value.Count == 2);
        Exported.Speedscope(Exported.Bytes(folder, "speedscope", recording))["profiles"]!.AsArray().Select(p => (string)p!["unit"]!).ShouldBe(["seconds"]);
        Exported.Text(folder, "openmetrics", recording).ShouldNotContain("joules{");
        new PerfettoReplay(Exported.Bytes(folder, "perfetto", recording)).Slices.ShouldAllBe(s => !s.Arguments.ContainsKey("energy_j"));
    }

    [Fact]
    public void What_is_no_measurement_says_so()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string[] arguments = [recording, "--power", SmallRecording.Power(folder, "estimated", 2, ("package-0", 50))];

        Exported.Folded(Exported.Text(folder, "folded", arguments)).ShouldAllBe(l => l.Frames[0] == "CPU:0[estimated]");
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", arguments));
        profile.StringTable.ShouldContain("estimated");
        profile.Comment.Select(c => profile.StringTable[(int)c]).ShouldContain(c => c.StartsWith("CPU:0: estimated;", StringComparison.Ordinal));
        ((string)Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments))["profiles"]![0]!["name"]!).ShouldContain("J estimated");
        Exported.OpenMetrics(Exported.Text(folder, "openmetrics", arguments)).Where(s => s.Name.Contains("joules", StringComparison.Ordinal))
            .ShouldAllBe(s => s.Labels["quality"] == "estimated");
        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", arguments));
        trace.Spans("CPU:0[estimated]").ShouldAllBe(s => (string)s.Arguments["quality"] == "estimated");
        trace.Tracks.Values.Where(t => t.IsCounter).ShouldAllBe(t => t.Name == "package-0[estimated]" && t.Unit == "W");
    }

    [Fact]
    public void Energies_of_two_qualities_are_two_profiles_and_a_warning()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, gpu: true);
        File.WriteAllLines(Path.Combine(recording, "activity.csv"),
        [
            "unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies",
            .. Enumerable.Range(0, 80).Select(i => $"{SmallRecording.Start - 100_000_000 + (i * 10_000_000L)},{i * 10_000_000L},{i * 9_000_000L},{i * 2},{i}"),
        ]);
        string[] arguments = [recording, "--power", SmallRecording.Power(folder, "measured", 2, ("gpu-0", 200))];

        JsonArray profiles = Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments))["profiles"]!.AsArray();
        profiles.Count.ShouldBe(3);
        ((string)profiles[0]!["name"]!).ShouldContain("J derived");
        ((string)profiles[1]!["name"]!).ShouldContain("J estimated");
        CliResult folded = Support.Cli.Run(["export", "--format", "folded", .. arguments]);
        folded.Error.ShouldContain("warning: energies of different quality (derived, estimated) stand beside each other: their sum is neither");
        Support.Cli.Run(["export", "--format", "folded", "--device", "GPU:0", .. arguments]).Error.ShouldNotContain("different quality");
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", arguments));
        profile.Comment.Select(c => profile.StringTable[(int)c]).ShouldContain(c => c.StartsWith("energies of different quality", StringComparison.Ordinal));
    }
}
