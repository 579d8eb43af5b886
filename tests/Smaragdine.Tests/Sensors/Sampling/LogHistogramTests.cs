using Smaragdine.Sensors.Sampling;

namespace Smaragdine.Tests.Sensors.Sampling;

public class LogHistogramTests
{
    [Fact]
    public void Quantile_is_at_most_an_eighth_above_the_sorted_list()
    {
        Random random = new(7);
        for (int round = 0; round < 50; round++)
        {
            LogHistogram histogram = new();
            List<long> all = [];
            for (int i = 0; i < 500; i++)
            {
                long value = (long)Math.Pow(2, random.NextDouble() * 62);
                all.Add(value);
                histogram.Add(value);
            }

            all.Sort();
            foreach (double share in (double[])[0.001, 0.5, 0.99, 0.999, 1])
            {
                long exact = all[(int)Math.Ceiling(share * all.Count) - 1];
                histogram.Quantile(share).ShouldBeInRange(exact, (long)Math.Min(exact * 1.125, long.MaxValue));
            }
        }
    }

    [Fact]
    public void Extremes_have_a_place()
    {
        LogHistogram histogram = new();
        histogram.Quantile(0.5).ShouldBe(0);
        histogram.Add(long.MaxValue);
        histogram.Add(-5);
        histogram.Quantile(0.5).ShouldBe(0);
        histogram.Quantile(1).ShouldBe(long.MaxValue);
    }
}
