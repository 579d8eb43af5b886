using Smaragdine.Formats.Reports;

namespace Smaragdine.Tests.Formats.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.16, "44.4 µWh")]
    [InlineData(5.4, "1.50 mWh")]
    [InlineData(48_240, "13.4 Wh")]
    [InlineData(3.6e8, "100 kWh")]
    [InlineData(0, "0.00 Wh")]
    public void Small_energies_are_not_nought_watt_hours(double joules, string text) => Figures.WattHours(joules).ShouldBe(text);
}
