namespace Smaragdine.Comparison;

/// <summary>Holm's step-down correction: of several tests, the chance of one false alarm or more stays below the level, whatever depends on what.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values, in the order given: a test stands where its own is below the level.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        double[] adjusted = new double[pValues.Count];
        double most = 0;
        foreach ((int rank, int index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            most = Math.Max(most, Math.Min(1, pValues[index] * (pValues.Count - rank)));
            adjusted[index] = most;
        }

        return adjusted;
    }
}
