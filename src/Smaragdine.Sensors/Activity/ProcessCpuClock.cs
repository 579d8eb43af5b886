namespace Smaragdine.Sensors.Activity;

/// <summary>The CPU clock that the kernel keeps for every process.</summary>
public static class ProcessCpuClock
{
    /// <summary>
    /// On-CPU time of all threads of a process since its start, ns, ended threads included. Needs no permission, works on a zombie, and costs
    /// one call whatever the number of threads (`clock_getcpuclockid(3)`).
    /// </summary>
    /// <param name="pid">A process; the id of a thread that leads none counts as no process.</param>
    /// <param name="nanoseconds">The time; 0 where there is no such process.</param>
    public static bool TryRead(int pid, out long nanoseconds)
    {
        // Pid 0 would be the caller.
        if (pid > 0)
        {
            return LinuxCalls.TryReadClock((~pid << 3) | 2, out nanoseconds);
        }

        nanoseconds = 0;
        return false;
    }
}
