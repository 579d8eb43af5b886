using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Activity;

/// <summary>Splits the program's on-CPU time by socket: streams `program-0`, `program-1`, …, which together are always exactly `program`.</summary>
/// <param name="placement">Knows on which of several sockets the program runs.</param>
internal sealed class SocketSplit(ProgramPlacement placement)
{
    private readonly double[] shares = new double[placement.Sockets.Count];
    private readonly long[] bySocket = new long[placement.Sockets.Count];
    private long split;

    public ProgramPlacement Placement => placement;

    /// <summary>What a sensor of the program's time has to declare after its own stream.</summary>
    public static IEnumerable<RecordedStream> Streams(SocketSplit? split, Duration period) => split is null ? [] : split.Placement.Sockets
        .Select(s => new RecordedStream($"program-{s}", StreamKind.ProgramTime, "split by threads' CPUs", Quality.Derived, period) { Socket = s });

    /// <summary>To each socket its share of what was used since the last reading, as of the last look at the threads; equal parts before the first.</summary>
    /// <param name="total">The program's time, ns.</param>
    /// <param name="values">One for each socket.</param>
    public void Read(long total, Span<long> values)
    {
        _ = placement.TryCopyShares(shares);
        double known = 0;
        foreach (double share in shares)
        {
            known += share;
        }

        long rest = total - split;
        double restShare = 1;
        for (int i = 0; i < bySocket.Length - 1; i++)
        {
            double share = known > 0 ? shares[i] : 1.0 / bySocket.Length;
            long part = restShare > 0 ? (long)(rest * Math.Clamp(share / restShare, 0, 1)) : 0;
            bySocket[i] += part;
            rest -= part;
            restShare -= share;
        }

        bySocket[^1] += rest;
        split = total;
        bySocket.CopyTo(values);
    }
}
