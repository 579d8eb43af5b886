using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Activity;

/// <summary>Against the kernel's own account of this machine.</summary>
[Collection(Alone.Name)]
public class RealProcessesTests
{
    private const int Children = 5000;

    /// <summary>
    /// user + system of the shell and of its children, in seconds, as `times` says; to 10 ms each. Then it waits to be ended.
    /// </summary>
    private static string Loop(string folder) =>
        $$"""
        i=0
        while [ $i -lt {{Children}} ]; do
          (:)
          i=$((i+1))
        done
        (x=0; while [ $x -lt 300000 ]; do x=$((x+1)); done)
        times > {{folder}}/times.part
        mv {{folder}}/times.part {{folder}}/times
        exec sleep 60
        """;

    [LinuxFact]
    public void Five_thousand_short_lived_children_are_counted_as_the_shell_counts_them()
    {
        string folder = Directory.CreateTempSubdirectory("smaragdine-tree-").FullName;
        try
        {
            using ChildProcess child = ChildProcess.Start(["sh", "-c", Loop(folder)]);
            using ProgramTimeSensor sensor = ProgramTimeSensor.Open(SystemRoot.Real, child.Pid, Duration.FromMilliseconds(5), startedHere: false);
            long[] value = new long[1];
            ReadStatus[] status = new ReadStatus[1];
            long previous = 0;
            DateTime deadline = DateTime.UtcNow.AddMinutes(2);
            string times = Path.Combine(folder, "times");
            for (int after = 0; after < 30; after += File.Exists(times) ? 1 : 0)
            {
                child.WaitForExit(TimeSpan.FromMilliseconds(5)).ShouldBeFalse();
                sensor.Read(value, status);
                value[0].ShouldBeGreaterThanOrEqualTo(previous);
                previous = value[0];
                DateTime.UtcNow.ShouldBeLessThan(deadline);
            }

            double truth = File.ReadAllText(times).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Sum(Seconds);
            double counted = value[0] / 1e9;
            child.Signal(9);
            child.WaitForExit().ShouldBe(128 + 9);

            // Below: the two jiffies that the account does not show. Above: `times` cuts each of its four figures, and the shell ran on a little after it.
            // Both wider on a machine that gives no time.
            counted.ShouldBeInRange(truth - 0.1, truth + 0.3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [LinuxFact]
    public void Clock_of_this_process_is_the_sum_of_its_threads_and_there_is_none_for_a_free_id()
    {
        ProcessCpuClock.TryRead(Environment.ProcessId, out long first).ShouldBeTrue();
        ProcessCpuClock.TryRead(Environment.ProcessId, out long second).ShouldBeTrue();
        first.ShouldBeGreaterThan(0);
        second.ShouldBeGreaterThanOrEqualTo(first);
        ProcessCpuClock.TryRead(int.MaxValue >> 3, out long none).ShouldBeFalse();
        none.ShouldBe(0);
        ProcessCpuClock.TryRead(0, out _).ShouldBeFalse();
        ProcessCpuClock.TryRead(-5, out _).ShouldBeFalse();
    }

    [LinuxFact]
    public void Newest_id_and_list_of_processes_hold_a_new_process()
    {
        using LinuxProcesses processes = new(SystemRoot.Real);
        using ChildProcess child = ChildProcess.Start(["sleep", "60"]);
        try
        {
            int[] pids = new int[100_000];
            int count = processes.List(pids);
            pids.AsSpan(0, Math.Min(count, pids.Length)).ToArray().ShouldContain(child.Pid);
            processes.LastPid().ShouldBeGreaterThan(0);
            int handle = -1;
            processes.TryReadStat(child.Pid, ref handle, out ProcessStat stat).ShouldBeTrue();
            (stat.Pid, stat.Parent).ShouldBe((child.Pid, Environment.ProcessId));
            child.Signal(9);
            child.WaitForExit().ShouldBe(128 + 9);

            // The file stays with the process, whoever gets its id.
            processes.TryReadStat(child.Pid, ref handle, out _).ShouldBeFalse();
            handle.ShouldBe(-1);
        }
        finally
        {
            child.Signal(9);
        }
    }

    [LinuxFact]
    public void Missing_process_is_an_error_that_names_it() =>
        Should.Throw<IOException>(() => ProgramTimeSensor.Open(SystemRoot.Real, int.MaxValue >> 3, Duration.FromMilliseconds(5), startedHere: false))
            .Message.ShouldContain($"{int.MaxValue >> 3}");

    [LinuxFact]
    public void Busy_time_of_this_machine_rises()
    {
        using BusyTimeSensor sensor = BusyTimeSensor.Open(SystemRoot.Real);
        long[] first = new long[sensor.Streams.Count];
        long[] now = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[sensor.Streams.Count];
        sensor.Read(first, statuses);
        statuses.ShouldAllBe(s => s == ReadStatus.Value);
        SpinWait.SpinUntil(() =>
        {
            sensor.Read(now, statuses);
            return now.Sum() > first.Sum();
        }, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        now.Zip(first).ShouldAllBe(p => p.First >= p.Second);
    }

    /// <summary>`1m2.34s`.</summary>
    private static double Seconds(string text)
    {
        string[] parts = text.TrimEnd('s').Split('m');
        return (int.Parse(parts[0]) * 60) + double.Parse(parts[1]);
    }
}
