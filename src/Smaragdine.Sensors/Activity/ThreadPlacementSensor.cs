using System.Buffers.Text;
using System.Text;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// On which sockets the program's threads use their time: what each has run since it was last looked at counts for the socket of the CPU on which it ran
/// last. Its stream is how many threads the program has (`program-threads`); the shares go to <see cref="ProgramTimeSensor"/>, which splits by them.
/// </summary>
/// <remarks>
/// At most <see cref="MostThreads"/> are looked at in one reading, the others in the next ones: what a thread has run meanwhile is counted all the same.
/// On a machine of one socket nobody makes one.
/// </remarks>
internal sealed class ThreadPlacementSensor : ISensor
{
    /// <summary>Threads seldom change their socket.</summary>
    public static readonly Duration Period = Duration.FromMilliseconds(100);

    /// <summary>About 15 µs each: 4 % of one CPU of a machine that has dozens.</summary>
    public const int MostThreads = 256;

    private readonly ProgramPlacement placement;
    private readonly byte[] proc;
    private readonly int[] socketOf;
    private readonly Dictionary<int, Seen> seen = [];
    private readonly double[] used;
    private readonly double[] shares;
    private int[] pids = new int[64];
    private (int Pid, int Thread)[] round = new (int, int)[256];
    private int[] threads = new int[256];
    private int roundCount;
    private int roundNext;
    private int rounds;
    private bool firstRound;

    private readonly record struct Seen(long Jiffies, long Start, int Round);

    /// <summary>Looks at the program's threads for the first time: shares are known from the beginning.</summary>
    /// <param name="root">Where `/proc` is.</param>
    /// <param name="topology">Which CPU is in which of several sockets.</param>
    /// <param name="placement">Knows the program's processes, and takes the shares.</param>
    public ThreadPlacementSensor(SystemRoot root, CpuTopology topology, ProgramPlacement placement)
    {
        this.placement = placement;
        proc = Encoding.UTF8.GetBytes(root.At("proc") + '/');

        // A CPU that comes online later belongs to the first socket: its true one was not to be known.
        List<int> sockets = [.. placement.Sockets];
        socketOf = [.. topology.SocketOf.Select(s => Math.Max(0, s is { } number ? sockets.IndexOf(number) : 0))];
        used = new double[sockets.Count];
        shares = new double[sockets.Count];
        Look();
    }

    /// <summary>Threads that were looked at and live, as of the last round.</summary>
    public int Known => seen.Count;

    public IReadOnlyList<RecordedStream> Streams { get; } =
        [new("program-threads", StreamKind.Context, "/proc", Quality.Measured, Period) { Unit = ContextUnits.Threads }];

    /// <summary>The kernel makes up a line for each thread: milliseconds where there are many.</summary>
    public bool MayBlock => true;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        values[0] = Look();
        statuses[0] = ReadStatus.Value;
    }

    public void Dispose()
    {
    }

    /// <summary>How many threads there are.</summary>
    private int Look()
    {
        if (roundNext >= roundCount)
        {
            BeginRound();
        }

        int end = (int)Math.Min(roundCount, (long)roundNext + MostThreads);
        for (; roundNext < end; roundNext++)
        {
            (int pid, int thread) = round[roundNext];
            if (TryReadStat(pid, thread, out ThreadStat stat))
            {
                Count(thread, stat);
            }
        }

        double sum = 0;
        foreach (double one in used)
        {
            sum += one;
        }

        // No jiffy since: who runs so little runs where it ran.
        if (sum > 0)
        {
            for (int i = 0; i < used.Length; i++)
            {
                shares[i] = used[i] / sum;
                used[i] = 0;
            }

            placement.Publish(shares);
        }

        return roundCount;
    }

    private void Count(int thread, in ThreadStat stat)
    {
        bool known = seen.TryGetValue(thread, out Seen before) && before.Start == stat.Start;

        // In the first round all that a thread has used so far counts, and one that has used nothing yet by where it is.
        double jiffies = known ? Math.Max(0, stat.Jiffies - before.Jiffies) : firstRound ? stat.Jiffies + 1e-3 : stat.Jiffies;
        used[stat.Cpu < socketOf.Length ? socketOf[stat.Cpu] : 0] += jiffies;
        seen[thread] = new(stat.Jiffies, stat.Start, rounds);
    }

    private void BeginRound()
    {
        // Threads that the last round did not see have ended.
        foreach ((int thread, Seen last) in seen)
        {
            if (last.Round != rounds)
            {
                seen.Remove(thread);
            }
        }

        // The program may start after this does.
        firstRound = seen.Count == 0;
        rounds++;
        roundCount = 0;
        roundNext = 0;
        int processes = placement.CopyPids(ref pids);
        for (int i = 0; i < processes; i++)
        {
            int count = List(pids[i]);
            if (roundCount + count > round.Length)
            {
                Array.Resize(ref round, (roundCount + count) * 2);
            }

            for (int k = 0; k < count; k++)
            {
                round[roundCount++] = (pids[i], threads[k]);
            }
        }
    }

    private int List(int pid)
    {
        Span<byte> path = stackalloc byte[proc.Length + 24];
        int length = Path(path, pid, "/task\0"u8);
        int count = NumberedFolder.List(path[..length], threads);
        while (count > threads.Length)
        {
            threads = new int[count * 2];
            count = NumberedFolder.List(path[..length], threads);
        }

        return count;
    }

    private bool TryReadStat(int pid, int thread, out ThreadStat stat)
    {
        Span<byte> path = stackalloc byte[proc.Length + 48];
        int length = Path(path, pid, "/task/"u8);
        Utf8Formatter.TryFormat(thread, path[length..], out int digits);
        length += digits;
        "/stat\0"u8.CopyTo(path[length..]);
        stat = default;
        int file = LinuxCalls.Open(path);
        if (file < 0)
        {
            return false;
        }

        // A line is at most 52 numbers and a name of 64 bytes.
        Span<byte> text = stackalloc byte[1200];
        int read = LinuxCalls.ReadFromStart(file, text);
        _ = LinuxCalls.Close(file);
        return read > 0 && ThreadStat.TryParse(text[..read], out stat);
    }

    /// <summary>`/proc/PID` and what follows; its length.</summary>
    private int Path(Span<byte> path, int pid, ReadOnlySpan<byte> end)
    {
        proc.CopyTo(path);
        Utf8Formatter.TryFormat(pid, path[proc.Length..], out int digits);
        end.CopyTo(path[(proc.Length + digits)..]);
        return proc.Length + digits + end.Length;
    }
}
