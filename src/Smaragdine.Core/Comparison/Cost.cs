namespace Smaragdine.Comparison;

/// <summary>What something took in one run, mean per step.</summary>
/// <param name="Calls">Spans that start in the step.</param>
/// <param name="Seconds">Sum of their durations.</param>
/// <param name="CoveredSeconds">The part of it with power.</param>
/// <param name="Joules">Null where none of it has power.</param>
public readonly record struct Cost(double Calls, double Seconds, double CoveredSeconds, double? Joules)
{
    public static Cost operator +(Cost left, Cost right) => new(
        left.Calls + right.Calls,
        left.Seconds + right.Seconds,
        left.CoveredSeconds + right.CoveredSeconds,
        left.Joules is null ? right.Joules : left.Joules + (right.Joules ?? 0));
}
