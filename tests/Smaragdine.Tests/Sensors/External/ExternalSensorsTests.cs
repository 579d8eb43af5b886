using System.Collections.Concurrent;
using System.Globalization;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.External;

/// <summary>Real shells: what becomes of their lines, their messages and themselves.</summary>
[Collection(Alone.Name)]
public sealed class ExternalSensorsTests
{
    private readonly ConcurrentQueue<string> said = [];
    private readonly GrowingList sink = new();

    private string Said => string.Join('\n', said);

    [LinuxFact]
    public void Lines_become_samples_of_their_domain_at_the_time_they_are_read()
    {
        long before = MonotonicClock.Instance.MonotonicNs();
        using (ExternalSensors sensors = Start("echo '# a remark'; echo; echo 'gpu-0 100'; echo 'package-0 5 J 65532.610987'; sleep 0.05; echo 'gpu-0 200 W'; printf 'gpu-0 0.3kW'"))
        {
            sensors.Attach(sink);
            Until(() => sink.Of("gpu-0").Length == 3);
        }

        sink.Of("gpu-0").Select(s => s.Value).ShouldBe([100_000_000, 200_000_000, 300_000_000]);
        sink.Of("package-0").Select(s => s.Value).ShouldBe([5_000_000]);
        RecordedSample[] gpu = sink.Of("gpu-0");
        gpu[0].MonotonicNs.ShouldBeGreaterThan(before);
        (gpu[1].MonotonicNs - gpu[0].MonotonicNs).ShouldBeGreaterThan(20_000_000);
        RecordedStream package = sink.Streams.Single(s => s.Name == "package-0");
        package.Kind.ShouldBe(StreamKind.Energy);
        package.Range!.Value.MaxMicrojoules.ShouldBe(65_532_610_987UL);
        package.Quality.ShouldBe(Quality.Measured);
        package.Source.ShouldBe("command echo");
    }

    [LinuxFact]
    public void Remarks_tell_quality_source_and_periods()
    {
        using ExternalSensors sensors = Start("echo '# quality=estimated'; echo '# source=rack meter'; echo '# period_ms=250'; echo '# window_ms=40'; echo 'gpu-0 1'; sleep 60");
        sensors.Wait(TimeSpan.FromSeconds(10));
        RecordedStream stream = sensors.Streams.Single();
        stream.Quality.ShouldBe(Quality.Estimated);
        stream.Source.ShouldBe("rack meter");
        stream.UpdatePeriod.ShouldBe(Duration.FromMilliseconds(250));
        stream.Window.ShouldBe(Duration.FromMilliseconds(40));
    }

    [LinuxFact]
    public void A_wrong_remark_and_a_late_quality_are_said()
    {
        using ExternalSensors sensors = Start("echo '# quality=superb'; echo 'gpu-0 1'; echo '# quality=simulated'; echo 'gpu-1 1'; sleep 60");
        sensors.Attach(sink);
        Until(() => sink.Streams.Length == 2);
        Said.ShouldContain("`quality` is `superb`, expected measured");
        Said.ShouldContain("comes after a first value");
        sink.Streams.Select(s => s.Quality).ShouldBe([Quality.Measured, Quality.Simulated]);
    }

    [LinuxFact]
    public void What_is_no_reading_is_said_once_and_counted_and_an_unknown_domain_as_well()
    {
        using (ExternalSensors sensors = Start("for i in 1 2 3; do echo rubbish; echo rack 5; echo gpu-0 $i; done; sleep 60"))
        {
            sensors.Attach(sink);
            Until(() => sink.Of("gpu-0").Length == 3);
        }

        Said.ShouldContain("line 1, `rubbish`, is left out");
        Said.ShouldContain("`rack` is no domain");
        said.Count(s => s.Contains("rubbish", StringComparison.Ordinal)).ShouldBe(1);
        said.Count(s => s.Contains("is no domain", StringComparison.Ordinal)).ShouldBe(1);
        Said.ShouldContain("6 of its 9 lines were left out");
    }

    [LinuxFact]
    public void A_line_without_end_is_left_out_and_the_next_one_is_read()
    {
        using ExternalSensors sensors = Start("head -c 100000 /dev/zero | tr '\\0' x; echo; echo 'gpu-0 7'; sleep 60");
        sensors.Attach(sink);
        Until(() => sink.Of("gpu-0").Length == 1);
        sink.Of("gpu-0").Single().Value.ShouldBe(7_000_000);
        said.Count(s => s.Contains("longer than", StringComparison.Ordinal)).ShouldBe(1);
    }

    [LinuxFact]
    public void Output_that_waited_in_a_buffer_is_told()
    {
        using ExternalSensors sensors = Start("for i in 1 2 3 4 5 6 7 8 9; do echo gpu-0 $i; done | cat > /tmp/smaragdine-$$; cat /tmp/smaragdine-$$; rm /tmp/smaragdine-$$; sleep 60");
        Until(() => Said.Contains("stdbuf -oL", StringComparison.Ordinal));
        Said.ShouldContain("lines of gpu-0 came at once");
    }

    [LinuxFact]
    public void One_that_ends_early_is_said_with_what_it_wrote_to_stderr()
    {
        using ExternalSensors sensors = Start("echo 'no permission' >&2; echo gpu-0 1; exit 3");
        sensors.Wait(TimeSpan.FromSeconds(10));
        Until(() => said.Count >= 2);
        Said.ShouldContain("says: no permission");
        Said.ShouldContain("ended with exit status 3");
        Said.ShouldContain("not known from here on");
        sensors.Silent.ShouldBeEmpty();
    }

    [LinuxFact]
    public void One_that_is_not_there_is_said_and_silent()
    {
        using ExternalSensors sensors = Start("no-such-meter --watts");
        sensors.Wait(TimeSpan.FromSeconds(10));
        sensors.Silent.ShouldBe([("no-such-meter", true)]);
        Said.ShouldContain("ended with exit status 127");
        Said.ShouldContain("without a reading");
        Said.ShouldNotContain("--watts");
    }

    [LinuxFact]
    public void A_domain_is_the_first_command_s_and_keeps_its_kind()
    {
        using TempFolder folder = new();
        string go = folder.At("go");
        using ExternalSensors sensors = ExternalSensors.Start(
            [$"echo gpu-0 1; touch {go}; sleep 0.1; echo gpu-0 5 J; sleep 60", $"while ! test -e {go}; do sleep 0.01; done; sleep 0.05; echo gpu-0 2; echo gpu-1 3; sleep 60"],
            MonotonicClock.Instance,
            said.Enqueue);
        sensors.Attach(sink);
        Until(() => sink.Of("gpu-1").Length == 1 && said.Count == 2);
        sink.Of("gpu-0").Select(s => s.Value).ShouldBe([1_000_000]);
        Said.ShouldContain("gpu-0 is given by the command echo already");
        Said.ShouldContain("gpu-0 was a power and is a counter now");
    }

    [LinuxFact]
    public void A_domain_that_comes_late_joins_unless_somebody_else_reads_it()
    {
        using TempFolder folder = new();
        string go = folder.At("go");
        using ExternalSensors sensors = Start($"echo gpu-0 1; while ! test -e {go}; do sleep 0.01; done; echo gpu-1 2; echo package-0 3; sleep 60");
        sensors.Wait(TimeSpan.FromSeconds(10));
        sensors.Domains.ShouldBe([Domain.Gpu(0)]);
        sensors.Leave([Domain.Package(0)]);
        sensors.Attach(sink);
        sink.Streams.Select(s => s.Name).ShouldBe(["gpu-0"]);
        File.WriteAllText(go, "");
        Until(() => said.Count == 1 && sink.Of("gpu-1").Length == 1);
        sink.Streams.Select(s => s.Name).ShouldBe(["gpu-0", "gpu-1"]);
        Said.ShouldContain("package-0 comes too late");
    }

    [LinuxFact]
    public void A_command_that_makes_domains_up_without_end_gets_256_and_is_told_once()
    {
        using ExternalSensors sensors = Start("seq 0 2000 | sed 's/.*/gpu-& 1/'; sleep 60");
        sensors.Attach(sink);
        Until(() => Said.Contains("more domains than 256", StringComparison.Ordinal));
        sensors.Dispose();
        sensors.Streams.Count.ShouldBe(256);
        said.Count(s => s.Contains("more domains", StringComparison.Ordinal)).ShouldBe(1);
    }

    [LinuxFact]
    public void After_detaching_the_sink_is_left_alone_and_the_next_one_is_told_all_streams()
    {
        using ExternalSensors sensors = Start("while echo gpu-0 1; do sleep 0.01; done");
        sensors.Attach(sink);
        Until(() => sink.Of("gpu-0").Length > 1);
        sensors.Detach();
        int before = sink.Of("gpu-0").Length;
        GrowingList next = new();
        next.AddStreams([new("program", StreamKind.ProgramTime, "test", Quality.Measured, Duration.Zero)]);
        sensors.Attach(next);
        Until(() => next.Of("gpu-0").Length > 1);
        sink.Of("gpu-0").Length.ShouldBe(before);
    }

    [LinuxFact]
    public void All_that_a_command_started_is_ended_also_what_does_not_want_to()
    {
        using TempFolder folder = new();
        string pids = folder.At("pids");
        using (ExternalSensors sensors = Start($"trap '' TERM; (trap '' TERM; sh -c 'trap \"\" TERM; echo $$ >> {pids}; while true; do sleep 1; done' & echo $! >> {pids}; wait) & echo $$ >> {pids}; echo gpu-0 1; wait"))
        {
            sensors.Wait(TimeSpan.FromSeconds(10));
            Until(() => File.Exists(pids) && File.ReadAllLines(pids).Length >= 3);
        }

        foreach (string pid in File.ReadAllLines(pids))
        {
            // A process of the test's session that init has yet to reap is ended as well.
            Until(() => !File.Exists($"/proc/{pid}/stat") || State(pid) is 'Z' or 'X');
        }
    }

    [LinuxFact]
    public void A_command_has_a_session_of_its_own_and_signals_as_in_a_shell()
    {
        using ExternalSensors sensors = Start("cut -d' ' -f6 /proc/self/stat >&2; grep SigIgn /proc/self/status >&2; readlink /proc/self/fd/0 >&2; echo gpu-0 1; sleep 60");
        Until(() => said.Count == 3);
        string own = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[3];
        string[] lines = [.. said.Select(s => s.Split("says: ")[1])];
        int.Parse(lines[0], CultureInfo.InvariantCulture).ShouldNotBe(int.Parse(own, CultureInfo.InvariantCulture));
        ulong ignored = ulong.Parse(lines[1].Split(':')[1].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        (ignored & (1UL << (13 - 1))).ShouldBe(0UL, "SIGPIPE is ignored");
        lines[2].ShouldBe("/dev/null");
    }

    [LinuxFact]
    public void Its_processor_time_is_not_in_this_process_s_account_before_it_is_stopped()
    {
        long before = Reaped();
        using (ExternalSensors sensors = Start("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo gpu-0 1"))
        {
            Until(() => Said.Contains("ended with exit status 0", StringComparison.Ordinal));
            Reaped().ShouldBe(before);
        }

        Reaped().ShouldBeGreaterThan(before);
    }

    private static long Reaped()
    {
        ProcessStat.TryParse(File.ReadAllBytes("/proc/self/stat"), out ProcessStat stat).ShouldBeTrue();
        return stat.ReapedJiffies;
    }

    private static char State(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    private ExternalSensors Start(string command) => ExternalSensors.Start([command], MonotonicClock.Instance, said.Enqueue);

    /// <summary>Waits for something that other processes do.</summary>
    private void Until(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(20, Said);
            Thread.Sleep(5);
        }
    }
}
