using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Hwmon;

public sealed class Ina3221ProbeTests
{
    private const string Chip = "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3";

    [LinuxFact]
    public void Find_orin_has_three_rails_and_no_sum_channel()
    {
        using CapturedTree tree = new("jetson-orin");
        new Ina3221Probe().Find(tree.Root).Select(f => (f.Domain.Name, f.Domain.Kind, f.State)).ShouldBe(
        [
            ("vdd_in", DomainKind.Whole, SensorState.Ok),
            ("vdd_cpu_gpu_cv", DomainKind.Unknown, SensorState.Ok),
            ("vdd_soc", DomainKind.Unknown, SensorState.Ok),
        ]);
    }

    [LinuxFact]
    public void Read_millivolts_times_milliamperes_are_microwatts()
    {
        using CapturedTree tree = new("jetson-orin");
        using ISensor sensor = new Ina3221Probe().Find(tree.Root).Of("vdd_in").Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 5072 * 1216));
        tree.Write($"{Chip}/curr1_input", "2000\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 5072 * 2000));
        tree.Write($"{Chip}/curr1_input", "\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
        tree.Write($"{Chip}/curr1_input", "9223372036854775807\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    [LinuxFact]
    public void Find_old_layout_is_in_milliwatts()
    {
        using CapturedTree tree = new("jetson-old");
        IReadOnlyList<SensorFinding> found = new Ina3221Probe().Find(tree.Root);
        found.Select(f => f.Domain).ShouldBe([new Domain("vdd_in", DomainKind.Whole, 0), Domain.Gpu(0), Domain.Package(0)]);
        using ISensor gpu = found.Of("gpu-0").Open!();
        gpu.ReadOne().ShouldBe((ReadStatus.Value, 152_000));
    }

    [LinuxFact]
    public void Find_rail_without_voltage_is_faulty()
    {
        using CapturedTree tree = new("jetson-orin");
        tree.Write($"{Chip}/in2_input", "0\n");
        tree.Write($"{Chip}/in3_label", "NC\n");
        IReadOnlyList<SensorFinding> found = new Ina3221Probe().Find(tree.Root);
        found.Of("vdd_cpu_gpu_cv").State.ShouldBe(SensorState.Faulty);
        found.ShouldNotContain(f => f.Domain.Name == "vdd_soc");
    }
}
