namespace Smaragdine.Comparison;

/// <summary>One quantity over the runs of a side.</summary>
/// <param name="Count">How many runs.</param>
/// <param name="Mean">Of the runs' own means.</param>
/// <param name="Variance">From run to run (n − 1); null for one run.</param>
public readonly record struct RunSample(int Count, double Mean, double? Variance)
{
    public static RunSample Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return new(values.Count, mean, values.Count < 2 ? null : values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
