using Smaragdine.Sensors.Children;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>What was counted of a program's on-CPU time, beside what the kernel charged for it.</summary>
/// <param name="Counted">By the sensor, from the start to the end.</param>
/// <param name="Charged">
/// What this process was charged for the children that it waited for and all that these waited for: complete but for orphans and for children that nobody waits
/// for. More than was counted is what the sensor did not see.
/// </param>
/// <param name="LeftBehind">A control group that could not be taken away; null where there is none.</param>
public sealed record ProgramAccount(Duration Counted, Duration Charged, string? LeftBehind);

/// <summary>
/// Counts the on-CPU time of a program that is started here, from before its start: by a control group of its own where this process may make one, else
/// process by process, with this process as the one who inherits orphans.
/// </summary>
public sealed class ProgramWatch : IDisposable
{
    private readonly ProgramCgroup? group;
    private readonly ICountsProgram sensor;
    private readonly ISensor? threads;
    private readonly long chargedBefore = LinuxCalls.ReadChildrenTime();
    private bool ended;

    private ProgramWatch(ProgramCgroup? group, ICountsProgram sensor, ISensor? threads)
    {
        this.group = group;
        this.sensor = sensor;
        this.threads = threads;
    }

    /// <summary>Stream `program`: 0 until the start; on a machine of several sockets also socket by socket, with what that needs. Whoever reads them disposes of them.</summary>
    public IReadOnlyList<ISensor> Sensors => threads is null ? [sensor] : [sensor, threads];

    /// <summary>Prepares for a program that <see cref="Start"/> will start.</summary>
    /// <param name="root">Where `/proc` and `/sys` are: this machine's own.</param>
    /// <param name="period">How often the sensor will be read.</param>
    /// <param name="ownGroup">Try for a control group.</param>
    public static ProgramWatch Create(SystemRoot root, Duration period, bool ownGroup = true)
    {
        CpuTopology topology = CpuTopology.Read(root);
        if (ownGroup && ProgramCgroup.TryCreate(root) is { } group)
        {
            if (PolledFile.TryOpen(group.CpuStat) is { } stat)
            {
                SocketSplit? groupSplit = SplitBy(topology, group);
                return new(group, new CgroupTimeSensor(stat, period, groupSplit), ThreadsOf(root, topology, groupSplit));
            }

            group.Remove();
        }

        bool adopts = LinuxCalls.ProcessControl(LinuxCalls.SetChildSubreaper, 1, 0, 0, 0) == 0;
        SocketSplit? split = SplitBy(topology);
        return new(null, ProgramTimeSensor.BeforeStart(root, period, adopts, split), ThreadsOf(root, topology, split));
    }

    /// <summary>Null on a machine of one socket.</summary>
    internal static SocketSplit? SplitBy(CpuTopology topology, ProgramCgroup? group = null) =>
        topology.Sockets.Count > 1 ? new(new(topology.Sockets, group)) : null;

    /// <summary>Who looks on which sockets the program's threads run; null where nobody asks.</summary>
    internal static ISensor? ThreadsOf(SystemRoot root, CpuTopology topology, SocketSplit? split) =>
        split is null ? null : new ThreadPlacementSensor(root, topology, split.Placement);

    /// <summary>Starts the program, and counts from its first instruction.</summary>
    /// <exception cref="ChildProcessException">it cannot be started.</exception>
    public ChildProcess Start(IReadOnlyList<string> command)
    {
        ChildProcess child;
        if (sensor is CgroupTimeSensor counter)
        {
            // While inside, this process counts too; that is taken off again.
            long after;
            group!.Enter();
            ProcessCpuClock.TryRead(Environment.ProcessId, out long before);
            try
            {
                child = ChildProcess.Start(command);
            }
            finally
            {
                ProcessCpuClock.TryRead(Environment.ProcessId, out after);
                TryLeave();
            }

            counter.Begin(after - before);
        }
        else
        {
            child = ChildProcess.Start(command);
            ((ProgramTimeSensor)sensor).Follow(child.Pid);
        }

        return child;
    }

    /// <summary>When the program has ended and its sensor was read for the last time: what was counted. The control group is taken away.</summary>
    public ProgramAccount End() => new(
        Duration.FromNanoseconds(sensor.CountedNs),
        Duration.FromNanoseconds(LinuxCalls.ReadChildrenTime() - chargedBefore),
        Finish());

    public void Dispose() => Finish();

    private void TryLeave()
    {
        try
        {
            group!.Leave();
        }
        catch (IOException)
        {
            // It could when the group was made. A program that runs by now is worth more than our own few milliseconds among its.
        }
    }

    private string? Finish()
    {
        if (!ended)
        {
            ended = true;
            if (group is null)
            {
                // Orphans that end from now on are init's again, as they would be without a recording.
                _ = LinuxCalls.ProcessControl(LinuxCalls.SetChildSubreaper, 0, 0, 0, 0);
            }
            else if (!group.Remove())
            {
                return group.Path;
            }
        }

        return null;
    }
}
