using System.Numerics;

namespace Smaragdine.Sensors.Sampling;

/// <summary>Counts of amounts of time in buckets an eighth of an octave wide: a quantile is at most 12.5 % too high. Of fixed size.</summary>
internal sealed class LogHistogram
{
    private const int SubBits = 3;
    private const int Sub = 1 << SubBits;
    private readonly long[] counts = new long[64 * Sub];

    public long Count { get; private set; }

    /// <summary>The largest, ns; 0 where there is none.</summary>
    public long Largest { get; private set; }

    /// <param name="nanoseconds">Below 0 counts as 0.</param>
    public void Add(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        counts[Bucket(nanoseconds)]++;
        Count++;
        Largest = Math.Max(Largest, nanoseconds);
    }

    /// <summary>The smallest bucket edge that a share of all amounts does not exceed, ns; 0 where there is none.</summary>
    /// <param name="share">0.5 for the median.</param>
    public long Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (int i = 0; i < counts.Length && wanted > 0; i++)
        {
            seen += counts[i];
            if (seen >= wanted)
            {
                return Math.Min(Largest, UpperEdge(i));
            }
        }

        return Largest;
    }

    private static int Bucket(long value)
    {
        if (value < Sub)
        {
            return (int)value;
        }

        int octave = BitOperations.Log2((ulong)value);
        return ((octave - SubBits + 1) << SubBits) | (int)((value >> (octave - SubBits)) & (Sub - 1));
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < Sub)
        {
            return bucket;
        }

        int shift = (bucket >> SubBits) - 1;
        UInt128 edge = ((UInt128)(Sub + (bucket & (Sub - 1)) + 1) << shift) - 1;
        return edge > long.MaxValue ? long.MaxValue : (long)edge;
    }
}
