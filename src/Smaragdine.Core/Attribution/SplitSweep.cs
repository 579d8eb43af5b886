using System.Runtime.InteropServices;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>
/// `split` attribution: at each instant a device's power is shared equally among the spans that run on it. A sweep over the edges of
/// spans, power and activity in O(n log n), exact at ties: spans are half-open, what ends at an instant has no part in what begins there.
/// </summary>
/// <remarks>
/// Two running integrals per domain are kept: joules per working span, and joules per waiting span while nothing works. A span's energy
/// is the integral at its end less that at its start; both go straight into its operation's sum, so nothing is held per span unless
/// <see cref="SpanShares"/> are asked for.
/// </remarks>
public sealed class SplitSweep
{
    private readonly DeviceTrace trace;
    private readonly DevicePower power;
    private readonly SpanOrder order;
    private readonly bool[] waits;
    private readonly bool[] collective;
    private readonly List<long> cutStarts = [];
    private readonly List<int> cutOps = [];
    private readonly List<long> cutEnds = [];
    private readonly List<int> cutEndOrder = [];
    private readonly List<int> cutShares = [];

    public SplitSweep(DeviceTrace trace, DevicePower power)
    {
        this.trace = trace;
        this.power = power;
        order = new(trace.Spans);
        waits = [.. trace.Operations.Select(o => o.Traits.HasFlag(OperationTraits.Waits))];
        collective = [.. trace.Operations.Select(o => o.Traits.HasFlag(OperationTraits.Collective))];
    }

    /// <summary>The account of one window.</summary>
    /// <param name="window">From when to when.</param>
    /// <param name="shares">Filled with the window's spans and what each took; null where nobody asks.</param>
    public WindowLedger Account(Interval window, SpanShares? shares = null)
    {
        WindowLedger ledger = new(window, trace.Operations.Count, power.Domains.Count);
        Cut(window, ledger, shares);
        ReadOnlySpan<long> starts = CollectionsMarshal.AsSpan(cutStarts);
        ReadOnlySpan<long> ends = CollectionsMarshal.AsSpan(cutEnds);
        ReadOnlySpan<int> endOrder = CollectionsMarshal.AsSpan(cutEndOrder);
        Pass pass = new(this, ledger, shares);
        int s = 0;
        int e = 0;
        long now = window.Start.UnixNanoseconds;
        long stop = window.End.UnixNanoseconds;
        while (true)
        {
            while (e < ends.Length && ends[e] == now)
            {
                pass.End(endOrder[e++]);
            }

            while (s < starts.Length && starts[s] == now)
            {
                pass.Start(s++);
            }

            if (now == stop)
            {
                break;
            }

            long next = stop;
            next = s < starts.Length ? Math.Min(next, starts[s]) : next;
            next = e < ends.Length ? Math.Min(next, ends[e]) : next;
            pass.Advance(now, next);
            now = next;
        }

        pass.Finish();
        return ledger;
    }

    /// <summary>Spans cut at the window's edges, into the lists of starts and ends in order; counts calls and times on the way.</summary>
    private void Cut(Interval window, WindowLedger ledger, SpanShares? shares)
    {
        long from = window.Start.UnixNanoseconds;
        long to = window.End.UnixNanoseconds;
        ReadOnlySpan<long> spanStarts = trace.Spans.Starts;
        ReadOnlySpan<long> spanEnds = trace.Spans.Ends;
        ReadOnlySpan<int> operations = trace.Spans.Operations;
        cutStarts.Clear();
        cutOps.Clear();
        cutEnds.Clear();
        cutEndOrder.Clear();
        cutShares.Clear();
        shares?.Clear();
        foreach (int span in order.Touching(window))
        {
            int operation = operations[span];
            if (spanStarts[span] >= from)
            {
                ledger.Calls[operation]++;
            }

            long start = Math.Max(from, spanStarts[span]);
            long end = Math.Min(to, spanEnds[span]);
            if (end > start)
            {
                ledger.TimeNs[operation] += end - start;
                cutEndOrder.Add(cutStarts.Count);
                cutStarts.Add(start);
                cutOps.Add(operation);
                cutEnds.Add(end);
            }

            if (shares is not null)
            {
                if (end > start)
                {
                    cutShares.Add(shares.Count);
                }

                shares.Add(span, start, end);
            }
        }

        CollectionsMarshal.AsSpan(cutEnds).Sort(CollectionsMarshal.AsSpan(cutEndOrder));
    }

    /// <summary>The state of one sweep.</summary>
    private sealed class Pass
    {
        private readonly SplitSweep sweep;
        private readonly WindowLedger ledger;
        private readonly SpanShares? shares;
        private readonly DomainCursor[] domains;
        private readonly DoubleDouble[] perWorking;
        private readonly DoubleDouble[] perWaiting;
        private readonly DoubleDouble[] energy;
        private readonly int[] runningCollectives;
        private readonly List<int> activeCollectives = [];
        private long covered;
        private int working;
        private int waiting;
        private int collectives;

        public Pass(SplitSweep sweep, WindowLedger ledger, SpanShares? shares)
        {
            this.sweep = sweep;
            this.ledger = ledger;
            this.shares = shares;
            long start = ledger.Window.Start.UnixNanoseconds;
            domains = [.. sweep.power.Domains.Select(d => new DomainCursor(d, sweep.power.Gaps, start))];
            perWorking = new DoubleDouble[domains.Length];
            perWaiting = new DoubleDouble[domains.Length];
            energy = new DoubleDouble[ledger.Energy.Length];
            runningCollectives = new int[ledger.OperationCount];
        }

        /// <summary>A span begins.</summary>
        /// <param name="cut">Which, by the order of starts.</param>
        public void Start(int cut)
        {
            int operation = sweep.cutOps[cut];
            shares?.Begin(sweep.cutShares[cut], IntegralsOf(operation), covered);
            Enter(operation, subtract: true);
            ledger.CoveredNs[operation] -= covered;
            if (sweep.waits[operation])
            {
                waiting++;
                return;
            }

            working++;
            if (sweep.collective[operation])
            {
                collectives++;
                if (runningCollectives[operation]++ == 0)
                {
                    activeCollectives.Add(operation);
                }
            }
        }

        /// <summary>A span ends.</summary>
        /// <param name="cut">Which, by the order of starts.</param>
        public void End(int cut)
        {
            int operation = sweep.cutOps[cut];
            shares?.Finish(sweep.cutShares[cut], IntegralsOf(operation), covered);
            Enter(operation, subtract: false);
            ledger.CoveredNs[operation] += covered;
            if (sweep.waits[operation])
            {
                waiting--;
                return;
            }

            working--;
            if (sweep.collective[operation])
            {
                collectives--;
                if (--runningCollectives[operation] == 0)
                {
                    activeCollectives.Remove(operation);
                }
            }
        }

        /// <summary>From one span edge to the next, in pieces of constant power and activity.</summary>
        public void Advance(long from, long to)
        {
            if (working + waiting > 0)
            {
                ledger.BusyNs += to - from;
            }

            if (collectives > 0 && working > collectives)
            {
                foreach (int operation in activeCollectives)
                {
                    ledger.Overlapped[operation] = true;
                }
            }

            while (from < to)
            {
                long next = to;
                foreach (DomainCursor domain in domains)
                {
                    next = Math.Min(next, domain.NextEdge(from));
                }

                long length = next - from;
                bool any = false;
                for (int d = 0; d < domains.Length; d++)
                {
                    if (!domains[d].Covered)
                    {
                        continue;
                    }

                    any = true;
                    double share = domains[d].Charge(length, working + waiting > 0);
                    if (working > 0)
                    {
                        perWorking[d].Add(share / working);
                    }
                    else if (waiting > 0)
                    {
                        perWaiting[d].Add(share / waiting);
                    }
                }

                covered += any ? length : 0;
                from = next;
            }
        }

        public void Finish()
        {
            for (int i = 0; i < energy.Length; i++)
            {
                ledger.Energy[i] = Math.Max(0, energy[i].Value);
            }

            for (int d = 0; d < domains.Length; d++)
            {
                ledger.Domains[d] = domains[d].Account;
            }

            ledger.DeviceCoveredNs = covered;
        }

        private DoubleDouble[] IntegralsOf(int operation) => sweep.waits[operation] ? perWaiting : perWorking;

        private void Enter(int operation, bool subtract)
        {
            DoubleDouble[] integral = IntegralsOf(operation);
            for (int d = 0; d < integral.Length; d++)
            {
                ref DoubleDouble sum = ref energy[(operation * integral.Length) + d];
                if (subtract)
                {
                    sum.Subtract(integral[d]);
                }
                else
                {
                    sum.Add(integral[d]);
                }
            }
        }
    }
}
