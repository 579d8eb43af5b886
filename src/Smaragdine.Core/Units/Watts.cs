using System.Numerics;

namespace Smaragdine.Units;

/// <summary>Power. Watts × Duration = Joules; Joules / Duration = Watts.</summary>
public readonly record struct Watts :
    IAdditionOperators<Watts, Watts, Watts>,
    ISubtractionOperators<Watts, Watts, Watts>,
    IComparable<Watts>
{
    private Watts(double value) => Value = value;

    /// <summary>The power in watts.</summary>
    public double Value { get; }

    public static Watts Zero => default;

    public static Watts From(double watts) => new(watts);

    /// <summary>As NVML gives it.</summary>
    public static Watts FromMilliwatts(double milliwatts) => new(milliwatts / 1e3);

    public static Watts operator +(Watts left, Watts right) => new(left.Value + right.Value);

    public static Watts operator -(Watts left, Watts right) => new(left.Value - right.Value);

    public static Watts operator *(Watts power, double factor) => new(power.Value * factor);

    public static Joules operator *(Watts power, Duration time) => Joules.From(power.Value * time.TotalSeconds);

    public static bool operator <(Watts left, Watts right) => left.Value < right.Value;

    public static bool operator >(Watts left, Watts right) => left.Value > right.Value;

    public static bool operator <=(Watts left, Watts right) => left.Value <= right.Value;

    public static bool operator >=(Watts left, Watts right) => left.Value >= right.Value;

    public int CompareTo(Watts other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value} W";
}
