using System.Numerics;

namespace Smaragdine.Units;

/// <summary>A point in time: nanoseconds since the Unix epoch. Instant − Instant = Duration; two instants do not add.</summary>
public readonly record struct Instant :
    IAdditionOperators<Instant, Duration, Instant>,
    ISubtractionOperators<Instant, Instant, Duration>,
    IComparable<Instant>
{
    private Instant(long unixNanoseconds) => UnixNanoseconds = unixNanoseconds;

    public long UnixNanoseconds { get; }

    public static Instant FromUnixNanoseconds(long nanoseconds) => new(nanoseconds);

    /// <exception cref="OverflowException">beyond the years 1678–2262.</exception>
    public static Instant FromUnixMilliseconds(long milliseconds) => new(checked(milliseconds * 1_000_000));

    public static Instant operator +(Instant point, Duration time) => new(checked(point.UnixNanoseconds + time.Nanoseconds));

    public static Instant operator -(Instant point, Duration time) => new(checked(point.UnixNanoseconds - time.Nanoseconds));

    public static Duration operator -(Instant left, Instant right) =>
        Duration.FromNanoseconds(checked(left.UnixNanoseconds - right.UnixNanoseconds));

    public static bool operator <(Instant left, Instant right) => left.UnixNanoseconds < right.UnixNanoseconds;

    public static bool operator >(Instant left, Instant right) => left.UnixNanoseconds > right.UnixNanoseconds;

    public static bool operator <=(Instant left, Instant right) => left.UnixNanoseconds <= right.UnixNanoseconds;

    public static bool operator >=(Instant left, Instant right) => left.UnixNanoseconds >= right.UnixNanoseconds;

    public int CompareTo(Instant other) => UnixNanoseconds.CompareTo(other.UnixNanoseconds);

    /// <summary>UTC, to the millisecond.</summary>
    public DateTimeOffset ToUtc() => DateTimeOffset.UnixEpoch.AddTicks(UnixNanoseconds / 100);

    public override string ToString() => ToUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
}
