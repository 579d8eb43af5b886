using System.Globalization;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Children;

/// <summary>
/// What concerns this whole process, its signals and its account of all children: no other test may run meanwhile.
/// </summary>
[Collection(Alone.Name)]
public class AloneTests
{
    private const int Terminate = 15;

    [LinuxFact]
    public void Signal_to_this_process_is_passed_on_to_the_child()
    {
        using ChildProcess child = ChildProcess.Start(["sleep", "120"]);
        LinuxCalls.Kill(Environment.ProcessId, Terminate).ShouldBe(0);
        child.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        child.WaitForExit().ShouldBe(128 + Terminate);
    }

    [LinuxFact]
    public void Program_started_here_is_counted_to_its_last_millisecond()
    {
        long before = Reaped();
        using ChildProcess child = ChildProcess.Start(["sh", "-c", "x=0; while [ $x -lt 400000 ]; do x=$((x+1)); done"]);
        using ProgramTimeSensor sensor = ProgramTimeSensor.Open(SystemRoot.Real, child.Pid, ProgramTimeSensor.ScanPeriod, startedHere: true);
        long[] value = new long[1];
        ReadStatus[] status = new ReadStatus[1];

        // No reading at all while it runs: all of it has to come from the account.
        child.WaitForExit(TimeSpan.FromSeconds(120)).ShouldBeTrue();
        child.WaitForExit().ShouldBe(0);
        sensor.Read(value, status);
        sensor.Read(value, status);
        double truth = (Reaped() - before) / 100.0;
        truth.ShouldBeGreaterThan(0.05);
        (value[0] / 1e9).ShouldBe(truth, 0.021);
    }

    /// <summary>Jiffies of the children that this process waited for.</summary>
    private static long Reaped()
    {
        string[] fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
    }
}
