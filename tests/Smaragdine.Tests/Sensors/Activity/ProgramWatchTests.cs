using System.Globalization;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Activity;

/// <summary>Programs that were started here, against what their processes say of themselves.</summary>
[Collection(Alone.Name)]
public sealed class ProgramWatchTests : IDisposable
{
    private static readonly Duration Period = Duration.FromMilliseconds(10);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// A daemon of two forks, and children too short to be seen. Each writes what it and its children used, as the kernel told it.
    /// </summary>
    private string Program =>
        $$"""
        (sh -c 'x=0; while [ $x -lt 300000 ]; do x=$((x+1)); done; times > {{folder.Path}}/daemon.part; mv {{folder.Path}}/daemon.part {{folder.Path}}/daemon' &)
        i=0
        while [ $i -lt 2000 ]; do
          (:)
          i=$((i+1))
        done
        (x=0; while [ $x -lt 200000 ]; do x=$((x+1)); done)
        while ! [ -e {{folder.Path}}/daemon ]; do sleep 0.02; done
        times > {{folder.Path}}/program
        """;

    [CgroupFact]
    public void Orphans_and_short_children_are_all_in_the_program_s_control_group() => CountsAll(ownGroup: true);

    [LinuxFact]
    public void Orphans_and_short_children_are_counted_one_by_one_where_there_is_no_control_group() => CountsAll(ownGroup: false);

    [CgroupFact]
    public void A_program_that_leaves_a_daemon_leaves_no_control_group()
    {
        string groups = Groups();
        using ProgramWatch watch = ProgramWatch.Create(SystemRoot.Real, Period);
        Groups().ShouldNotBe(groups);
        using ChildProcess child = watch.Start(["sh", "-c", $"(sh -c 'sleep 60 & echo $! > {folder.Path}/pid' &); while ! [ -s {folder.Path}/pid ]; do sleep 0.02; done"]);
        child.WaitForExit().ShouldBe(0);
        watch.End().LeftBehind.ShouldBeNull();
        watch.Sensors[0].Dispose();
        int daemon = int.Parse(File.ReadAllText(folder.At("pid")), CultureInfo.InvariantCulture);
        try
        {
            File.ReadAllLines($"/proc/{daemon}/cgroup").ShouldBe(File.ReadAllLines("/proc/self/cgroup"));
            Groups().ShouldBe(groups);
        }
        finally
        {
            LinuxCalls.Kill(daemon, 9);
        }
    }

    [CgroupFact]
    public void A_program_s_time_begins_with_its_start_and_holds_nothing_of_who_started_it()
    {
        using ProgramWatch watch = ProgramWatch.Create(SystemRoot.Real, Period);
        using ISensor sensor = watch.Sensors[0];
        Read(sensor).ShouldBe(0);
        using ChildProcess child = watch.Start(["sleep", "0.1"]);
        child.WaitForExit().ShouldBe(0);

        // This process works on; `sleep` itself takes a millisecond or two.
        SpinWait.SpinUntil(() => false, 200);
        Read(sensor).ShouldBeInRange(0, 60_000_000);
        ProgramAccount account = watch.End();
        account.Counted.TotalSeconds.ShouldBe(account.Charged.TotalSeconds, 0.02);
    }

    [LinuxFact]
    public void A_program_that_cannot_be_started_leaves_no_control_group()
    {
        string groups = Groups();
        using (ProgramWatch watch = ProgramWatch.Create(SystemRoot.Real, Period))
        {
            using ISensor sensor = watch.Sensors[0];
            Should.Throw<ChildProcessException>(() => watch.Start(["no-such-program-here"]));
        }

        Groups().ShouldBe(groups);
    }

    private void CountsAll(bool ownGroup)
    {
        using ProgramWatch watch = ProgramWatch.Create(SystemRoot.Real, Period, ownGroup);
        using ISensor sensor = watch.Sensors[0];
        sensor.Streams.Single().Source.ShouldBe(ownGroup ? "cgroup cpu.stat" : "process CPU clock");
        using ChildProcess child = watch.Start(["sh", "-c", Program]);
        long previous = 0;
        while (!child.WaitForExit(TimeSpan.FromMilliseconds(10)))
        {
            long now = Read(sensor);
            now.ShouldBeGreaterThanOrEqualTo(previous);
            previous = now;
        }

        child.WaitForExit().ShouldBe(0);
        double counted = Read(sensor) / 1e9;
        ProgramAccount account = watch.End();
        account.Counted.TotalSeconds.ShouldBe(counted);
        double truth = Times("program") + Times("daemon");
        truth.ShouldBeGreaterThan(0.1);

        // `times` cuts each of its figures to 10 ms; account of a process is a tick old.
        counted.ShouldBe(truth, (0.03 * truth) + 0.1);

        // Who inherits the orphans is charged for them too.
        account.Charged.TotalSeconds.ShouldBe(ownGroup ? Times("program") : truth, (0.03 * truth) + 0.1);
    }

    private static long Read(ISensor sensor)
    {
        long[] value = new long[1];
        ReadStatus[] status = new ReadStatus[1];
        sensor.Read(value, status);
        status[0].ShouldBe(ReadStatus.Value);
        return value[0];
    }

    /// <summary>Control groups of this process's own, by name.</summary>
    private static string Groups()
    {
        string? place = ProgramCgroup.Place(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"));
        string own = $"smaragdine-{Environment.ProcessId}";
        return place is null ? "" : string.Join(' ', Directory.EnumerateDirectories(place, own));
    }

    /// <summary>The sum of the four figures of `times`, s.</summary>
    private double Times(string name) => File.ReadAllText(folder.At(name)).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Sum(text =>
    {
        string[] parts = text.TrimEnd('s').Split('m');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture) * 60) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    });
}
