using MathNet.Numerics.Distributions;

namespace Smaragdine.Comparison;

/// <summary>Between which values a ratio of means lies, new by base.</summary>
public readonly record struct RatioInterval(double Low, double High);

/// <summary>
/// One quantity on both sides. The run is what is repeated: Welch's t over the means of runs (steps of one run depend on each other). Where one side
/// is a single run, it is taken to vary from run to run as the other side does; where both are, nothing is known of that and there is no interval and no p-value.
/// </summary>
public readonly record struct Difference(RunSample Base, RunSample New)
{
    /// <summary>Of the intervals.</summary>
    public const double Confidence = 0.95;

    public double Change => New.Mean - Base.Mean;

    /// <summary>New by base; null where the base is 0.</summary>
    public double? Ratio => Base.Mean > 0 ? New.Mean / Base.Mean : null;

    /// <summary>Either side tells how much runs differ.</summary>
    public bool HasReplicates => Base.Variance is not null || New.Variance is not null;

    /// <summary>Two-sided, of no difference; null without replicates.</summary>
    public double? PValue => OneSided(1) is { } p ? 2 * Math.Min(p, 1 - p) : null;

    /// <summary>
    /// The 95 % interval of the ratio by Fieller's method; it holds 1 exactly where <see cref="PValue"/> is above 0.05. Null without replicates, and where the base
    /// may as well be 0.
    /// </summary>
    public RatioInterval? Interval
    {
        get
        {
            if (Variances is not { } variances || !(Base.Mean > 0))
            {
                return null;
            }

            double t = StudentT.InvCDF(0, 1, Freedom(variances), 0.5 + (Confidence / 2));
            double a = (Base.Mean * Base.Mean) - (t * t * variances.Base);
            double c = (New.Mean * New.Mean) - (t * t * variances.New);
            double b = Base.Mean * New.Mean;
            double root = Math.Sqrt(Math.Max(0, (b * b) - (a * c)));
            return a > 0 ? new((b - root) / a, (b + root) / a) : null;
        }
    }

    /// <summary>The chance of a ratio as large as the one seen, or larger, were the true one <paramref name="ratio"/>; null without replicates.</summary>
    public double? OneSided(double ratio)
    {
        if (Variances is not { } variances)
        {
            return null;
        }

        double distance = New.Mean - (ratio * Base.Mean);
        double error = Math.Sqrt(variances.New + (ratio * ratio * variances.Base));
        if (error == 0)
        {
            return distance > 0 ? 0 : distance < 0 ? 1 : 0.5;
        }

        // Of the lower tail: the upper one would lose its digits as 1 less almost 1.
        return StudentT.CDF(0, 1, Freedom(variances), -distance / error);
    }

    /// <summary>Of the two means.</summary>
    private (double Base, double New)? Variances => HasReplicates
        ? ((Base.Variance ?? New.Variance)!.Value / Base.Count, (New.Variance ?? Base.Variance)!.Value / New.Count)
        : null;

    /// <summary>Welch's and Satterthwaite's, of equal means; with a single run on one side those of the other. The same for interval and tests, which so agree.</summary>
    private double Freedom((double Base, double New) variances)
    {
        if (Base.Variance is null || New.Variance is null)
        {
            return Math.Max(Base.Count, New.Count) - 1;
        }

        double sum = variances.Base + variances.New;
        return sum == 0
            ? Base.Count + New.Count - 2
            : sum * sum / ((variances.Base * variances.Base / (Base.Count - 1)) + (variances.New * variances.New / (New.Count - 1)));
    }
}
