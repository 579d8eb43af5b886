using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Smaragdine.Tests.Cli.Faults;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`--sensor-command`, end to end.</summary>
[Collection(Alone.Name)]
public sealed class SensorCommandTests : IDisposable
{
    private const string Meter = "while echo 'package-0 40 W'; do echo 'machine 100'; sleep 0.02; done";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void A_command_s_readings_are_the_recording_s_power()
    {
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "--root", Nothing(), "-o", target, "--sensor-command", Meter, "--", "sleep", "0.6");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain("package-0 by command while, machine by command while");
        JsonObject report = Support.Cli.Json(target);
        JsonNode device = report["devices"]!.AsArray().Single()!;
        device["quality"]!.GetValue<string>().ShouldBe("measured");
        (device["energy_j"]!.GetValue<double>() / device["covered_s"]!.GetValue<double>()).ShouldBe(40, 0.01);
        device["covered_s"]!.GetValue<double>().ShouldBeGreaterThan(0.1);
        File.ReadAllText(Path.Combine(target, "manifest.json")).ShouldNotContain("sleep 0.02");
    }

    [LinuxFact]
    public void A_sensor_of_the_same_domain_is_not_read_beside_a_command()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, "sys/class/powercap/intel-rapl:0/energy_uj", watts: 80, start: 1000, 262_143_328_850);
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "--root", tree.Root.Path, "--sensors", "package-0", "-o", target, "--sensor-command", Meter, "--", "sleep", "0.4");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain("package-0 comes from a sensor command; powercap is not read");
        JsonNode domain = Support.Cli.Json(target)["devices"]!.AsArray().Single()!["domains"]!.AsArray().Single()!;
        domain["source"]!.GetValue<string>().ShouldBe("command while");
        Support.Cli.Run("info", target).Output.ShouldNotContain("powercap");
    }

    [LinuxFact]
    public void One_that_cannot_run_is_said_and_the_recording_goes_on()
    {
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "--root", Nothing(), "-o", target, "--sensor-command", "no-such-meter", "--", "sh", "-c", "exit 7");
        run.Code.ShouldBe(7, run.Error);
        run.Error.ShouldContain("no-such-meter ended with exit status 127");
        Support.Cli.Run("report", target).Output.ShouldContain("~");
    }

    [LinuxFact]
    public void One_that_cannot_run_stops_everything_where_measured_power_is_required()
    {
        string proof = folder.At("started");
        CliResult run = Support.Cli.Run("record", "--root", Nothing(), "--require", "measured", "-o", folder.At("run"), "--sensor-command", "no-such-meter", "--", "touch", proof);
        run.Code.ShouldBe(4);
        run.Error.ShouldContain("no-such-meter gave no reading");
        CliResult estimated = Support.Cli.Run(
            "record", "--root", Nothing(), "--require", "measured", "-o", folder.At("run"), "--sensor-command", $"echo '# quality=estimated'; {Meter}", "--", "touch", proof);
        estimated.Code.ShouldBe(1);
        File.Exists(proof).ShouldBeFalse();
        CliResult measured = Support.Cli.Run("record", "--root", Nothing(), "--require", "measured", "-o", folder.At("run"), "--sensor-command", Meter, "--", "touch", proof);
        measured.Code.ShouldBe(0, measured.Error);
        File.Exists(proof).ShouldBeTrue();
    }

    [LinuxFact]
    public void Its_processor_time_is_not_the_program_s()
    {
        string target = folder.At("run");
        const string Spin = "while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo 'package-0 40'; done";
        Support.Cli.Run("record", "--root", Nothing(), "-o", target, "--sensor-command", Spin, "--", "sleep", "0.8").Code.ShouldBe(0);
        JsonNode device = Support.Cli.Json(target)["devices"]!.AsArray().Single()!;
        device["other_processes_j"]!.GetValue<double>().ShouldBeGreaterThan(5 * device["outside_j"]!.GetValue<double>());
    }

    [LinuxFact]
    public void Stat_and_a_baseline_take_it_too()
    {
        CliResult stat = Support.Cli.Run("stat", "--root", Nothing(), "--baseline", "200ms", "--sensor-command", Meter, "--", "sleep", "0.3");
        stat.Code.ShouldBe(0, stat.Error);
        stat.Error.ShouldContain("package-0 (measured), ");
        stat.Error.ShouldContain("J above idle");
        stat.Error.ShouldContain("machine (measured)");
    }

    [LinuxFact]
    public void Watts_of_a_command_that_came_late_are_over_its_own_time()
    {
        string go = folder.At("go");
        string late = $"echo 'machine 100'; while ! test -e {go}; do sleep 0.01; done; while echo 'package-0 40'; do sleep 0.02; done";
        string[] program = ["--", "sh", "-c", $"sleep 0.4; touch {go}; sleep 0.4"];
        CliResult stat = Support.Cli.Run(["stat", "--root", Nothing(), "--sensor-command", late, .. program]);
        stat.Error.ShouldContain("package-0 (measured), 40.0 W");
        stat.Error.ShouldContain("% of the time");
        File.Delete(go);
        CliResult run = Support.Cli.Run(["record", "--root", Nothing(), "-o", folder.At("run"), "--sensor-command", late, .. program]);
        run.Error.ShouldContain("40.0 W measured (package-0");
    }

    [LinuxFact]
    public void A_silent_one_does_not_outlive_a_baseline_that_is_interrupted()
    {
        string id = folder.At("id");
        string silent = $"echo 'package-0 40'; echo $$ > {id}; while sleep 0.1; do :; done";
        using Process record = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "smaragdine.dll"), "record", "--root", Nothing(), "-o", folder.At("run"), "--baseline", "60s", "--sensor-command", silent, "--", "true"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        record.StandardError.ReadLine().ShouldNotBeNull().ShouldContain("measuring idle power");
        int command = int.Parse(File.ReadAllText(id), CultureInfo.InvariantCulture);

        // What is said comes a moment before what it says.
        Thread.Sleep(300);
        RecorderProcess.Run("kill", "-TERM", $"{record.Id}");
        record.WaitForExit();
        try
        {
            SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{command}"), TimeSpan.FromSeconds(5)).ShouldBeTrue();
        }
        finally
        {
            if (Directory.Exists($"/proc/{command}"))
            {
                RecorderProcess.Run("kill", "-KILL", $"{command}");
            }
        }
    }

    private string Nothing() => Directory.CreateDirectory(folder.At("nothing")).FullName;
}
