using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>The sensors of who used the processors.</summary>
internal static class ActivitySensors
{
    /// <summary>The on-CPU time of a program that already runs, and everybody's.</summary>
    /// <exception cref="RefusedInputException">there is no such process, or no /proc.</exception>
    public static IReadOnlyList<ISensor> OfRunning(int pid)
    {
        try
        {
            return With(ProgramTimeSensor.Open(SystemRoot.Real, pid, BusyTimeSensor.DefaultPeriod, startedHere: false));
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"process {pid}: {e.Message}", e);
        }
    }

    /// <summary>A program's on-CPU time and everybody's.</summary>
    /// <exception cref="RefusedInputException">there is no /proc.</exception>
    public static IReadOnlyList<ISensor> With(ISensor program)
    {
        try
        {
            return [program, BusyTimeSensor.Open(SystemRoot.Real)];
        }
        catch (IOException e)
        {
            program.Dispose();
            throw new RefusedInputException($"who uses the processors is not to be known here: {e.Message}", e);
        }
    }
}
