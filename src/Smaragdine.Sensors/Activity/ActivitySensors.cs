using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>The sensors of who used the processors: the program and everybody; on a machine of several sockets both socket by socket.</summary>
public static class ActivitySensors
{
    /// <summary>Of a program that already runs.</summary>
    /// <param name="root">Where `/sys` and `/proc` are; the clocks are always this machine's.</param>
    /// <param name="pid">The recorded process.</param>
    /// <exception cref="RefusedInputException">there is no such process, or no /proc.</exception>
    public static IReadOnlyList<ISensor> OfRunning(SystemRoot root, int pid)
    {
        CpuTopology topology = CpuTopology.Read(root);
        SocketSplit? split = ProgramWatch.SplitBy(topology);
        ISensor program;
        try
        {
            program = ProgramTimeSensor.Open(root, pid, BusyTimeSensor.DefaultPeriod, startedHere: false, split);
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"process {pid}: {e.Message}", e);
        }

        return ProgramWatch.ThreadsOf(root, topology, split) is { } threads ? With(root, [program, threads]) : With(root, [program]);
    }

    /// <summary>Of a program that is started here.</summary>
    /// <exception cref="RefusedInputException">there is no /proc.</exception>
    public static IReadOnlyList<ISensor> Of(SystemRoot root, ProgramWatch watch) => With(root, watch.Sensors);

    private static IReadOnlyList<ISensor> With(SystemRoot root, IReadOnlyList<ISensor> program)
    {
        try
        {
            return [.. program, BusyTimeSensor.Open(root)];
        }
        catch (IOException e)
        {
            program.ToList().ForEach(s => s.Dispose());
            throw new RefusedInputException($"who uses the processors is not to be known here: {e.Message}", e);
        }
    }
}
