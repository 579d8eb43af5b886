using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.PowerSupply;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.PowerSupply;

public sealed class PowerSupplyProbeTests
{
    private const string Supply = "sys/class/power_supply";

    [LinuxFact]
    public void Read_current_times_voltage_in_microwatts_whatever_the_sign()
    {
        using CapturedTree tree = new("intel-client");
        SensorFinding finding = new PowerSupplyProbe().Find(tree.Root).Single();
        finding.Domain.ShouldBe(new Domain("battery", DomainKind.Whole, 0));
        Domain.Parse("battery").ShouldBe(finding.Domain);
        using ISensor sensor = finding.Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 12_221_880));
        tree.Write($"{Supply}/BAT0/current_now", "-1034000\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 12_221_880));
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    [LinuxFact]
    public void Read_on_mains_there_is_no_value_until_it_discharges_again()
    {
        using CapturedTree tree = new("intel-client");
        using ISensor sensor = new PowerSupplyProbe().Find(tree.Root).Single().Open!();
        foreach (string status in (string[])["Charging", "Full", "Not charging", "Unknown"])
        {
            tree.Write($"{Supply}/BAT0/status", status + "\n");
            sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0), status);
        }

        tree.Write($"{Supply}/BAT0/status", "Discharging\n");
        sensor.ReadOne().Status.ShouldBe(ReadStatus.Value);
        tree.Write($"{Supply}/BAT0/voltage_now", "99999999999999999\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
    }

    [LinuxFact]
    public void Find_on_mains_says_to_unplug()
    {
        using CapturedTree tree = new("intel-client");
        tree.Write($"{Supply}/BAT0/status", "Full\n");
        SensorFinding finding = new PowerSupplyProbe().Find(tree.Root).Single();
        finding.State.ShouldBe(SensorState.Unreadable);
        finding.Unlock!.ShouldContain("unplug");
    }

    [LinuxFact]
    public void Read_two_batteries_are_added_and_one_that_is_idle_counts_nothing()
    {
        using CapturedTree tree = new("intel-client");
        tree.Write($"{Supply}/BAT1/type", "Battery\n");
        tree.Write($"{Supply}/BAT1/status", "Discharging\n");
        tree.Write($"{Supply}/BAT1/power_now", "5000000\n");
        using ISensor sensor = new PowerSupplyProbe().Find(tree.Root).Single().Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 17_221_880));
        tree.Write($"{Supply}/BAT1/status", "Not charging\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 12_221_880));
    }
}
