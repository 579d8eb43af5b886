namespace Smaragdine.Comparison;

/// <summary>What a ratio of energies is made of, exactly: calls × time of a call × power × the covered part of the time. All new by base.</summary>
/// <param name="Calls">How many calls.</param>
/// <param name="TimePerCall">How long one takes.</param>
/// <param name="Power">Energy by covered time; null where the time is compared, or a side lacks power.</param>
/// <param name="Coverage">Covered by all time; null with <paramref name="Power"/>.</param>
public sealed record Factors(double Calls, double TimePerCall, double? Power, double? Coverage)
{
    /// <summary>Null where a side did not run.</summary>
    public static Factors? Of(IReadOnlyList<Cost> before, IReadOnlyList<Cost> after, bool ofEnergy)
    {
        Cost b = Mean(before);
        Cost n = Mean(after);
        if (!(b is { Calls: > 0, Seconds: > 0 } && n is { Calls: > 0, Seconds: > 0 }))
        {
            return null;
        }

        double calls = n.Calls / b.Calls;
        double each = n.Seconds / n.Calls / (b.Seconds / b.Calls);
        return ofEnergy && b is { Joules: > 0, CoveredSeconds: > 0 } && n is { Joules: > 0, CoveredSeconds: > 0 }
            ? new(calls, each, n.Joules / n.CoveredSeconds / (b.Joules / b.CoveredSeconds), n.CoveredSeconds / n.Seconds / (b.CoveredSeconds / b.Seconds))
            : new(calls, each, null, null);
    }

    private static Cost Mean(IReadOnlyList<Cost> runs)
    {
        Cost sum = runs.Aggregate((a, b) => a + b);
        return new(sum.Calls / runs.Count, sum.Seconds / runs.Count, sum.CoveredSeconds / runs.Count, sum.Joules / runs.Count);
    }
}
