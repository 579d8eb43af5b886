using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// On-CPU time of the recorded program, the root process and all its descendants: stream `program`, ns. On a machine of several sockets also socket by
/// socket, `program-0`, `program-1`, …, which together are always exactly `program`.
/// </summary>
public sealed class ProgramTimeSensor : ISensor
{
    /// <summary>How often new and ended processes are looked for.</summary>
    public static readonly Duration ScanPeriod = Duration.FromMilliseconds(50);

    private readonly ProcessTree tree;
    private readonly ProgramPlacement? placement;
    private readonly double[] shares;
    private readonly long[] bySocket;
    private readonly int readsPerScan;
    private int readsToScan;
    private long split;

    /// <param name="tree">The program's processes; the sensor disposes of it.</param>
    /// <param name="period">How often it will be read.</param>
    /// <param name="placement">Knows on which of several sockets the program runs; null on a machine of one.</param>
    internal ProgramTimeSensor(ProcessTree tree, Duration period, ProgramPlacement? placement = null)
    {
        this.tree = tree;
        this.placement = placement;
        readsPerScan = (int)Math.Max(1, ScanPeriod.Nanoseconds / Math.Max(1, period.Nanoseconds));
        readsToScan = readsPerScan;
        IReadOnlyList<int> sockets = placement?.Sockets ?? [];
        shares = new double[sockets.Count];
        bySocket = new long[sockets.Count];
        Streams =
        [
            new("program", StreamKind.ProgramTime, "process CPU clock", Quality.Measured, period),
            .. sockets.Select(s => new RecordedStream($"program-{s}", StreamKind.ProgramTime, "split by threads' CPUs", Quality.Derived, period) { Socket = s }),
        ];
        placement?.Publish(tree);
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => false;

    /// <summary>Begins with a process and the descendants it has by now.</summary>
    /// <param name="root">Where `/proc` is; the clocks are always this machine's.</param>
    /// <param name="pid">The recorded process.</param>
    /// <param name="period">How often it will be read: fixes how many reads go between two scans.</param>
    /// <param name="startedHere">This process started it and waits for no other child meanwhile: the program's last milliseconds are in its account.</param>
    /// <exception cref="IOException">there is no such process.</exception>
    public static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere) => Open(root, pid, period, startedHere, placement: null);

    /// <summary>The same, by socket.</summary>
    internal static ProgramTimeSensor Open(SystemRoot root, int pid, Duration period, bool startedHere, ProgramPlacement? placement)
    {
        ProcessTree processes = new(new LinuxProcesses(root), pid, startedHere ? Environment.ProcessId : null, LinuxCalls.ReadClockTicks());
        if (processes.Live == 0 && !startedHere)
        {
            processes.Dispose();
            throw new IOException($"there is no process {pid}");
        }

        return new(processes, period, placement);
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        if (--readsToScan <= 0)
        {
            readsToScan = readsPerScan;
            values[0] = tree.Scan();
            placement?.Publish(tree);
        }
        else
        {
            values[0] = tree.Read();
        }

        if (placement is not null)
        {
            Split(values[0] - split);
            split = values[0];
            bySocket.CopyTo(values[1..]);
        }

        for (int i = 0; i < Streams.Count; i++)
        {
            statuses[i] = ReadStatus.Value;
        }
    }

    /// <summary>To each socket its share of what was used since, as of the last look at the threads.</summary>
    private void Split(long nanoseconds)
    {
        _ = placement!.TryCopyShares(shares);
        long rest = nanoseconds;
        double restShare = 1;
        for (int i = 0; i < bySocket.Length - 1; i++)
        {
            long part = restShare > 0 ? (long)(rest * Math.Clamp(shares[i] / restShare, 0, 1)) : 0;
            bySocket[i] += part;
            rest -= part;
            restShare -= shares[i];
        }

        bySocket[^1] += rest;
    }

    public void Dispose() => tree.Dispose();
}
