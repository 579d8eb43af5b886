namespace Smaragdine.Traces;

/// <summary>
/// The spans of one device, struct of arrays, in no particular order: when each started and ended (Unix ns, half-open), which
/// operation it executes, the label of the step that launched it, the lane it was drawn on. 28 bytes a span.
/// </summary>
public sealed class SpanTable
{
    private long[] starts = [];
    private long[] ends = [];
    private int[] operations = [];
    private int[] steps = [];
    private int[] lanes = [];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Starts => starts.AsSpan(0, Count);

    public ReadOnlySpan<long> Ends => ends.AsSpan(0, Count);

    /// <summary>Indices into <see cref="DeviceTrace.Operations"/>.</summary>
    public ReadOnlySpan<int> Operations => operations.AsSpan(0, Count);

    /// <summary>The number of the step that launched the span.</summary>
    public ReadOnlySpan<int> Steps => steps.AsSpan(0, Count);

    /// <summary>Thread or stream as the trace numbers them; TensorFlow's are packed, not threads.</summary>
    public ReadOnlySpan<int> Lanes => lanes.AsSpan(0, Count);

    /// <summary>Adds a span.</summary>
    /// <exception cref="ArgumentException">it ends before it starts.</exception>
    public void Add(long start, long end, int operation, int step, int lane)
    {
        if (end < start)
        {
            throw new ArgumentException($"a span cannot end ({end}) before it starts ({start})", nameof(end));
        }

        if (Count == starts.Length)
        {
            Reserve(Math.Max(64, 2 * Count));
        }

        starts[Count] = start;
        ends[Count] = end;
        operations[Count] = operation;
        steps[Count] = step;
        lanes[Count] = lane;
        Count++;
    }

    /// <summary>Lets all spans go but keeps their room.</summary>
    public void Clear() => Count = 0;

    /// <summary>Makes room for this many spans in all.</summary>
    public void Reserve(int capacity)
    {
        if (capacity > starts.Length)
        {
            starts = Grown(starts, capacity);
            ends = Grown(ends, capacity);
            operations = Grown(operations, capacity);
            steps = Grown(steps, capacity);
            lanes = Grown(lanes, capacity);
        }
    }

    /// <summary>Room that is not cleared costs no memory until it is used.</summary>
    private T[] Grown<T>(T[] column, int capacity)
        where T : unmanaged
    {
        T[] grown = GC.AllocateUninitializedArray<T>(capacity);
        column.AsSpan(0, Count).CopyTo(grown);
        return grown;
    }
}
