using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`top`, end to end: real processes, sensors of a captured tree, and a terminal that must be left as it was.</summary>
[Collection(Alone.Name)]
public sealed class TopTests
{
    private const string Package = "sys/class/powercap/intel-rapl:0/energy_uj";

    [LinuxFact]
    public void Once_measures_one_period_and_every_watt_is_somebody_s()
    {
        using TempFolder nothing = new();
        CliResult result = Support.Cli.Run("top", "--once", "--period", "200ms", "--format", "json", "--root", nothing.Path);
        result.Code.ShouldBe(0, result.Error);
        JsonNode json = JsonNode.Parse(result.Output)!;
        json["period_s"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0.15);
        JsonNode domain = json["domains"]!.AsArray().First()!;
        domain["domain"]!.GetValue<string>().ShouldStartWith("package-");
        domain["quality"]!.GetValue<string>().ShouldBe("estimated");
        AddsUp(json);
        json["processes"]!.AsArray().ShouldContain(p => p!["pid"] != null && p["pid"]!.GetValue<int>() == Environment.ProcessId);
        json["notes"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldAllBe(n => n.Length > 0);
    }

    [LinuxFact]
    public void A_counter_s_power_is_shown_and_shared()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, watts: 80, start: 1000, 262_143_328_850);
        CliResult result = Support.Cli.Run("top", "--period", "100ms", "--count", "8", "--format", "json", "--sensors", "package-0", "--root", tree.Root.Path);
        result.Code.ShouldBe(0, result.Error);
        result.Lines.Length.ShouldBe(8);
        JsonNode[] frames = [.. result.Lines.Select(l => JsonNode.Parse(l)!)];
        foreach (JsonNode frame in frames)
        {
            AddsUp(frame);
            JsonNode package = frame["domains"]!.AsArray().Single()!;
            package["source"]!.GetValue<string>().ShouldBe("powercap");
            package["quality"]!.GetValue<string>().ShouldBe("measured");
        }

        // How well times are kept depends on the machine; the middle one tells.
        double[] watts = [.. frames.Select(f => f["domains"]![0]!["power_w"]?.GetValue<double>() ?? 0).Order()];
        watts[watts.Length / 2].ShouldBeInRange(40, 160);
    }

    [LinuxFact]
    public void Text_goes_to_a_pipe_without_colour_and_notes_to_stderr_once()
    {
        using TempFolder nothing = new();
        CliResult result = Support.Cli.Run("top", "--period", "100ms", "--count", "2", "--top", "3", "--tdp", "10", "--idle-power", "2", "--root", nothing.Path);
        result.Code.ShouldBe(0, result.Error);
        result.Output.ShouldNotContain('\u001b');
        result.Output.ShouldContain("package-0");
        result.Output.Split('\n').Count(l => l.StartsWith("  processors", StringComparison.Ordinal)).ShouldBe(2);
        result.Output.ShouldContain("~");
        result.Error.ShouldBeEmpty();
    }

    [LinuxFact]
    public void What_may_not_be_read_is_said_once_with_how_to_unlock_it()
    {
        using CapturedTree tree = new("unreadable");
        CliResult result = Unprivileged.Run(() => Support.Cli.Run("top", "--period", "100ms", "--count", "2", "--root", tree.Root.Path));
        result.Code.ShouldBe(0, result.Error);
        result.Error.Split('\n').Count(l => l.Contains("package-0 is there and may not be read", StringComparison.Ordinal)).ShouldBe(1, result.Error);
        result.Output.ShouldContain("~");
    }

    [LinuxFact]
    public void A_sensor_command_s_power_is_shown_and_shared()
    {
        using TempFolder nothing = new();
        CliResult result = Support.Cli.Run(
            "top", "--once", "--period", "300ms", "--format", "json", "--root", nothing.Path, "--sensor-command", "while sleep 0.02; do echo package-0 40; echo wall 100; done");
        result.Code.ShouldBe(0, result.Error);
        JsonNode json = JsonNode.Parse(result.Output)!;
        AddsUp(json);
        json["processors"]!["power_w"]!.GetValue<double>().ShouldBe(40, 0.01);
        json["domains"]!.AsArray().Select(d => d!["domain"]!.GetValue<string>()).ShouldBe(["package-0", "wall"]);
    }

    [LinuxFact]
    public void With_a_baseline_rest_is_idle()
    {
        using TempFolder nothing = new();
        CliResult result = Support.Cli.Run(
            "top", "--once", "--period", "200ms", "--baseline", "200ms", "--format", "json", "--root", nothing.Path, "--sensor-command", "while sleep 0.02; do echo package-0 40; done");
        JsonNode json = JsonNode.Parse(result.Output)!;
        AddsUp(json);
        json["processors"]!["idle_w"]!.GetValue<double>().ShouldBe(40, 0.1);
    }

    [Theory]
    [InlineData("--period", "10ms", "expected 50ms to 1h")]
    [InlineData("--period", "soon", "expected a time")]
    [InlineData("--top", "0", "expected 1 or more")]
    [InlineData("--count", "-1", "expected 1 or more")]
    [InlineData("--sort", "size", "expected power, cpu, gpu or pid")]
    [InlineData("--root", "/no/such/folder", "no such directory")]
    public void Wrong_usage_is_refused(string option, string value, string expected)
    {
        CliResult result = Support.Cli.Run("top", "--once", option, value);
        result.Code.ShouldBe(2);
        result.Error.ShouldContain(expected);
    }

    [PythonTheory("pty")]
    [InlineData("q", 0)]
    [InlineData("interrupt", 0)]
    [InlineData("terminate", 143)]
    [InlineData("stop", 0)]
    public void A_terminal_is_left_as_it_was(string how, int status)
    {
        string said = OnTerminal(how, "top", "--period", "100ms");
        JsonNode seen = JsonNode.Parse(said)!;
        seen["status"]!.GetValue<int>().ShouldBe(status, said);
        seen["settings_back"]!.GetValue<bool>().ShouldBeTrue(said);
        seen["settings_changed_meanwhile"]!.GetValue<bool>().ShouldBeTrue(said);
        string text = seen["text"]!.GetValue<string>();
        text.ShouldStartWith("\u001b[?1049h");
        text.ShouldEndWith("\u001b[?7h\u001b[?25h\u001b[?1049l");
        text.ShouldContain("package-0");
        text.Split("\u001b[?1049h").Length.ShouldBe(text.Split("\u001b[?1049l").Length);
        NoKeypadMode(text);
    }

    /// <summary>.NET's console switches it with the first thing that is written, and never back.</summary>
    [PythonFact("pty")]
    public void No_command_leaves_a_terminal_s_keypad_in_another_mode()
    {
        string said = OnTerminal("wait", "doctor", "--watch", "0");
        JsonNode seen = JsonNode.Parse(said)!;
        seen["text"]!.GetValue<string>().ShouldContain("energy can be measured here");
        NoKeypadMode(seen["text"]!.GetValue<string>());
    }

    private static void NoKeypadMode(string text)
    {
        text.ShouldNotContain("\u001b[?1h");
        text.ShouldNotContain("\u001b=");
    }

    private static void AddsUp(JsonNode frame)
    {
        JsonNode all = frame["processors"]!;
        double power = all["power_w"]!.GetValue<double>();
        double sum = frame["processes"]!.AsArray().Sum(p => p!["power_w"]?.GetValue<double>() ?? 0) + all["unseen_w"]!.GetValue<double>() + all["idle_w"]!.GetValue<double>();
        frame["processes_left_out"]!.GetValue<int>().ShouldBe(0);
        sum.ShouldBe(power, 1e-9 * power, frame.ToJsonString());
    }

    /// <summary>Runs the program on a terminal of 24 lines and 80 columns, ends it in a way, and gives what was seen, as JSON.</summary>
    private static string OnTerminal(string how, params string[] arguments)
    {
        using TempFolder folder = new();
        string script = folder.Write("terminal.py", """
            import fcntl, json, os, pty, select, signal, struct, sys, termios, time
            how, command = sys.argv[1], sys.argv[2:]
            master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
            settings = lambda: [[c if isinstance(c, int) else ord(c) for c in s] if isinstance(s, list) else s for s in termios.tcgetattr(slave)]
            before, pid = settings(), os.fork()
            if pid == 0:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for f in range(3):
                    os.dup2(slave, f)
                os.environ['TERM'] = 'xterm-256color'
                os.execvp(command[0], command)
            text, limit = b'', time.time() + 60
            def read(until):
                global text
                while not until() and time.time() < limit:
                    if select.select([master], [], [], 0.02)[0]:
                        text += os.read(master, 65536)
            status = None
            def ended():
                global status
                if status is None:
                    done, code = os.waitpid(pid, os.WNOHANG)
                    status = os.waitstatus_to_exitcode(code) if done else None
                return status is not None
            frames = lambda: text.count(b'\x1b[J')
            changed = False
            if how != 'wait':
                read(lambda: frames() >= 3 or ended())
                changed = settings() != before
            if how == 'q':
                os.write(master, b'q')
            elif how == 'interrupt':
                os.write(master, b'\x03')
            elif how == 'terminate':
                os.kill(pid, signal.SIGTERM)
            elif how == 'stop':
                os.write(master, b'\x1a')
                read(lambda: text.endswith(b'\x1b[?1049l'))
                changed = changed and settings() == before
                time.sleep(0.2)
                seen = frames()
                os.kill(pid, signal.SIGCONT)
                read(lambda: frames() >= seen + 3)
                os.write(master, b'q')
            read(ended)
            while select.select([master], [], [], 0.2)[0]:
                text += os.read(master, 65536)
            print(json.dumps(dict(status=status, settings_back=settings() == before, settings_changed_meanwhile=changed, text=text.decode())))
            if status is None:
                os.kill(pid, signal.SIGKILL)
            """);
        return Python.Run("pty", [script, how, "dotnet", Path.Combine(AppContext.BaseDirectory, "smaragdine.dll"), .. arguments]);
    }
}
