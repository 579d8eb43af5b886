using Smaragdine.Formats.Exports;

namespace Smaragdine.Tests.Formats.Exports;

public sealed class WholeUnitsTests
{
    [Fact]
    public void Every_amount_is_off_by_less_than_one_and_all_together_by_half_a_unit()
    {
        Random random = new(7);
        WholeUnits units = default;
        double exact = 0;
        long whole = 0;
        for (int i = 0; i < 100_000; i++)
        {
            double amount = random.Next(3) == 0 ? 0 : random.NextDouble() * (random.Next(2) == 0 ? 0.01 : 1000);
            long rounded = units.Next(amount);
            rounded.ShouldBeGreaterThanOrEqualTo(0);
            Math.Abs(rounded - amount).ShouldBeLessThanOrEqualTo(1.0);
            exact += amount;
            whole += rounded;
            Math.Abs(whole - exact).ShouldBeLessThan(0.5001);
        }
    }

    [Fact]
    public void Many_amounts_below_half_a_unit_are_not_lost()
    {
        WholeUnits units = default;
        Enumerable.Range(0, 1000).Sum(_ => units.Next(0.4)).ShouldBe(400);
    }
}
