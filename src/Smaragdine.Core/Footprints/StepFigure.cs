using System.Numerics;

namespace Smaragdine.Footprints;

/// <summary>A quantity in each of several steps, and what is said of them: mean and sample standard deviation (n − 1), step to step.</summary>
/// <remarks>A quantity that is absent from a step counts as 0 in it.</remarks>
public sealed class StepFigure
{
    private readonly double[] perStep;

    public StepFigure(int steps) => perStep = new double[steps];

    private StepFigure(double[] values) => perStep = values;

    /// <summary>Of these values.</summary>
    public static StepFigure Of(IEnumerable<double> values) => new(values.ToArray());

    public int Steps => perStep.Length;

    /// <summary>By position of the step, not its number.</summary>
    public double this[int position]
    {
        get => perStep[position];
        set => perStep[position] = value;
    }

    public double Mean => perStep.Length == 0 ? 0 : Total / perStep.Length;

    public double Total
    {
        get
        {
            double sum = 0;
            foreach (double value in perStep)
            {
                sum += value;
            }

            return sum;
        }
    }

    /// <summary>Null for fewer than two steps: one step has no ±.</summary>
    public double? StandardDeviation
    {
        get
        {
            if (perStep.Length < 2)
            {
                return null;
            }

            double mean = Mean;
            double squares = 0;
            foreach (double value in perStep)
            {
                squares += (value - mean) * (value - mean);
            }

            return Math.Sqrt(squares / (perStep.Length - 1));
        }
    }

    public void Add(StepFigure other)
    {
        Span<double> sums = perStep;
        ReadOnlySpan<double> terms = other.perStep.AsSpan(0, sums.Length);
        int i = 0;
        for (; i <= sums.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(sums[i..]) + new Vector<double>(terms[i..])).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] += terms[i];
        }
    }

    /// <summary>The same quantity in other units.</summary>
    public StepFigure Scaled(double factor)
    {
        StepFigure scaled = new(perStep.Length);
        for (int i = 0; i < perStep.Length; i++)
        {
            scaled[i] = perStep[i] * factor;
        }

        return scaled;
    }
}
