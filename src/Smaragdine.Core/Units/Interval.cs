namespace Smaragdine.Units;

/// <summary>A half-open stretch of time [start, end): what ends at an instant is over at that instant.</summary>
public readonly record struct Interval
{
    /// <exception cref="ArgumentException">the end lies before the start.</exception>
    public Interval(Instant start, Instant end)
    {
        if (end < start)
        {
            throw new ArgumentException($"an interval cannot end ({end}) before it starts ({start})", nameof(end));
        }

        Start = start;
        End = end;
    }

    public Instant Start { get; }

    public Instant End { get; }

    public Duration Length => End - Start;

    public bool IsEmpty => Start == End;

    public static Interval FromUnixNanoseconds(long start, long end) =>
        new(Instant.FromUnixNanoseconds(start), Instant.FromUnixNanoseconds(end));

    /// <summary>The common part; empty where there is none.</summary>
    public Interval Intersect(Interval other)
    {
        Instant start = Start > other.Start ? Start : other.Start;
        Instant end = End < other.End ? End : other.End;
        return end > start ? new(start, end) : new(start, start);
    }

    /// <summary>From the earlier start to the later end.</summary>
    public Interval Hull(Interval other) => new(Start < other.Start ? Start : other.Start, End > other.End ? End : other.End);

    public bool Overlaps(Interval other) => Start < other.End && other.Start < End;

    public override string ToString() => $"[{Start}, {End})";
}
