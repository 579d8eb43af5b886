using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// On-CPU time of the recorded program from the control group that it was started in: stream `program`, ns in whole µs. The kernel counts every process
/// that ever was in it, however short it lived and whoever waited for it.
/// </summary>
internal sealed class CgroupTimeSensor : ICountsProgram
{
    private readonly PolledFile stat;
    private readonly SocketSplit? split;
    private readonly byte[] buffer = new byte[512];
    private long notProgramNs;
    private long counted;
    private volatile bool started;

    /// <param name="stat">`cpu.stat` of the group; owned.</param>
    /// <param name="period">How often it will be read.</param>
    /// <param name="split">Null on a machine of one socket.</param>
    public CgroupTimeSensor(PolledFile stat, Duration period, SocketSplit? split = null)
    {
        this.stat = stat;
        this.split = split;
        Streams = [new("program", StreamKind.ProgramTime, Source, Quality.Measured, period), .. SocketSplit.Streams(split, period)];
    }

    public string Source => "cgroup cpu.stat";

    public long CountedNs => Interlocked.Read(ref counted);

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => false;

    /// <summary>Says that the program was started, and what whoever started it used in its group meanwhile. Until then its time is 0.</summary>
    public void Begin(long notProgram)
    {
        Interlocked.Exchange(ref notProgramNs, notProgram);
        started = true;
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = ReadStatus.Value;
        }

        if (started)
        {
            int length = stat.Read(buffer);
            if (length > 0 && TryParseUsage(buffer.AsSpan(0, length), out long microseconds))
            {
                // Clocks of different processes are brought up to date at different moments: a difference may step back by a tick.
                Interlocked.Exchange(ref counted, Math.Max(counted, (microseconds * 1000) - Interlocked.Read(ref notProgramNs)));
            }
            else
            {
                statuses.Fill(ReadStatus.Missed);
            }
        }

        values[0] = statuses[0] == ReadStatus.Value ? counted : 0;
        if (statuses[0] == ReadStatus.Value)
        {
            split?.Read(counted, values[1..]);
        }
    }

    public void Dispose() => stat.Dispose();

    /// <summary>The line `usage_usec N`.</summary>
    internal static bool TryParseUsage(ReadOnlySpan<byte> text, out long microseconds)
    {
        ReadOnlySpan<byte> name = "usage_usec "u8;
        microseconds = 0;
        int at = text.IndexOf(name);
        if (at < 0 || (at > 0 && text[at - 1] != (byte)'\n'))
        {
            return false;
        }

        return new DecimalBytes(text[(at + name.Length)..]).TryNext(out microseconds) && microseconds >= 0;
    }
}
