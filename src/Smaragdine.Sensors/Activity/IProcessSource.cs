namespace Smaragdine.Sensors.Activity;

/// <summary>The processes of the machine as <see cref="ProcessTree"/> asks for them. Nothing throws or allocates after warm-up.</summary>
internal interface IProcessSource : IDisposable
{
    /// <summary>On-CPU time of a process, ns; false where there is none with this id.</summary>
    bool TryReadClock(int pid, out long nanoseconds);

    /// <summary>Reads a process's line.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="handle">Begins as −1; what is kept open for the next time, given back to <see cref="Close"/>.</param>
    /// <param name="stat">Of whichever process has the id now.</param>
    bool TryReadStat(int pid, ref int handle, out ProcessStat stat);

    void Close(int handle);

    /// <summary>Waits for a child of this process that has ended, without blocking.</summary>
    void Reap(int pid);

    /// <summary>The id given to the newest process or thread; ids are given in rising order. −1 where that is not to be known.</summary>
    int LastPid();

    /// <summary>All processes, as many as there is room for; how many there are.</summary>
    int List(Span<int> pids);
}
