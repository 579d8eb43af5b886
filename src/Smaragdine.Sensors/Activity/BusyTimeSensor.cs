using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// On-CPU time of all processes, socket by socket, from `/proc/stat`: streams `busy-0`, `busy-1`, … in ns; one stream `busy` without a socket
/// where the kernel does not say which CPU is where. In steps of a jiffy (10 ms) for each CPU.
/// </summary>
public sealed class BusyTimeSensor : ISensor
{
    /// <summary>Faster than a jiffy there is nothing new.</summary>
    public static readonly Duration DefaultPeriod = Duration.FromMilliseconds(10);

    private readonly PolledFile file;
    private readonly long nanosecondsPerJiffy;
    private readonly int[] streamOf;
    private readonly long[] busy;
    private readonly long[] highest;
    private byte[] buffer;

    private BusyTimeSensor(PolledFile file, CpuTopology topology, Duration period, long clockTicks)
    {
        this.file = file;
        nanosecondsPerJiffy = 1_000_000_000 / clockTicks;
        IReadOnlyList<int> sockets = topology.Sockets;
        Streams = sockets.Count == 0 ? [Stream("busy", null)] : [.. sockets.Select(s => Stream($"busy-{s}", s))];

        // A CPU that comes online later has room, and belongs to the first socket: its true one was not to be known.
        int cpus = Math.Max(topology.SocketOf.Count, 1024);
        streamOf = new int[cpus];
        for (int cpu = 0; cpu < topology.SocketOf.Count; cpu++)
        {
            streamOf[cpu] = topology.SocketOf[cpu] is { } socket ? sockets.Index().First(s => s.Item == socket).Index : 0;
        }

        busy = new long[cpus];
        highest = new long[cpus];
        buffer = new byte[4096];

        RecordedStream Stream(string name, int? socket) =>
            new(name, StreamKind.BusyTime, "/proc/stat", Quality.Measured, period) { Socket = socket, UpdatePeriod = Duration.FromNanoseconds(nanosecondsPerJiffy) };
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => false;

    /// <summary>Opens `/proc/stat` under a root.</summary>
    /// <exception cref="IOException">it cannot be opened.</exception>
    public static BusyTimeSensor Open(SystemRoot root, Duration? period = null)
    {
        string path = root.At("proc", "stat");
        PolledFile stat = PolledFile.TryOpen(path) ?? throw new IOException($"{path} cannot be opened");
        return new(stat, CpuTopology.Read(root), period ?? DefaultPeriod, LinuxCalls.ReadClockTicks());
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        int length = file.Read(buffer);
        while (length == buffer.Length && !HasAllCpus(buffer) && buffer.Length < 1 << 22)
        {
            // Grows once to the size of the machine's file, then never again.
            buffer = new byte[buffer.Length * 2];
            length = file.Read(buffer);
        }

        bool ok = length > 0 && ProcStat.ReadBusy(buffer.AsSpan(0, length), busy) > 0;
        statuses.Fill(ok ? ReadStatus.Value : ReadStatus.Missed);
        values.Clear();
        for (int cpu = 0; cpu < busy.Length; cpu++)
        {
            // A CPU that went offline keeps what it had, and one that comes back counted anew takes nothing away: the sum never goes down.
            highest[cpu] = Math.Max(highest[cpu], busy[cpu]);
            values[streamOf[cpu]] += highest[cpu] * nanosecondsPerJiffy;
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>The lines of the CPUs come first: once another line begins, all were read.</summary>
    private static bool HasAllCpus(ReadOnlySpan<byte> text)
    {
        while (text.StartsWith("cpu"u8))
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            text = text[(end + 1)..];
        }

        return !text.IsEmpty;
    }
}
