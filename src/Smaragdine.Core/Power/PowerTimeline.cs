using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>
/// The power of one domain over time: pieces [start, end) of constant watts, sorted, disjoint, of positive length.
/// Between pieces nothing is known: that time is uncovered, not zero.
/// </summary>
public sealed class PowerTimeline
{
    private readonly long[] starts;
    private readonly long[] ends;
    private readonly double[] watts;

    private PowerTimeline(long[] starts, long[] ends, double[] watts)
    {
        this.starts = starts;
        this.ends = ends;
        this.watts = watts;
    }

    public static PowerTimeline Empty { get; } = new([], [], []);

    public int Count => starts.Length;

    public bool IsEmpty => starts.Length == 0;

    /// <summary>Starts of the pieces, Unix ns, ascending.</summary>
    public ReadOnlySpan<long> Starts => starts;

    /// <summary>Ends of the pieces, Unix ns, exclusive.</summary>
    public ReadOnlySpan<long> Ends => ends;

    public ReadOnlySpan<double> Watts => watts;

    /// <summary>From the first piece's start to the last one's end.</summary>
    /// <exception cref="InvalidOperationException">the timeline is empty.</exception>
    public Interval Extent => IsEmpty
        ? throw new InvalidOperationException("an empty timeline has no extent")
        : Interval.FromUnixNanoseconds(starts[0], ends[^1]);

    /// <summary>Energy and covered time of all of it; zero where it is empty.</summary>
    public (Joules Energy, Duration Covered) Total() => IsEmpty ? default : Over(Extent);

    /// <summary>Energy and covered time within a window; a piece that crosses the edge is cut there.</summary>
    public (Joules Energy, Duration Covered) Over(Interval window)
    {
        long from = window.Start.UnixNanoseconds;
        long to = window.End.UnixNanoseconds;
        double joules = 0;
        long covered = 0;
        for (int i = FirstEndingAfter(from); i < starts.Length && starts[i] < to; i++)
        {
            long length = Math.Min(ends[i], to) - Math.Max(starts[i], from);
            joules += watts[i] * (length / 1e9);
            covered += length;
        }

        return (Joules.From(joules), Duration.FromNanoseconds(covered));
    }

    /// <summary>This, and where it knows nothing what <paramref name="other"/> knows.</summary>
    public PowerTimeline OrElse(PowerTimeline other)
    {
        PowerTimeline rest = other.Outside(this);
        Builder both = new();
        int r = 0;
        for (int i = 0; i <= starts.Length; i++)
        {
            for (; r < rest.Count && (i == starts.Length || rest.starts[r] < starts[i]); r++)
            {
                both.Add(rest.starts[r], rest.ends[r], rest.watts[r]);
            }

            if (i < starts.Length)
            {
                both.Add(starts[i], ends[i], watts[i]);
            }
        }

        return both.Build();
    }

    /// <summary>The parts of this where <paramref name="other"/> knows nothing.</summary>
    public PowerTimeline Outside(PowerTimeline other)
    {
        Builder rest = new();
        int o = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            long from = starts[i];
            while (o < other.Count && other.ends[o] <= from)
            {
                o++;
            }

            for (int k = o; from < ends[i]; k++)
            {
                bool more = k < other.Count && other.starts[k] < ends[i];
                rest.Add(from, more ? other.starts[k] : ends[i], watts[i]);
                from = more ? Math.Max(from, other.ends[k]) : ends[i];
            }
        }

        return rest.Build();
    }

    /// <summary>Index of the first piece that ends after <paramref name="time"/> (Unix ns); <see cref="Count"/> where there is none.</summary>
    public int FirstEndingAfter(long time)
    {
        int low = 0;
        int high = ends.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ends[middle] <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Collects pieces in ascending order.</summary>
    public sealed class Builder
    {
        private readonly List<long> starts = [];
        private readonly List<long> ends = [];
        private readonly List<double> watts = [];

        /// <summary>Adds a piece; empty ones are dropped.</summary>
        /// <exception cref="ArgumentException">it starts before the end of the piece before, or its power is negative or not a number.</exception>
        public Builder Add(long start, long end, double power)
        {
            if (end <= start)
            {
                return this;
            }

            if (ends.Count > 0 && start < ends[^1])
            {
                throw new ArgumentException("pieces must come in ascending order and may not overlap", nameof(start));
            }

            if (!double.IsFinite(power) || power < 0)
            {
                throw new ArgumentException($"power must be finite and not negative, not {power}", nameof(power));
            }

            starts.Add(start);
            ends.Add(end);
            watts.Add(power);
            return this;
        }

        public PowerTimeline Build() => starts.Count == 0 ? Empty : new([.. starts], [.. ends], [.. watts]);
    }
}
