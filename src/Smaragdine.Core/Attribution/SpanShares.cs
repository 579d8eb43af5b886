namespace Smaragdine.Attribution;

/// <summary>
/// Each span's own share of one window, in the order of their starts: what <see cref="WindowLedger"/> sums by operation. Spans are cut at the
/// window's edges; those of no length are there too, with no energy.
/// </summary>
/// <remarks>44 bytes a span, kept from window to window: for exports that draw spans, not for reports.</remarks>
public sealed class SpanShares
{
    private readonly List<int> spans = [];
    private readonly List<long> starts = [];
    private readonly List<long> ends = [];
    private readonly List<long> covered = [];
    private readonly List<DoubleDouble> energy = [];

    public int Count => spans.Count;

    /// <summary>Index into the device's spans.</summary>
    public int Span(int share) => spans[share];

    /// <summary>Unix ns, not before the window's start.</summary>
    public long Start(int share) => starts[share];

    /// <summary>Unix ns, not after the window's end.</summary>
    public long End(int share) => ends[share];

    /// <summary>How much of it has power, ns.</summary>
    public long CoveredNs(int share) => covered[share];

    /// <summary>Its energy over all domains, J, 0 where it has no length; null where none of its time has power: nothing is known of it.</summary>
    public double? Joules(int share) => covered[share] > 0 || starts[share] == ends[share] ? Math.Max(0, energy[share].Value) : null;

    internal void Clear()
    {
        spans.Clear();
        starts.Clear();
        ends.Clear();
        covered.Clear();
        energy.Clear();
    }

    internal void Add(int span, long start, long end)
    {
        spans.Add(span);
        starts.Add(start);
        ends.Add(end);
        covered.Add(0);
        energy.Add(default);
    }

    /// <summary>Takes what the running integrals show where a span begins; their difference at its end is its share.</summary>
    internal void Begin(int share, ReadOnlySpan<DoubleDouble> integrals, long coveredNs)
    {
        DoubleDouble sum = energy[share];
        foreach (ref readonly DoubleDouble integral in integrals)
        {
            sum.Subtract(integral);
        }

        energy[share] = sum;
        covered[share] -= coveredNs;
    }

    internal void Finish(int share, ReadOnlySpan<DoubleDouble> integrals, long coveredNs)
    {
        DoubleDouble sum = energy[share];
        foreach (ref readonly DoubleDouble integral in integrals)
        {
            sum.Add(integral);
        }

        energy[share] = sum;
        covered[share] += coveredNs;
    }
}
