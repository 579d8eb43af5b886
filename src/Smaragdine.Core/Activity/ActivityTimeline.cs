using Smaragdine.Units;

namespace Smaragdine.Activity;

/// <summary>
/// Who used the processors of one socket (or of the whole host) over time: pieces [start, end), sorted and disjoint, each with the
/// on-CPU time of the program and of everybody else, as rates (CPU seconds per second), and the capacity (logical CPUs).
/// </summary>
public sealed class ActivityTimeline
{
    private ActivityTimeline(int? socket, double capacity, long[] starts, long[] ends, double[] program, double[] other)
    {
        Socket = socket;
        Capacity = capacity;
        this.starts = starts;
        this.ends = ends;
        this.program = program;
        this.other = other;
    }

    private readonly long[] starts;
    private readonly long[] ends;
    private readonly double[] program;
    private readonly double[] other;

    /// <summary>The socket; null where the activity is the whole host's.</summary>
    public int? Socket { get; }

    /// <summary>Logical CPUs.</summary>
    public double Capacity { get; }

    public int Count => starts.Length;

    /// <summary>Starts of the pieces, Unix ns.</summary>
    public ReadOnlySpan<long> Starts => starts;

    /// <summary>Ends of the pieces, Unix ns, exclusive.</summary>
    public ReadOnlySpan<long> Ends => ends;

    /// <summary>CPUs that the program kept busy.</summary>
    public ReadOnlySpan<double> Program => program;

    /// <summary>CPUs that others kept busy.</summary>
    public ReadOnlySpan<double> Other => other;

    /// <summary>Index of the first piece that ends after <paramref name="time"/> (Unix ns); <see cref="Count"/> where there is none.</summary>
    public int FirstEndingAfter(long time)
    {
        // An end that equals the time is over: the first end beyond it.
        int at = Array.BinarySearch(ends, time);
        return at < 0 ? ~at : at + 1;
    }

    /// <summary>Collects pieces in ascending order.</summary>
    public sealed class Builder(int? socket, double capacity)
    {
        private readonly List<long> starts = [];
        private readonly List<long> ends = [];
        private readonly List<double> program = [];
        private readonly List<double> other = [];

        /// <summary>Adds a piece; empty ones are dropped, negative rates count as zero.</summary>
        /// <exception cref="ArgumentException">it starts before the end of the piece before.</exception>
        public void Add(long start, long end, double programCpus, double otherCpus)
        {
            if (end <= start)
            {
                return;
            }

            if (ends.Count > 0 && start < ends[^1])
            {
                throw new ArgumentException("pieces must come in ascending order and may not overlap", nameof(start));
            }

            starts.Add(start);
            ends.Add(end);
            program.Add(Math.Max(0, programCpus));
            other.Add(Math.Max(0, otherCpus));
        }

        public ActivityTimeline Build() => new(socket, capacity, [.. starts], [.. ends], [.. program], [.. other]);
    }
}
