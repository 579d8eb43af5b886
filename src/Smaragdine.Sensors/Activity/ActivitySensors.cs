using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>The sensors of who used the processors.</summary>
public static class ActivitySensors
{
    /// <summary>The program's on-CPU time and everybody's; on a machine of several sockets both socket by socket.</summary>
    /// <param name="root">Where `/sys` and `/proc` are; the clocks are always this machine's.</param>
    /// <param name="pid">The recorded process.</param>
    /// <param name="startedHere">This process started it and waits for no other child meanwhile.</param>
    /// <exception cref="RefusedInputException">there is no such process.</exception>
    public static IReadOnlyList<ISensor> Open(SystemRoot root, int pid, bool startedHere)
    {
        List<ISensor> open = [];
        try
        {
            CpuTopology topology = CpuTopology.Read(root);
            ProgramPlacement? placement = topology.Sockets.Count > 1 ? new(topology.Sockets) : null;
            open.Add(ProgramTimeSensor.Open(root, pid, BusyTimeSensor.DefaultPeriod, startedHere, placement));
            open.Add(BusyTimeSensor.Open(root));
            if (placement is not null)
            {
                open.Add(new ThreadPlacementSensor(root, topology, placement));
            }

            return open;
        }
        catch (IOException e)
        {
            open.ForEach(s => s.Dispose());
            throw new RefusedInputException($"process {pid}: {e.Message}", e);
        }
    }
}
