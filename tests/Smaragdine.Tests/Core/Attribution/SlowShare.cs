using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>
/// One rank's part of one domain as plainly as it can be put: cut the window at every edge of the power and of the host's cells, look up every rank's on-CPU time
/// in the cell, and share.
/// </summary>
internal sealed class SlowShare
{
    /// <summary>What of the domain's energy is this rank's, J.</summary>
    public double Total { get; }

    /// <summary>What of that its program used, J.</summary>
    public double Program { get; }

    public SlowShare(RandomHost host, int rank, FeedingDomain fed)
    {
        PowerTimeline power = fed.Power.Timeline;
        ActivityTimeline? cells = fed.Activity;
        long from = host.Window.Start.UnixNanoseconds;
        long to = host.Window.End.UnixNanoseconds;
        List<long> edges = [from, to, .. power.Starts, .. power.Ends];
        if (cells is not null)
        {
            edges.AddRange(cells.Starts);
            edges.AddRange(cells.Ends);
        }

        long[] cuts = [.. edges.Where(e => e >= from && e <= to).Distinct().Order()];
        for (int i = 0; i + 1 < cuts.Length; i++)
        {
            if (Index(power.Starts, power.Ends, cuts[i]) is not { } piece)
            {
                continue;
            }

            double joules = power.Watts[piece] * (cuts[i + 1] - cuts[i]) / 1e9;
            if (cells is null || Index(cells.Starts, cells.Ends, cuts[i]) is not { } cell)
            {
                Total += joules / host.Activities.Count;
                continue;
            }

            double[] used = [.. host.Activities.Select(a => a is null ? 0 : CpuSeconds(a, cells.Socket, cells.Starts[cell], cells.Ends[cell]))];
            double program = used.Sum();
            double others = cells.Other[cell] * (cells.Ends[cell] - cells.Starts[cell]) / 1e9;
            if (program <= 0)
            {
                Total += joules / host.Activities.Count;
                continue;
            }

            Total += joules * used[rank] / program;
            bool idle = fed.Baseline is null && cells.Program[cell] + cells.Other[cell] < 0.01 * cells.Capacity;
            Program += idle ? 0 : joules * used[rank] / (program + others);
        }
    }

    /// <summary>On-CPU time of a program on a socket (null: on all) within [from, to), s.</summary>
    public static double CpuSeconds(ActivityInput activity, int? socket, long from, long to)
    {
        double seconds = 0;
        foreach (ActivityTimeline timeline in activity.Timelines.Where(t => socket is null || t.Socket == socket))
        {
            for (int i = 0; i < timeline.Count; i++)
            {
                seconds += timeline.Program[i] * Math.Max(0, Math.Min(to, timeline.Ends[i]) - Math.Max(from, timeline.Starts[i])) / 1e9;
            }
        }

        return seconds;
    }

    private static int? Index(ReadOnlySpan<long> starts, ReadOnlySpan<long> ends, long time)
    {
        for (int i = 0; i < starts.Length; i++)
        {
            if (starts[i] <= time && time < ends[i])
            {
                return i;
            }
        }

        return null;
    }
}
