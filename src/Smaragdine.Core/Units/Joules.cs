using System.Numerics;

namespace Smaragdine.Units;

/// <summary>An amount of energy. The default value is zero; a missing amount is <c>Joules?</c>, never zero.</summary>
/// <remarks>Amount, not point: a reading of a cumulative counter is a <see cref="CounterReading"/>.</remarks>
public readonly record struct Joules :
    IAdditionOperators<Joules, Joules, Joules>,
    ISubtractionOperators<Joules, Joules, Joules>,
    IComparable<Joules>
{
    private Joules(double value) => Value = value;

    /// <summary>The amount in joules.</summary>
    public double Value { get; }

    public static Joules Zero => default;

    public static Joules From(double joules) => new(joules);

    public static Joules FromMicrojoules(double microjoules) => new(microjoules / 1e6);

    public static Joules operator +(Joules left, Joules right) => new(left.Value + right.Value);

    public static Joules operator -(Joules left, Joules right) => new(left.Value - right.Value);

    public static Joules operator *(Joules energy, double factor) => new(energy.Value * factor);

    /// <summary>Mean power over a time.</summary>
    public static Watts operator /(Joules energy, Duration time) => Watts.From(energy.Value / time.TotalSeconds);

    /// <summary>How many times <paramref name="right"/> fits into <paramref name="left"/>.</summary>
    public static double operator /(Joules left, Joules right) => left.Value / right.Value;

    public static bool operator <(Joules left, Joules right) => left.Value < right.Value;

    public static bool operator >(Joules left, Joules right) => left.Value > right.Value;

    public static bool operator <=(Joules left, Joules right) => left.Value <= right.Value;

    public static bool operator >=(Joules left, Joules right) => left.Value >= right.Value;

    public int CompareTo(Joules other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value} J";
}
