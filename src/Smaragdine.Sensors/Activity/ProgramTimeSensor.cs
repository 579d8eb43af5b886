using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// On-CPU time of the recorded program, the root process and all its descendants, process by process: stream `program`, ns; on a machine of several sockets
/// socket by socket too (<see cref="SocketSplit"/>).
/// </summary>
public sealed class ProgramTimeSensor : ICountsProgram
{
    /// <summary>How often new and ended processes are looked for.</summary>
    public static readonly Duration ScanPeriod = Duration.FromMilliseconds(50);

    private readonly ProcessTree tree;
    private readonly SocketSplit? split;
    private readonly int readsPerScan;
    private int readsToScan;
    private long counted;
    private volatile bool following;

    /// <param name="tree">The program's processes; the sensor disposes of it.</param>
    /// <param name="period">How often it will be read.</param>
    /// <param name="split">Null on a machine of one socket.</param>
    internal ProgramTimeSensor(ProcessTree tree, Duration period, SocketSplit? split = null)
    {
        this.tree = tree;
        this.split = split;
        readsPerScan = (int)Math.Max(1, ScanPeriod.Nanoseconds / Math.Max(1, period.Nanoseconds));
        readsToScan = readsPerScan;
        Streams = [new("program", StreamKind.ProgramTime, Source, Quality.Measured, period), .. SocketSplit.Streams(split, period)];
    }

    public string Source => "process CPU clock";

    public long CountedNs => Interlocked.Read(ref counted);

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => false;

    /// <summary>Begins with a process and the descendants it has by now.</summary>
    /// <param name="root">Where `/proc` is; the clocks are always this machine's.</param>
    /// <param name="pid">The recorded process.</param>
    /// <param name="period">How often it will be read: fixes how many reads go between two scans.</param>
    /// <param name="startedHere">This process started it and waits for no other child meanwhile: the program's last milliseconds are in its account.</param>
    /// <exception cref="IOException">there is no such process.</exception>
    public static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere) => Open(root, pid, period, startedHere, split: null);

    /// <summary>The same, by socket.</summary>
    internal static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere, SocketSplit? split)
    {
        ProgramTimeSensor sensor = Make(root, period, startedHere, adopts: false, split);
        sensor.Follow(pid);
        if (sensor.tree.Live == 0 && !startedHere)
        {
            sensor.Dispose();
            throw new IOException($"there is no process {pid}");
        }

        return sensor;
    }

    /// <summary>For a program that this process is going to start: 0 until <see cref="Follow"/>.</summary>
    /// <param name="root">Where `/proc` is.</param>
    /// <param name="period">How often it will be read.</param>
    /// <param name="adopts">This process inherits the program's orphans.</param>
    /// <param name="split">Null on a machine of one socket.</param>
    internal static ProgramTimeSensor BeforeStart(SystemRoot root, Duration period, bool adopts, SocketSplit? split = null) =>
        Make(root, period, startedHere: true, adopts, split);

    /// <summary>Says which process it is. Once; it may be read on another thread meanwhile.</summary>
    public void Follow(int pid)
    {
        tree.Follow(pid);
        split?.Placement.Publish(tree);
        following = true;
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        if (following)
        {
            bool scan = --readsToScan <= 0;
            long time = scan ? tree.Scan() : tree.Read();
            if (scan)
            {
                readsToScan = readsPerScan;
                split?.Placement.Publish(tree);
            }
            else if (tree.RootHasEnded)
            {
                // Soon nobody asks any more: what is only in accounts has to come now.
                time = tree.Scan();
            }

            Interlocked.Exchange(ref counted, time);
        }

        values[0] = counted;
        split?.Read(counted, values[1..]);
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = ReadStatus.Value;
        }
    }

    public void Dispose() => tree.Dispose();

    private static ProgramTimeSensor Make(SystemRoot root, Duration period, bool startedHere, bool adopts, SocketSplit? split) =>
        new(new(new LinuxProcesses(root), startedHere ? Environment.ProcessId : null, adopts, LinuxCalls.ReadClockTicks()), period, split);
}
