namespace Smaragdine.Units;

/// <summary>
/// What a cumulative energy counter shows at one moment, in microjoules: a point, not an amount.
/// Reading − reading = <see cref="Joules"/>; reading + reading does not compile.
/// </summary>
public readonly record struct CounterReading
{
    private CounterReading(ulong microjoules) => Microjoules = microjoules;

    public ulong Microjoules { get; }

    public static CounterReading FromMicrojoules(ulong microjoules) => new(microjoules);

    /// <summary>The signed difference, as the numbers stand: for a counter that may wrap, use <see cref="CounterRange.Advance"/>.</summary>
    public static Joules operator -(CounterReading later, CounterReading earlier) =>
        Joules.FromMicrojoules(later.Microjoules >= earlier.Microjoules
            ? later.Microjoules - earlier.Microjoules
            : -(double)(earlier.Microjoules - later.Microjoules));

    public override string ToString() => $"{Microjoules} µJ";
}

/// <summary>Where a counter starts again at zero, in microjoules (`max_energy_range_uj` of powercap).</summary>
public readonly record struct CounterRange
{
    /// <exception cref="ArgumentOutOfRangeException">the range is zero.</exception>
    public CounterRange(ulong maxMicrojoules)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxMicrojoules);
        MaxMicrojoules = maxMicrojoules;
    }

    public ulong MaxMicrojoules { get; }

    /// <summary>
    /// The ranges of known RAPL counters, smallest first: 2^32 − 1 units of 2^-16 J (AMD), of 15.3 µJ (Intel server DRAM), of 2^-14 J (Intel client).
    /// </summary>
    public static IReadOnlyList<CounterRange> Known { get; } =
        [new(65_532_610_987), new(65_712_999_613), new(262_143_328_850)];

    /// <summary>The smallest known range that could have shown <paramref name="largest"/>; null where none could.</summary>
    public static CounterRange? SmallestKnownAbove(CounterReading largest)
    {
        foreach (CounterRange range in Known)
        {
            if (range.MaxMicrojoules > largest.Microjoules)
            {
                return range;
            }
        }

        return null;
    }

    /// <summary>
    /// Energy between two readings, at most one wrap between them; null where the readings contradict the range.
    /// </summary>
    public Joules? Advance(CounterReading earlier, CounterReading later)
    {
        if (earlier.Microjoules > MaxMicrojoules || later.Microjoules > MaxMicrojoules)
        {
            return null;
        }

        return later.Microjoules >= earlier.Microjoules
            ? later - earlier
            : Joules.FromMicrojoules(MaxMicrojoules - earlier.Microjoules + later.Microjoules);
    }
}
