using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Pictures;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Footprints.Pictures;

public sealed class PowerProfileTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(240, 2)]
    [InlineData(1_000_000_000, 5_000_000)]
    [InlineData(2_200_000_000, 10_000_000)] // the paper's bins, for its step
    [InlineData(long.MaxValue, 50_000_000_000_000_000)]
    public void Bins_are_round_and_not_too_many(long longest, long bin) => PowerProfile.NiceBin(longest).ShouldBe(bin);

    [Fact]
    public void Bins_of_a_step_add_up_to_its_energy() => Prop.ForAll(
        Gen.Choose(1, 9).ArrayOf(200).ToArbitrary(),
        watts =>
        {
            DeviceTrace cpu = Cpu(("m/a", 0, 2));
            DevicePower power = Owned([.. watts.Select((w, i) => (i * 0.01, (i + 1) * 0.01, (double)w))]);
            PowerProfile profile = Profile(cpu, power, out Footprint footprint);
            double joules = profile.Steps.Single().Watts.Sum(w => w!.Value * profile.Bin.TotalSeconds);
            joules.ShouldBe(footprint.Devices[0].Energy!.Total, 1e-9);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_bin_lacks_power_where_one_of_two_domains_does()
    {
        DeviceTrace cpu = Cpu(("m/a", 0, 1));
        DevicePower power = new(
            [new(Fed(Domain.Package(0), (0, 1, 10))), new(Fed(Domain.Dram(0), (0, 0.5, 2)))], GapRule.Idle);
        IReadOnlyList<double?> watts = Profile(cpu, power, out _).Steps.Single().Watts;
        watts[0].ShouldBe(12);
        watts[^1].ShouldBeNull();
    }

    [Fact]
    public void A_shorter_step_has_no_power_after_its_end()
    {
        DeviceTrace cpu = Device(DeviceId.Cpu(), (1, "m/a", 0, 2), (2, "m/a", 2, 3));
        PowerProfile profile = Profile(cpu, TenWatts, out _);
        profile.Steps[0].Watts.ShouldAllBe(w => w == 10);
        profile.Steps[1].Watts.Take(100).ShouldAllBe(w => w == 10);
        profile.Steps[1].Watts.Skip(100).ShouldAllBe(w => w == null);
    }

    [Fact]
    public void Shares_of_a_bin_are_of_the_time_that_ran_in_it()
    {
        DeviceTrace cpu = Cpu(("m/a", 0, 1), ("m/b", 0.0025, 0.01), ("m/c", 1, 2), ("m/z", 2, 2));
        PowerProfile profile = Profile(cpu, TenWatts, out Footprint footprint);
        profile.Bin.ShouldBe(Duration.FromMilliseconds(10));
        int Row(string name) => footprint.Operations.Index().Single(r => r.Item.Name == name).Index;
        profile.Shares[0].OrderBy(s => s.Row).ShouldBe(new BinShare[] { new(Row("m/a"), 10 / 17.5), new(Row("m/b"), 7.5 / 17.5) }.OrderBy(s => s.Row));
        profile.Shares[1].ShouldBe([new(Row("m/a"), 1)]);
        profile.Shares[199].ShouldBe([new(Row("m/c"), 1)]);
    }

    [Fact]
    public void Readings_are_those_that_end_within_a_step()
    {
        DeviceTrace cpu = Cpu(("m/a", 1, 2));
        StepReadings readings = Profile(cpu, Owned((0, 0.9, 1), (0.9, 1.5, 2), (1.5, 2, 3), (2, 3, 4)), out _).Readings.Single();
        readings.SecondsAfterStart.ShouldBe([0.5, 1]);
        readings.Watts.ShouldBe([2, 3]);
    }

    [Fact]
    public void An_estimate_has_no_readings_and_no_power_has_no_bins()
    {
        DeviceTrace cpu = Cpu(("m/a", 0, 1));
        DomainPower estimated = Fed(Domain.Package(0), (0, 1, 10)) with { Quality = Quality.Estimated };
        Profile(cpu, new([new(estimated)], GapRule.Idle), out _).Readings.ShouldBeEmpty();
        PowerProfile none = Profile(cpu, DevicePower.None, out _);
        none.Steps.ShouldBeEmpty();
        none.Quality.ShouldBeNull();
        none.Shares.ShouldNotBeEmpty();
    }

    private static PowerProfile Profile(DeviceTrace device, DevicePower power, out Footprint footprint)
    {
        footprint = FootprintOf(TraceOf(device), device.Id, power);
        return PowerProfile.Of(device, power, footprint, new(footprint.Operations))!;
    }
}
