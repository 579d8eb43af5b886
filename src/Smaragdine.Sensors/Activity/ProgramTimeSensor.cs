using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>On-CPU time of the recorded program, the root process and all its descendants, process by process: stream `program`, ns.</summary>
public sealed class ProgramTimeSensor : ICountsProgram
{
    /// <summary>How often new and ended processes are looked for.</summary>
    public static readonly Duration ScanPeriod = Duration.FromMilliseconds(50);

    private readonly ProcessTree tree;
    private readonly int readsPerScan;
    private int readsToScan;
    private long counted;
    private volatile bool following;

    private ProgramTimeSensor(ProcessTree tree, Duration period)
    {
        this.tree = tree;
        readsPerScan = (int)Math.Max(1, ScanPeriod.Nanoseconds / Math.Max(1, period.Nanoseconds));
        readsToScan = readsPerScan;
        Streams = [new("program", StreamKind.ProgramTime, Source, Quality.Measured, period)];
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
    public static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere)
    {
        ProgramTimeSensor sensor = Make(root, period, startedHere, adopts: false);
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
    public static ProgramTimeSensor BeforeStart(SystemRoot root, Duration period, bool adopts) => Make(root, period, startedHere: true, adopts);

    /// <summary>Says which process it is. Once; it may be read on another thread meanwhile.</summary>
    public void Follow(int pid)
    {
        tree.Follow(pid);
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
            }
            else if (tree.RootHasEnded)
            {
                // Soon nobody asks any more: what is only in accounts has to come now.
                time = tree.Scan();
            }

            Interlocked.Exchange(ref counted, time);
        }

        values[0] = counted;
        statuses[0] = ReadStatus.Value;
    }

    public void Dispose() => tree.Dispose();

    private static ProgramTimeSensor Make(SystemRoot root, Duration period, bool startedHere, bool adopts) =>
        new(new(new LinuxProcesses(root), startedHere ? Environment.ProcessId : null, adopts, LinuxCalls.ReadClockTicks()), period);
}
