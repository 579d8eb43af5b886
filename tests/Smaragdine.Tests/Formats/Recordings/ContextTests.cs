using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

public sealed class ContextTests
{
    [Fact]
    public void A_summary_has_least_mean_most_and_what_was_gained()
    {
        ContextSummary.Of(Series("package-0-temperature", ContextUnits.Millidegrees, 50_000, 70_000, 60_000)).ShouldBe(new(50_000, 60_000, 70_000, 20_000));
        ContextSummary.Of(Series("x", null, -3)).ShouldBe(new(-3, -3, -3, 0));
        ContextSummary.Of(Series("x", null, long.MinValue, long.MaxValue)).ShouldNotBeNull().Increase.ShouldBeGreaterThan(0);
        ContextSummary.Of(Series("x", ContextUnits.Hertz)).ShouldBeNull();
        ContextSummary.Of(Series("gpu-0-clock-limits", ContextUnits.NvmlClockLimits, 4)).ShouldBeNull();
    }

    [Fact]
    public void A_count_that_went_back_began_anew() => ContextSummary.Of(Series("package-0-throttles", ContextUnits.Events, 10, 12, 1, 4)).ShouldNotBeNull().Increase.ShouldBe(5);

    [Theory]
    [InlineData(new long[] { 7, 7, 38 }, "package-0 throttled 31 times")]
    [InlineData(new long[] { 0, 1 }, "package-0 throttled once")]
    [InlineData(new long[] { 7, 7 }, null)]
    [InlineData(new long[] { 7 }, null)]
    public void Throttling_of_a_package_is_counted_from_the_first_sample(long[] counts, string? expected) =>
        Said(Series("package-0-throttles", ContextUnits.Events, counts)).ShouldBe(expected is null ? [] : [expected]);

    [Theory]
    [InlineData(new long[] { 0, 1, 2, 0x100 }, null)]
    [InlineData(new long[] { 0, 4, 4, 4 }, "gpu-2 was slowed down by its power limit in 75 % of its samples")]
    [InlineData(new long[] { 0x20, 0x48, 4, 0 }, "gpu-2 was slowed down by heat in 50 %, by its power limit in 25 % of its samples")]
    [InlineData(new long[] { 0x8, 0x88, 0, 0 }, "gpu-2 was slowed down by the power supply's brake in 25 %, by the hardware in 25 % of its samples")]
    public void Throttling_of_a_gpu_is_said_with_its_reasons(long[] limits, string? expected) =>
        Said(Series("gpu-2-clock-limits", ContextUnits.NvmlClockLimits, limits)).ShouldBe(expected is null ? [] : [expected]);

    [Fact]
    public void A_stream_of_another_kind_or_name_is_no_throttling()
    {
        SampleSeries power = new(new("gpu-0-clock-limits", StreamKind.Power, "x", Quality.Measured, Duration.Zero) { Unit = ContextUnits.NvmlClockLimits });
        power.Add(0, 4, 0);
        Said(power, Series("gpu-0-whatever", ContextUnits.NvmlClockLimits, 4), Series("interrupts", ContextUnits.Events, 1, 9)).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Said(params SampleSeries[] series)
    {
        RecordedSamples samples = new("test");
        samples.SeriesList.AddRange(series);
        return Throttling.Of(samples);
    }

    private static SampleSeries Series(string name, string? unit, params long[] values)
    {
        SampleSeries series = new(new(name, StreamKind.Context, "test", Quality.Measured, Duration.FromSeconds(1)) { Unit = unit });
        foreach ((int i, long value) in values.Index())
        {
            series.Add(i * 1_000_000_000L, value, 0);
        }

        return series;
    }
}
