using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.External;

namespace Smaragdine.Tests.Sensors.External;

public sealed class ExternalReadingTests
{
    [Theory]
    [InlineData("gpu-0 231.5", "gpu-0", StreamKind.Power, 231_500_000)]
    [InlineData("  package-0\t12.5   W ", "package-0", StreamKind.Power, 12_500_000)]
    [InlineData("machine 610W\r", "machine-0|machine", StreamKind.Power, 610_000_000)]
    [InlineData("wall 0.61kW", "wall", StreamKind.Power, 610_000_000)]
    [InlineData("GPU:1 56120 mW", "gpu-1", StreamKind.Power, 56_120_000)]
    [InlineData("dram-1 0 W", "dram-1", StreamKind.Power, 0)]
    [InlineData("gpu-0 2.3e2", "gpu-0", StreamKind.Power, 230_000_000)]
    [InlineData("package-0 123456 uJ", "package-0", StreamKind.Energy, 123_456)]
    [InlineData("package-0 9223372036854775807 uJ", "package-0", StreamKind.Energy, long.MaxValue)]
    [InlineData("package-0 1.5J", "package-0", StreamKind.Energy, 1_500_000)]
    [InlineData("wall 2 kWh", "wall", StreamKind.Energy, 7_200_000_000_000)]
    [InlineData("wall 0.5 Wh", "wall", StreamKind.Energy, 1_800_000_000)]
    public void A_line_gives_domain_kind_and_value(string line, string domain, StreamKind kind, long value)
    {
        ExternalReading.TryParse(line, out ExternalReading reading, out string wrong, out _).ShouldBeTrue(wrong);
        domain.Split('|').ShouldContain(reading.Domain.Name);
        reading.Kind.ShouldBe(kind);
        reading.Value.ShouldBe(value);
        reading.Range.ShouldBeNull();
    }

    [Theory]
    [InlineData("package-0 5 uJ 262143328850", 262_143_328_850UL)]
    [InlineData("package-0 5J 65532.610987", 65_532_610_987UL)]
    public void A_counter_may_say_where_it_starts_again(string line, ulong range)
    {
        ExternalReading.TryParse(line, out ExternalReading reading, out string wrong, out _).ShouldBeTrue(wrong);
        reading.Range!.Value.MaxMicrojoules.ShouldBe(range);
    }

    [Theory]
    [InlineData("gpu-0", "expected `domain value [unit]`")]
    [InlineData("gpu-0 [N/A]", "expected `domain value [unit]`")]
    [InlineData("gpu-0 12 W 5 6", "expected `domain value [unit]`")]
    [InlineData("gpu-0 12 W 5", "expected `domain value [unit]`")]
    [InlineData("gpu-0 12,5", "a comma")]
    [InlineData("gpu-0 12 w", "`w` is no unit")]
    [InlineData("gpu-0 -3", "no power")]
    [InlineData("gpu-0 1000001 W", "no power")]
    [InlineData("gpu-0 1e40", "expected `domain value [unit]`")]
    [InlineData("package-0 -3 J", "cumulative energy counter")]
    [InlineData("package-0 9223372036854775808 uJ", "cumulative energy counter")]
    [InlineData("package-0 4e18 kWh", "cumulative energy counter")]
    [InlineData("package-0 8 J 7", "starts again at 7")]
    [InlineData("package-0 8 J -7", "no range")]
    public void What_is_no_reading_says_what_was_expected(string line, string expected)
    {
        ExternalReading.TryParse(line, out _, out string wrong, out string? unknown).ShouldBeFalse();
        wrong.ShouldContain(expected);
        unknown.ShouldBeNull();
    }

    [Fact]
    public void An_unknown_domain_is_named_with_those_that_are_known()
    {
        ExternalReading.TryParse("rack-7 12", out _, out string wrong, out string? unknown).ShouldBeFalse();
        unknown.ShouldBe("rack-7");
        wrong.ShouldContain("gpu-N");
        foreach (string whole in Domain.WholeNames)
        {
            wrong.ShouldContain(whole);
            Domain.Parse(whole).Kind.ShouldBe(DomainKind.Whole);
        }
    }
}
