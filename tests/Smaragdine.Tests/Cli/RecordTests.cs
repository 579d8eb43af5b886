using System.Diagnostics;
using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`record`, `stat` and `doctor`, end to end: real children, real clocks, sensors of a captured tree.</summary>
[Collection(Alone.Name)]
public sealed class RecordTests : IDisposable
{
    private const string Package = "sys/class/powercap/intel-rapl:0/energy_uj";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void A_counter_s_power_is_found_again_in_the_report_wraps_included()
    {
        using CapturedTree tree = new("intel-client");
        const ulong Range = 262_143_328_850;
        using MovingCounter counter = new(tree, Package, watts: 80, start: Range - 20_000_000, Range);
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "--root", tree.Root.Path, "--sensors", "package-0", "--period", "4ms", "-o", target, "--", "sleep", "0.8");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain("package-0 by powercap");
        JsonObject report = Support.Cli.Json(target);
        JsonNode device = report["devices"]!.AsArray().Single()!;
        device["quality"]!.GetValue<string>().ShouldBe("measured");
        double joules = device["energy_j"]!.GetValue<double>();
        double covered = device["covered_s"]!.GetValue<double>();
        // How well times are kept depends on the machine; a wrap undone wrongly would be 262 kJ, one not undone none at all.
        covered.ShouldBeGreaterThan(0.05);
        (joules / covered).ShouldBeInRange(40, 160);
        string info = Support.Cli.Run("info", target).Output;
        info.ShouldContain("package-0");
        info.ShouldContain("finished");
    }

    [LinuxFact]
    public void The_child_s_exit_status_is_passed_on()
    {
        Support.Cli.Run("record", "-o", folder.At("seven"), "--", "sh", "-c", "exit 7").Code.ShouldBe(7);
        Support.Cli.Run("record", "-o", folder.At("killed"), "--", "sh", "-c", "kill -TERM $$").Code.ShouldBe(128 + 15);
        CliResult missing = Support.Cli.Run("record", "-o", folder.At("missing"), "--", "no-such-program-here");
        missing.Code.ShouldBe(127);
        missing.Error.ShouldContain("no such program");
        Directory.Exists(folder.At("missing")).ShouldBeFalse();
    }

    [LinuxFact]
    public void A_directory_that_holds_a_recording_or_cannot_be_made_is_refused_before_the_program_starts()
    {
        string target = folder.At("first");
        Support.Cli.Run("record", "-o", target, "--", "true").Code.ShouldBe(0);
        string proof = folder.At("started");
        CliResult again = Support.Cli.Run("record", "-o", target, "--", "touch", proof);
        again.Code.ShouldBe(4);
        again.Error.ShouldContain("there is a recording already");
        CliResult nowhere = Support.Cli.Run("record", "-o", "/proc/no/such", "--", "touch", proof);
        nowhere.Code.ShouldBe(4);
        nowhere.Error.ShouldContain("cannot be written");
        File.Exists(proof).ShouldBeFalse();
    }

    [LinuxFact]
    public void A_running_program_is_recorded_until_its_end()
    {
        using Process sleeper = Process.Start("sleep", "3");
        string target = folder.At("attached");
        CliResult run = Support.Cli.Run("record", "--pid", $"{sleeper.Id}", "-o", target, "--duration", "20s");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain($"process {sleeper.Id} has ended");
        Support.Cli.Run("report", target).Code.ShouldBe(0);
        Support.Cli.Run("record", "--pid", "999999999", "-o", folder.At("none")).Code.ShouldBe(4);
    }

    [LinuxFact]
    public void A_program_that_takes_too_long_is_ended_with_its_recording()
    {
        CliResult run = Support.Cli.Run("record", "--duration", "300ms", "-o", folder.At("cut"), "--", "sleep", "60");
        run.Code.ShouldBe(128 + 15, run.Error);
        Support.Cli.Run("report", folder.At("cut")).Code.ShouldBe(0);
    }

    [LinuxFact]
    public void The_program_s_processor_time_is_told_from_that_of_others()
    {
        string target = folder.At("busy");
        Support.Cli.Run("record", "-o", target, "--", "sh", "-c", "i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done").Code.ShouldBe(0);
        JsonNode device = Support.Cli.Json(target)["devices"]!.AsArray().Single()!;
        device["quality"]!.GetValue<string>().ShouldBe("estimated");
        device["outside_j"]!.GetValue<double>().ShouldBeGreaterThan(0);
        device["energy_j"]!.GetValue<double>().ShouldBeGreaterThan(0);
    }

    [LinuxFact]
    public void The_command_line_is_left_out_where_asked()
    {
        Support.Cli.Run("record", "-o", folder.At("open"), "--", "echo", "secret-token").Code.ShouldBe(0);
        File.ReadAllText(Path.Combine(folder.At("open"), "manifest.json")).ShouldContain("secret-token");
        Support.Cli.Run("record", "--no-command", "-o", folder.At("closed"), "--", "echo", "secret-token").Code.ShouldBe(0);
        File.ReadAllText(Path.Combine(folder.At("closed"), "manifest.json")).ShouldNotContain("secret-token");
    }

    [LinuxFact]
    public void Traces_that_the_program_wrote_are_gathered_and_reported()
    {
        string written = folder.At("timeline-1.json");
        string source = folder.Write("source.txt", SmallTimeline.Cpu(("a/MatMul", "MatMul", 0, 30)));
        string target = folder.At("traced");
        Support.Cli.Run("record", "-o", target, "--trace", Path.Combine(folder.Path, "timeline-*.json"), "--", "cp", source, written).Code.ShouldBe(0);
        File.Exists(Path.Combine(target, "timeline-1.json")).ShouldBeTrue();
        Support.Cli.Run("report", target, "--format", "csv").Output.ShouldContain("a/MatMul");
    }

    [LinuxFact]
    public void Traces_that_the_program_writes_into_the_recording_itself_stay_beside_its_own_files()
    {
        string source = folder.Write("source.txt", SmallTimeline.Cpu(("a/MatMul", "MatMul", 0, 30)));
        string target = folder.At("traced");
        CliResult run = Support.Cli.Run("record", "-o", target, "--trace", Path.Combine(target, "*.json"), "--", "cp", source, Path.Combine(target, "timeline-1.json"));
        run.Code.ShouldBe(0);
        run.Error.ShouldContain("next: smaragdine report");
        run.Error.ShouldNotContain("unrecorded");
        Support.Cli.Run("report", target, "--format", "csv").Output.ShouldContain("a/MatMul");
    }

    [LinuxFact]
    public void A_trace_named_as_the_manifest_does_not_replace_it()
    {
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "-o", target, "--trace", folder.At("*.json"), "--", "sh", "-c", $"echo mine > {folder.At("manifest.json")}");
        run.Error.ShouldContain("the recording has a file of this name");
        File.ReadAllText(Path.Combine(target, "manifest.json")).ShouldContain("\"state\": \"finished\"");
        Support.Cli.Run("report", target).Code.ShouldBe(0);
    }

    [LinuxFact]
    public void A_time_that_is_longer_than_the_system_waits_is_refused_before_the_program_starts()
    {
        string proof = folder.At("started");
        foreach (string option in (string[])["--duration", "--baseline"])
        {
            CliResult run = Support.Cli.Run("record", option, "1000h", "-o", folder.At("long"), "--", "touch", proof);
            run.Code.ShouldBe(2, run.Error);
            run.Error.ShouldContain("at most 500h");
        }

        File.Exists(proof).ShouldBeFalse();
    }

    [LinuxFact]
    public void Of_a_process_that_is_not_there_no_directory_is_left()
    {
        CliResult run = Support.Cli.Run("record", "--pid", "999999999", "-o", folder.At("none"));
        run.Code.ShouldBe(4);
        run.Error.ShouldContain("there is no process 999999999");
        Directory.Exists(folder.At("none")).ShouldBeFalse();
    }

    [LinuxFact]
    public void A_directory_as_the_program_is_called_one()
    {
        CliResult run = Support.Cli.Run("record", "-o", folder.At("run"), "--", folder.Path);
        run.Code.ShouldBe(126);
        run.Error.ShouldContain("it is a directory");
    }

    [LinuxFact]
    public void Numbers_that_are_none_are_told_without_the_names_of_types()
    {
        CliResult run = Support.Cli.Run("record", "--pid", "abc");
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("'--pid': expected a number");
        run.Error.ShouldNotContain("System.");
    }

    [LinuxFact]
    public void Nothing_starts_where_measured_power_is_required_and_there_is_none()
    {
        string root = Directory.CreateDirectory(folder.At("nothing")).FullName;
        string proof = folder.At("started");
        CliResult run = Support.Cli.Run("record", "--root", root, "--require", "measured", "-o", folder.At("out"), "--", "touch", proof);
        run.Code.ShouldBe(1);
        run.Error.ShouldContain("nothing can be measured here");
        File.Exists(proof).ShouldBeFalse();
    }

    [LinuxFact]
    public void A_recorder_that_is_killed_leaves_a_readable_recording()
    {
        string target = folder.At("killed");
        using Process recorder = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "smaragdine.dll"), "record", "-o", target, "--", "sleep", "30"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        string samples = Path.Combine(target, "samples.smrg");
        DateTime limit = DateTime.UtcNow.AddSeconds(30);
        while (!(File.Exists(samples) && new FileInfo(samples).Length > 1500) && DateTime.UtcNow < limit)
        {
            Thread.Sleep(20);
        }

        // The recorder is killed alone: its child must go on, and is ended here afterwards.
        int child = JsonNode.Parse(File.ReadAllText(Path.Combine(target, "manifest.json")))!["pid"]?.GetValue<int>() ?? 0;
        recorder.Kill();
        recorder.WaitForExit();
        if (child > 0)
        {
            using Process sleeper = Process.GetProcessById(child);
            sleeper.HasExited.ShouldBeFalse();
            sleeper.Kill();
        }

        CliResult report = Support.Cli.Run("report", target);
        report.Code.ShouldBe(3, report.Error);
        report.Output.ShouldContain("~");
    }

    [LinuxFact]
    public void Stat_gives_the_mean_over_runs()
    {
        CliResult stat = Support.Cli.Run("stat", "-r", "2", "--", "sleep", "0.2");
        stat.Code.ShouldBe(0, stat.Error);
        stat.Error.ShouldContain("2 runs");
        stat.Error.ShouldContain("package-0 (estimated)");
    }

    [LinuxFact]
    public void Stat_that_is_interrupted_starts_no_further_run_and_leaves_the_broken_one_out()
    {
        string runs = folder.At("runs");
        string program = $"echo x >> {runs}; [ $(wc -l < {runs}) -lt 2 ] || {{ kill -TERM $PPID; sleep 20; }}";
        using Process stat = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "smaragdine.dll"), "stat", "-r", "5", "--", "sh", "-c", program])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        string said = stat.StandardError.ReadToEnd();
        stat.WaitForExit();
        stat.ExitCode.ShouldBe(128 + 15, said);
        File.ReadAllLines(runs).Length.ShouldBe(2);
        said.ShouldContain("run 2 of 5 was broken off");
        said.ShouldNotContain("2 runs");
    }

    [Theory]
    [InlineData("record")]
    [InlineData("stat")]
    public void A_period_that_would_do_nothing_but_sample_is_refused(string verb)
    {
        CliResult result = Support.Cli.Run(verb, "--period", "1us", "--", "true");
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("0.1ms or more");
    }

    [LinuxTheory]
    [InlineData("intel-server-2s", 0)]
    [InlineData("amd-epyc", 0)]
    [InlineData("container-masked", 1)]
    public void Doctor_says_whether_energy_can_be_measured(string name, int code)
    {
        using CapturedTree tree = new(name);
        CliResult text = Support.Cli.Run("doctor", "--root", tree.Root.Path, "--watch", "0");
        text.Code.ShouldBe(code, text.Output);
        JsonObject json = JsonNode.Parse(Support.Cli.Run("doctor", "--root", tree.Root.Path, "--watch", "0", "--format", "json").Output)!.AsObject();
        json["measurable"]!.GetValue<bool>().ShouldBe(code == 0);
        json["sensors"]!.AsArray().Count.ShouldBeGreaterThan(0);
    }

    [LinuxFact]
    public void Doctor_measures_how_often_a_sensor_has_a_new_value()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, watts: 80, start: 1000, 262_143_328_850);
        JsonObject json = JsonNode.Parse(Support.Cli.Run("doctor", "--root", tree.Root.Path, "--watch", "1", "--format", "json").Output)!.AsObject();
        JsonNode package = json["sensors"]!.AsArray().Single(s => s!["used"]!.GetValue<bool>() && s["domain"]!.GetValue<string>() == "package-0")!;
        package["measured_update_s"]!.GetValue<double>().ShouldBeInRange(0.0005, 0.3);
    }

    [LinuxFact]
    public void Doctor_times_a_sensor_that_may_block_too_and_sees_its_steps()
    {
        using CapturedTree tree = new("amdgpu");

        // 5 J every 50 ms; the file is power to the doctor, whose steps are then 5 W.
        using MovingCounter power = new(tree, "sys/class/drm/card1/device/hwmon/hwmon4/power1_average", watts: 100, start: 5_000_000, ulong.MaxValue, stepSeconds: 0.05);
        JsonNode card;
        int watches = 0;
        do
        {
            // A machine that gives no time shows too few changes in one watch.
            string json = Support.Cli.Run("doctor", "--root", tree.Root.Path, "--watch", "0.8", "--format", "json").Output;
            card = JsonNode.Parse(json)!["sensors"]!.AsArray().Single(s => s!["domain"]!.GetValue<string>() == "gpu-0")!;
        }
        while ((card["measured_update_s"] is null || card["measured_resolution"] is null) && ++watches < 10);

        card["measured_update_s"]!.GetValue<double>().ShouldBeInRange(0.02, 0.3);
        card["measured_resolution"]!.GetValue<double>().ShouldBe(5, 1e-3);
    }
}
