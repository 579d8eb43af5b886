using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>Finds how often a stream has a new value, and in what steps, from readings taken as fast as they come.</summary>
internal sealed class UpdateWatch
{
    /// <summary>Of so many random multiples of a step one pair in a hundred has a larger one in common.</summary>
    private const int ChangesForStep = 8;

    private readonly List<long> changes = [];
    private long? last;
    private long step;

    /// <summary>Readings seen.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a reading at a moment of the monotonic clock, ns.</summary>
    public void See(long monotonicNs, long value)
    {
        Count++;
        if (last is { } before && before != value)
        {
            changes.Add(monotonicNs);
            step = GreatestCommonDivisor(step, value > before ? unchecked(value - before) : unchecked(before - value));
        }

        last = value;
    }

    /// <summary>
    /// The update period, the median time between changes; null with fewer than three, which tell nothing (a machine at rest, a constant), and where
    /// most readings are new: that would be the time between readings.
    /// </summary>
    public Duration? Period
    {
        get
        {
            if (changes.Count < 3 || changes.Count > (Count - 1) / 2)
            {
                return null;
            }

            return Duration.FromNanoseconds(Median([.. changes.Skip(1).Zip(changes, (later, earlier) => later - earlier)]));
        }
    }

    /// <summary>The greatest number that all changes are multiples of; null with fewer than eight.</summary>
    public long? Step => changes.Count >= ChangesForStep && step > 0 ? step : null;

    /// <summary>The upper median of at least one number; sorts them.</summary>
    internal static long Median(long[] numbers)
    {
        Array.Sort(numbers);
        return numbers[numbers.Length / 2];
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
