using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>On-CPU time of the recorded program, the root process and all its descendants: stream `program`, ns.</summary>
public sealed class ProgramTimeSensor : ISensor
{
    /// <summary>How often new and ended processes are looked for.</summary>
    public static readonly Duration ScanPeriod = Duration.FromMilliseconds(50);

    private readonly ProcessTree tree;
    private readonly int readsPerScan;
    private int readsToScan;

    internal ProgramTimeSensor(ProcessTree tree, Duration period)
    {
        this.tree = tree;
        readsPerScan = (int)Math.Max(1, ScanPeriod.Nanoseconds / Math.Max(1, period.Nanoseconds));
        readsToScan = readsPerScan;
        Streams = [new("program", StreamKind.ProgramTime, "process CPU clock", Quality.Measured, period)];
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => false;

    /// <summary>Begins with a process and the descendants it has by now.</summary>
    /// <param name="root">Where `/proc` is; the clocks are always this machine's.</param>
    /// <param name="pid">The recorded process.</param>
    /// <param name="period">How often it will be read: fixes how many reads go between two scans.</param>
    /// <param name="startedHere">This process started it and waits for no other child meanwhile: the program's last milliseconds are in its account.</param>
    /// <exception cref="IOException">there is no such process.</exception>
    public static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere)
    {
        ProcessTree processes = new(new LinuxProcesses(root), pid, startedHere ? Environment.ProcessId : null, LinuxCalls.ReadClockTicks());
        if (processes.Live == 0 && !startedHere)
        {
            processes.Dispose();
            throw new IOException($"there is no process {pid}");
        }

        return new(processes, period);
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        if (--readsToScan <= 0)
        {
            readsToScan = readsPerScan;
            values[0] = tree.Scan();
        }
        else
        {
            values[0] = tree.Read();
        }

        statuses[0] = ReadStatus.Value;
    }

    public void Dispose() => tree.Dispose();
}
