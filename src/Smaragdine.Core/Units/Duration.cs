using System.Numerics;

namespace Smaragdine.Units;

/// <summary>An amount of time in whole nanoseconds; may be negative.</summary>
public readonly record struct Duration :
    IAdditionOperators<Duration, Duration, Duration>,
    ISubtractionOperators<Duration, Duration, Duration>,
    IComparable<Duration>
{
    private Duration(long nanoseconds) => Nanoseconds = nanoseconds;

    public long Nanoseconds { get; }

    public double TotalSeconds => Nanoseconds / 1e9;

    public static Duration Zero => default;

    public static Duration FromNanoseconds(long nanoseconds) => new(nanoseconds);

    /// <exception cref="OverflowException">beyond ±292 years.</exception>
    public static Duration FromMilliseconds(double milliseconds) => new(checked((long)Math.Round(milliseconds * 1e6)));

    /// <exception cref="OverflowException">beyond ±292 years.</exception>
    public static Duration FromSeconds(double seconds) => new(checked((long)Math.Round(seconds * 1e9)));

    public static Duration operator +(Duration left, Duration right) => new(checked(left.Nanoseconds + right.Nanoseconds));

    public static Duration operator -(Duration left, Duration right) => new(checked(left.Nanoseconds - right.Nanoseconds));

    public static Duration operator *(Duration time, long factor) => new(checked(time.Nanoseconds * factor));

    /// <summary>How many times <paramref name="right"/> fits into <paramref name="left"/>.</summary>
    public static double operator /(Duration left, Duration right) => (double)left.Nanoseconds / right.Nanoseconds;

    public static bool operator <(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(Duration left, Duration right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(Duration left, Duration right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => $"{TotalSeconds} s";
}
