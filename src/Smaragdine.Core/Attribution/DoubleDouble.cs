namespace Smaragdine.Attribution;

/// <summary>A sum kept in two doubles (about 32 digits), so that the difference of two large running sums is exact enough for a 1 ns span.</summary>
/// <remarks>Knuth's two-sum; Dekker, "A floating-point technique for extending the available precision", 1971.</remarks>
internal struct DoubleDouble
{
    private double high;
    private double low;

    public readonly double Value => high + low;

    public void Add(double term)
    {
        double sum = high + term;
        double back = sum - high;
        low += (high - (sum - back)) + (term - back);
        high = sum;
    }

    public void Add(in DoubleDouble other)
    {
        Add(other.high);
        Add(other.low);
    }

    public void Subtract(in DoubleDouble other)
    {
        Add(-other.high);
        Add(-other.low);
    }
}
