using System.Numerics;
using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>
/// A ring of samples that several threads fill and one drains. Neither side locks, waits or allocates: a producer claims cells with one
/// compare-and-swap, fills them, and publishes each by its sequence number; what does not fit is refused.
/// </summary>
internal sealed class SampleRing
{
    private readonly Cell[] cells;
    private readonly int mask;
    private Padded tail;
    private Padded head;

    /// <param name="capacity">Samples; rounded up to a power of two.</param>
    public SampleRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 28);
        cells = new Cell[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
        mask = cells.Length - 1;
    }

    // Producers write one, the consumer the other: each on a cache line of its own, so that they do not slow each other.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 192)]
    private struct Padded
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Value;
    }

    private struct Cell
    {
        /// <summary>Position + 1 once the sample at that position is in it.</summary>
        public long Sequence;

        public RecordedSample Sample;
    }

    public int Capacity => cells.Length;

    /// <summary>Samples that are claimed and not yet taken.</summary>
    public int Count => (int)(Volatile.Read(ref tail.Value) - Volatile.Read(ref head.Value));

    /// <summary>Puts in as many as fit, the first ones; returns how many. From any thread.</summary>
    public int Put(ReadOnlySpan<RecordedSample> samples)
    {
        long at;
        int count;
        do
        {
            at = Volatile.Read(ref tail.Value);
            // The head only moves on: what it frees meanwhile is room that is not used yet.
            long free = cells.Length - (at - Volatile.Read(ref head.Value));
            count = (int)Math.Min(free, samples.Length);
            if (count <= 0)
            {
                return 0;
            }
        }
        while (Interlocked.CompareExchange(ref tail.Value, at + count, at) != at);

        for (int i = 0; i < count; i++)
        {
            ref Cell cell = ref cells[(int)((at + i) & mask)];
            cell.Sample = samples[i];
            Volatile.Write(ref cell.Sequence, at + i + 1);
        }

        return count;
    }

    /// <summary>Takes the oldest sample; false where there is none, or its producer is still writing it. From one thread.</summary>
    public bool TryTake(out RecordedSample sample)
    {
        long at = head.Value;
        ref Cell cell = ref cells[(int)(at & mask)];
        if (Volatile.Read(ref cell.Sequence) != at + 1)
        {
            sample = default;
            return false;
        }

        sample = cell.Sample;
        Volatile.Write(ref head.Value, at + 1);
        return true;
    }
}
