namespace Smaragdine.Comparison;

/// <summary>One quantity of a module on both sides; a side is null where the module or the figure is not there.</summary>
public readonly record struct Quantity(RunSample? Base, RunSample? New)
{
    /// <summary>Null unless both sides have it.</summary>
    public Difference? Difference => Base is { } before && New is { } after ? new(before, after) : null;

    /// <summary>From each side's runs; a side of which one run lacks the figure lacks it.</summary>
    public static Quantity Of(IReadOnlyList<Cost>? before, IReadOnlyList<Cost>? after, Func<Cost, double?> figure) =>
        new(Sample(before, figure), Sample(after, figure));

    private static RunSample? Sample(IReadOnlyList<Cost>? runs, Func<Cost, double?> figure)
    {
        List<double> values = [.. (runs ?? []).Select(figure).OfType<double>()];
        return runs is not null && values.Count == runs.Count ? RunSample.Of(values) : null;
    }
}

/// <summary>All quantities of a module, or of one pass of it.</summary>
/// <param name="Energy">J a step.</param>
/// <param name="Time">s a step, summed over its spans.</param>
/// <param name="Power">W: energy by covered time, a share per running instance.</param>
/// <param name="Calls">A step.</param>
public sealed record Quantities(Quantity Energy, Quantity Time, Quantity Power, Quantity Calls)
{
    public static Quantities Of(IReadOnlyList<Cost>? before, IReadOnlyList<Cost>? after) => new(
        Quantity.Of(before, after, c => c.Joules),
        Quantity.Of(before, after, c => c.Seconds),
        Quantity.Of(before, after, c => c is { Joules: { } joules, CoveredSeconds: > 0 } ? joules / c.CoveredSeconds : null),
        Quantity.Of(before, after, c => c.Calls));

    public Quantity By(Measure measure) => measure is Measure.Energy ? Energy : Time;
}
