using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli.Faults;

/// <summary>Faults that befall a real recorder: signals, a full disk, no rights.</summary>
[Collection(Alone.Name)]
public sealed class RecorderFaultTests : IDisposable
{
    private const string Package = "sys/class/powercap/intel-rapl:0/energy_uj";
    private const ulong Range = 262_143_328_850;
    private const double Watts = 80;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void A_program_that_is_killed_ends_its_recording_and_its_status_is_137()
    {
        string target = folder.At("run");
        CliResult run = Support.Cli.Run("record", "-o", target, "--", "sh", "-c", "kill -KILL $$");
        run.Code.ShouldBe(128 + RecorderProcess.Kill, run.Error);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(target, "manifest.json")))!;
        manifest["state"]!.GetValue<string>().ShouldBe("finished");
        manifest["exit_code"]!.GetValue<int>().ShouldBe(128 + RecorderProcess.Kill);
        Support.Cli.Run("report", target).Code.ShouldBe(0);
    }

    [LinuxFact]
    public void A_recorder_that_is_killed_keeps_all_but_the_last_half_second_and_its_program_goes_on()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, Watts, start: Range - 20_000_000, Range);
        string proof = folder.At("went-on");
        using RecorderProcess recorder = new(
            folder.At("run"), "--root", tree.Root.Path, "--sensors", "package-0", "--period", "4ms", "--", "sh", "-c", $"sleep 3; echo done > {proof}");
        Stopwatch clock = Stopwatch.StartNew();
        recorder.UntilSamples(4000);
        double killedAfter = clock.Elapsed.TotalSeconds;
        recorder.Signal(RecorderProcess.Kill);
        recorder.End().Code.ShouldBe(128 + RecorderProcess.Kill);
        JsonNode run = Report(recorder.Target, 3)["run"]!;
        double joules = run["by_domain"]!["package-0"]!.GetValue<double>();
        double seconds = run["duration_s"]!.GetValue<double>();
        seconds.ShouldBeInRange(0.3, killedAfter);
        joules.ShouldBe(Watts * seconds, 0.1 * Watts * seconds);
        recorder.Manifest()!["state"]!.GetValue<string>().ShouldBe("recording");
        RecorderProcess.Until(() => File.Exists(proof));
    }

    [LinuxTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    public void A_recording_of_a_running_program_is_finished_by_any_signal_that_ends_it(int signal)
    {
        using Process sleeper = Process.Start("sleep", "60");
        try
        {
            using RecorderProcess recorder = new(folder.At("run"), "--pid", $"{sleeper.Id}");
            recorder.UntilSamples(1000);
            recorder.Signal(signal);
            (int code, string error) = recorder.End();
            code.ShouldBe(0, error);
            recorder.Manifest()!["state"]!.GetValue<string>().ShouldBe("finished");
            sleeper.HasExited.ShouldBeFalse();
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [LinuxFact]
    public void A_recorder_that_is_stopped_and_continued_has_missed_ticks_and_no_joule_less()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, Watts, start: Range - 20_000_000, Range);
        using RecorderProcess recorder = new(folder.At("run"), "--root", tree.Root.Path, "--sensors", "package-0", "--period", "4ms", "--", "sleep", "1.5");
        recorder.UntilSamples(600);
        recorder.Signal(RecorderProcess.Stop);
        Thread.Sleep(500);
        recorder.Signal(RecorderProcess.Continue);
        (int code, string error) = recorder.End();
        code.ShouldBe(0, error);
        error.ShouldContain("shared among nobody");
        JsonNode run = Report(recorder.Target, 0)["run"]!;
        double seconds = run["duration_s"]!.GetValue<double>();
        run["by_domain"]!["package-0"]!.GetValue<double>().ShouldBe(Watts * seconds, 0.1 * Watts * seconds);
        run["gaps_s"]!["package-0"]!.GetValue<double>().ShouldBeGreaterThan(0.3);
        string row = Support.Cli.Run("info", recorder.Target).Lines.Single(l => l.Contains("powercap", StringComparison.Ordinal) && l.Contains("4 ms", StringComparison.Ordinal));
        int missed = int.Parse(row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        missed.ShouldBeGreaterThan(100);
    }

    [LinuxFact]
    public void A_counter_whose_file_holds_garbage_for_a_while_loses_no_joule()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, Watts, start: 1000, Range) { Garbage = (0.5, 0.7) };
        string target = folder.At("run");
        CliResult result = Support.Cli.Run("record", "--root", tree.Root.Path, "--sensors", "package-0", "--period", "4ms", "-o", target, "--", "sleep", "1.2");
        result.Code.ShouldBe(0, result.Error);
        JsonNode run = Report(target, 0)["run"]!;
        double seconds = run["duration_s"]!.GetValue<double>();
        run["by_domain"]!["package-0"]!.GetValue<double>().ShouldBe(Watts * seconds, 0.1 * Watts * seconds);
        run["gaps_s"]!["package-0"]!.GetValue<double>().ShouldBeGreaterThan(0.1);
    }

    [RootFact]
    public void A_full_disk_stops_the_recording_and_not_the_program()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, Watts, start: 1000, Range);
        string disk = Directory.CreateDirectory(folder.At("disk")).FullName;
        RecorderProcess.Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
        try
        {
            string target = Path.Combine(disk, "run");
            Directory.CreateDirectory(target);
            File.WriteAllBytes(Path.Combine(disk, "filler"), new byte[36 << 10]);
            CliResult run = Support.Cli.Run(
                "record", "--root", tree.Root.Path, "--sensors", "package-0", "--period", "500us", "-o", target, "--", "sh", "-c", "sleep 2; exit 7");
            run.Code.ShouldBe(7, run.Error);
            run.Error.Split("the recording stopped").Length.ShouldBe(2, run.Error);
            run.Error.ShouldContain("What was recorded before is kept; the program goes on");
            JsonNode account = Report(target, 3)["run"]!;
            double seconds = account["covered_s"]!["package-0"]!.GetValue<double>() + (account["gaps_s"]!["package-0"]?.GetValue<double>() ?? 0);
            seconds.ShouldBeInRange(0.2, 1.9);
            account["by_domain"]!["package-0"]!.GetValue<double>().ShouldBe(Watts * seconds, 0.1 * Watts * seconds);
            Support.Cli.Run("report", target).Code.ShouldBe(3);
            Support.Cli.Run("info", target).Code.ShouldBe(3);
        }
        finally
        {
            RecorderProcess.Run("umount", disk);
        }
    }

    [RootFact]
    public void A_disk_that_is_full_before_the_start_is_told_before_the_start()
    {
        string disk = Directory.CreateDirectory(folder.At("disk")).FullName;
        RecorderProcess.Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk);
        try
        {
            string target = Directory.CreateDirectory(Path.Combine(disk, "run")).FullName;
            Should.Throw<IOException>(() => File.WriteAllBytes(Path.Combine(disk, "filler"), new byte[64 << 10]));
            string proof = folder.At("started");
            CliResult run = Support.Cli.Run("record", "-o", target, "--", "touch", proof);
            run.Code.ShouldBe(4, run.Error);
            run.Error.ShouldContain("cannot be written");
            File.Exists(proof).ShouldBeFalse();
        }
        finally
        {
            RecorderProcess.Run("umount", disk);
        }
    }

    [PythonFact("pty")]
    public void Ctrl_C_once_ends_the_program_and_finishes_the_recording()
    {
        string target = folder.At("run");
        (int code, string screen) = AtTerminal(target, "sh -c 'trap \"echo INTERRUPTED; exit 130\" INT; echo READY; while :; do sleep 0.05; done'", "READY");
        code.ShouldBe(130, screen);
        screen.Split("INTERRUPTED").Length.ShouldBe(2, screen);
        screen.ShouldContain("smaragdine: recorded");
        JsonNode.Parse(File.ReadAllText(Path.Combine(target, "manifest.json")))!["state"]!.GetValue<string>().ShouldBe("finished");
        Support.Cli.Run("report", target).Code.ShouldBe(0);
    }

    [PythonFact("pty")]
    public void A_program_that_takes_the_first_Ctrl_C_for_its_own_dies_of_the_second()
    {
        string target = folder.At("run");
        (int code, string screen) = AtTerminal(
            target, "sh -c 'n=0; trap \"n=1\" INT; echo READY; while [ $n = 0 ]; do sleep 0.05; done; trap - INT; echo AGAIN; while :; do sleep 0.05; done'", "READY", "AGAIN");
        code.ShouldBe(130, screen);
        screen.ShouldContain("smaragdine: recorded");
        Support.Cli.Run("report", target).Code.ShouldBe(0);
    }

    [RootFact]
    public void Without_rights_power_is_estimated_and_what_is_locked_is_said_once()
    {
        // A copy: the build may lie where only root may go.
        string programs = Directory.CreateDirectory(folder.At("bin")).FullName;
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => Path.GetExtension(f) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(programs, Path.GetFileName(file)));
        }

        using CapturedTree tree = new("unreadable");
        string mine = Directory.CreateDirectory(folder.At("mine")).FullName;
        RecorderProcess.Run("chmod", "777", folder.Path, programs, mine);
        foreach (string root in new[] { "/", tree.Root.Path })
        {
            string[] sensors = ["--root", root];
            string target = Path.Combine(mine, $"run-{root.Length}");
            (int code, string said) = AsNobody(["record", .. sensors, "-o", target, "--", "sh", "-c", "sleep 0.2; exit 5"]);
            code.ShouldBe(5, said);
            if (root != "/")
            {
                said.Split("package-0 is there and may not be read").Length.ShouldBe(2, said);
                said.ShouldContain("chmod");
            }

            Report(target, 0)["devices"]!.AsArray().Single()!["quality"]!.GetValue<string>().ShouldBe("estimated");
            (code, said) = AsNobody(["stat", .. sensors, "--", "sh", "-c", "exit 6"]);
            code.ShouldBe(6, said);
            (code, said) = AsNobody(["doctor", .. sensors, "--watch", "0"]);
            code.ShouldBe(1, said);
        }

        AsNobody(["record", "--root", tree.Root.Path, "--require", "measured", "-o", Path.Combine(mine, "none"), "--", "true"]).Code.ShouldBe(1);
        AsNobody(["record", "-o", "/proc/none", "--", "true"]).Code.ShouldBe(4);

        (int Code, string Said) AsNobody(string[] arguments)
        {
            ProcessStartInfo start = new("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", Path.Combine(programs, "smaragdine.dll"), .. arguments])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                WorkingDirectory = mine,
            };
            start.Environment["HOME"] = mine;
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.GetAwaiter().GetResult());
        }
    }

    private static JsonObject Report(string target, int code)
    {
        CliResult result = Support.Cli.Run("report", target, "--format", "json");
        result.Code.ShouldBe(code, result.Error);
        return JsonNode.Parse(result.Output)!.AsObject();
    }

    /// <summary>Records at a terminal of its own, and presses Ctrl-C whenever the screen shows the next word.</summary>
    private static (int Code, string Screen) AtTerminal(string target, string program, params string[] words)
    {
        const string Script = """
            import os, pty, sys
            dll, target, program, *words = sys.argv[1:]
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvp('sh', ['sh', '-c', 'exec dotnet "$0" record -o "$1" -- ' + program, dll, target])
            screen = b''
            while True:
                try:
                    read = os.read(terminal, 4096)
                except OSError:
                    break
                if not read:
                    break
                screen += read
                if words and words[0].encode() in screen:
                    del words[0]
                    os.write(terminal, b'\x03')
            status = os.waitpid(pid, 0)[1]
            print(os.waitstatus_to_exitcode(status))
            sys.stdout.write(screen.decode(errors='replace'))
            """;
        string[] said = Python.Run("pty", ["-c", Script, RecorderProcess.Program, target, program, .. words]).Split('\n', 2);
        return (int.Parse(said[0], CultureInfo.InvariantCulture), said[1]);
    }
}
