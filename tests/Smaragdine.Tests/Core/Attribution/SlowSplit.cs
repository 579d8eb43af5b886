using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>
/// Where a joule goes (docs/measurement-model.md) as plainly as it can be put: cut the window at every edge there is; for each piece look at every span and
/// every domain; share. It knows nothing of how <see cref="SplitSweep"/> does it, and sums in decimals.
/// </summary>
internal sealed class SlowSplit
{
    private readonly DeviceTrace trace;
    private readonly DevicePower power;
    private readonly long from;
    private readonly long to;
    private readonly int[] touching;

    public decimal[,] Energy { get; }

    /// <summary>J by span, over all domains.</summary>
    public decimal[] SpanEnergy { get; }

    /// <summary>By span, ns with power.</summary>
    public long[] SpanCoveredNs { get; }

    public decimal[] Total { get; }

    public decimal[] Operations { get; }

    public decimal[] Idle { get; }

    public decimal[] OtherProcesses { get; }

    public decimal[] Outside { get; }

    public decimal[] Unattributed { get; }

    public long[] DomainCoveredNs { get; }

    public long[] CoveredNs { get; }

    public long[] TimeNs { get; }

    public int[] Calls { get; }

    public bool[] Overlapped { get; }

    public long BusyNs { get; private set; }

    public long DeviceCoveredNs { get; private set; }

    public SlowSplit(DeviceTrace trace, DevicePower power, Interval window)
    {
        this.trace = trace;
        this.power = power;
        from = window.Start.UnixNanoseconds;
        to = window.End.UnixNanoseconds;
        int operations = trace.Operations.Count;
        int domains = power.Domains.Count;
        Energy = new decimal[operations, domains];
        SpanEnergy = new decimal[trace.Spans.Count];
        SpanCoveredNs = new long[trace.Spans.Count];
        Total = new decimal[domains];
        Operations = new decimal[domains];
        Idle = new decimal[domains];
        OtherProcesses = new decimal[domains];
        Outside = new decimal[domains];
        Unattributed = new decimal[domains];
        DomainCoveredNs = new long[domains];
        CoveredNs = new long[operations];
        TimeNs = new long[operations];
        Calls = new int[operations];
        Overlapped = new bool[operations];
        touching = [.. Enumerable.Range(0, trace.Spans.Count).Where(i => trace.Spans.Starts[i] < to && trace.Spans.Ends[i] > from)];

        CountCallsAndTime();
        long[] edges = Edges();
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            Share(edges[i], edges[i + 1]);
        }
    }

    private void CountCallsAndTime()
    {
        for (int i = 0; i < trace.Spans.Count; i++)
        {
            int operation = trace.Spans.Operations[i];
            long start = trace.Spans.Starts[i];
            if (start >= from && start < to)
            {
                Calls[operation]++;
            }

            TimeNs[operation] += Math.Max(0, Math.Min(to, trace.Spans.Ends[i]) - Math.Max(from, start));
        }
    }

    private long[] Edges()
    {
        List<long> edges = [from, to];
        foreach (int i in touching)
        {
            edges.Add(trace.Spans.Starts[i]);
            edges.Add(trace.Spans.Ends[i]);
        }

        foreach (FeedingDomain domain in power.Domains)
        {
            edges.AddRange(domain.Power.Timeline.Starts);
            edges.AddRange(domain.Power.Timeline.Ends);
            edges.AddRange(domain.Activity is null ? [] : domain.Activity.Starts);
            edges.AddRange(domain.Activity is null ? [] : domain.Activity.Ends);
        }

        return [.. edges.Where(e => e >= from && e <= to).Distinct().Order()];
    }

    private void Share(long start, long end)
    {
        long length = end - start;
        List<int> working = [];
        List<int> waiting = [];
        List<int> workingSpans = [];
        List<int> waitingSpans = [];
        foreach (int span in touching)
        {
            // Half-open: what ends at `start` is over, what starts at `end` has not begun.
            if (trace.Spans.Starts[span] <= start && trace.Spans.Ends[span] > start)
            {
                int operation = trace.Spans.Operations[span];
                bool waits = trace.Operations[operation].Traits.HasFlag(OperationTraits.Waits);
                (waits ? waiting : working).Add(operation);
                (waits ? waitingSpans : workingSpans).Add(span);
            }
        }

        // Who only waits shares only when nothing else runs.
        List<int> sharing = working.Count > 0 ? working : waiting;
        BusyNs += sharing.Count > 0 ? length : 0;
        if (working.Exists(o => !IsCollective(o)))
        {
            foreach (int operation in working.Where(IsCollective))
            {
                Overlapped[operation] = true;
            }
        }

        bool covered = false;
        for (int d = 0; d < power.Domains.Count; d++)
        {
            if (WattsAt(power.Domains[d].Power.Timeline, start) is not { } watts)
            {
                continue;
            }

            covered = true;
            DomainCoveredNs[d] += length;
            decimal joules = Exact(watts) * length / 1_000_000_000m;
            Total[d] += joules;
            decimal mine = OfTheProgram(d, joules, start, length);
            if (sharing.Count > 0)
            {
                Operations[d] += mine;
                foreach (int operation in sharing)
                {
                    Energy[operation, d] += mine / sharing.Count;
                }

                foreach (int span in working.Count > 0 ? workingSpans : waitingSpans)
                {
                    SpanEnergy[span] += mine / sharing.Count;
                }

                continue;
            }

            decimal[] gap = power.Gaps switch
            {
                GapRule.ByActivity => Outside,
                GapRule.Unattributed => Unattributed,
                _ => Idle,
            };
            gap[d] += mine;
        }

        if (covered)
        {
            DeviceCoveredNs += length;
            foreach (int operation in working.Concat(waiting))
            {
                CoveredNs[operation] += length;
            }

            foreach (int span in workingSpans.Concat(waitingSpans))
            {
                SpanCoveredNs[span] += length;
            }
        }
    }

    private decimal OfTheProgram(int d, decimal joules, long start, long length)
    {
        if (power.Gaps is not GapRule.ByActivity)
        {
            return joules;
        }

        ActivityTimeline? activity = power.Domains[d].Activity;
        int piece = -1;
        for (int i = 0; activity is not null && i < activity.Count; i++)
        {
            if (activity.Starts[i] <= start && start < activity.Ends[i])
            {
                piece = i;
            }
        }

        if (piece < 0)
        {
            Unattributed[d] += joules;
            return 0;
        }

        decimal program = Exact(activity!.Program[piece]);
        decimal other = Exact(activity.Other[piece]);
        if (power.Domains[d].Baseline is not { } baseline)
        {
            // Less than 1 % of the capacity in use: idle.
            if (activity.Program[piece] + activity.Other[piece] < 0.01 * activity.Capacity)
            {
                Idle[d] += joules;
                return 0;
            }

            OtherProcesses[d] += joules * other / (program + other);
            return joules * program / (program + other);
        }

        decimal resting = Math.Min(joules, Exact(baseline.Value) * length / 1_000_000_000m);
        decimal above = joules - resting;
        if (program + other == 0)
        {
            Idle[d] += joules;
            return 0;
        }

        if (program == 0)
        {
            Idle[d] += resting;
            OtherProcesses[d] += above;
            return 0;
        }

        OtherProcesses[d] += (resting + above) * other / (program + other);
        return (resting + above) * program / (program + other);
    }

    private bool IsCollective(int operation) => trace.Operations[operation].Traits.HasFlag(OperationTraits.Collective);

    private double? WattsAt(PowerTimeline timeline, long time)
    {
        int i = FirstTouching(timeline);
        for (; i < timeline.Count && timeline.Starts[i] <= time; i++)
        {
            if (time < timeline.Ends[i])
            {
                return timeline.Watts[i];
            }
        }

        return null;
    }

    /// <summary>Pieces before the window are of no interest (a recording has a quarter of a million).</summary>
    private int FirstTouching(PowerTimeline timeline)
    {
        if (!first.TryGetValue(timeline, out int index))
        {
            while (index < timeline.Count && timeline.Ends[index] <= from)
            {
                index++;
            }

            first.Add(timeline, index);
        }

        return index;
    }

    private readonly Dictionary<PowerTimeline, int> first = [];

    /// <summary>A double as a decimal with all its digits: the cast alone keeps 15.</summary>
    private static decimal Exact(double value)
    {
        decimal rough = (decimal)value;
        return rough + (decimal)(value - (double)rough);
    }
}
