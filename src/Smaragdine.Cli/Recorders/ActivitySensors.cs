using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>The sensors of who used the processors.</summary>
internal static class ActivitySensors
{
    /// <summary>The program's on-CPU time and everybody's; without /proc none.</summary>
    /// <exception cref="RefusedInputException">there is no such process.</exception>
    public static IReadOnlyList<ISensor> Open(int pid, bool startedHere)
    {
        List<ISensor> open = [];
        try
        {
            open.Add(ProgramTimeSensor.Open(SystemRoot.Real, pid, BusyTimeSensor.DefaultPeriod, startedHere));
            open.Add(BusyTimeSensor.Open(SystemRoot.Real));
            return open;
        }
        catch (IOException e)
        {
            open.ForEach(s => s.Dispose());
            throw new RefusedInputException($"process {pid}: {e.Message}", e);
        }
    }
}
