using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Context;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Context;

public sealed class ProcessorContextSensorTests
{
    [LinuxFact]
    public void Frequency_temperature_and_throttling_are_of_each_package()
    {
        using CapturedTree tree = new("context-intel-2s");
        using ProcessorContextSensor sensor = ProcessorContextSensor.TryOpen(tree.Root).ShouldNotBeNull();
        sensor.MayBlock.ShouldBeTrue();
        sensor.Streams.ShouldAllBe(s => s.Kind == StreamKind.Context && s.Period == Duration.FromSeconds(1));
        sensor.Streams.Zip(Read(sensor)).Select(p => (p.First.Name, p.First.Socket, p.First.Source, p.First.Unit, p.Second.Value)).ShouldBe(
        [
            ("package-0-frequency", 0, "cpufreq", ContextUnits.Hertz, 2_050_000_000),
            ("package-0-temperature", 0, "coretemp", ContextUnits.Millidegrees, 64_000),
            ("package-0-throttles", 0, "thermal_throttle", ContextUnits.Events, 5),
            ("package-3-frequency", 3, "cpufreq", ContextUnits.Hertz, 3_500_000_000),
            ("package-3-temperature", 3, "coretemp", ContextUnits.Millidegrees, 71_000),
            ("package-3-throttles", 3, "thermal_throttle", ContextUnits.Events, 0),
        ]);
    }

    [LinuxFact]
    public void A_cpu_that_goes_offline_is_left_out_and_a_package_without_any_is_missed()
    {
        using CapturedTree tree = new("context-intel-2s");
        using ProcessorContextSensor sensor = ProcessorContextSensor.TryOpen(tree.Root).ShouldNotBeNull();
        File.Delete(tree.At("sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq"));
        tree.Write("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "<unknown>\n");
        tree.Write("sys/class/hwmon/hwmon10/temp1_input", "-5000\n");
        (long Value, ReadStatus Status)[] read = Read(sensor);
        read[0].ShouldBe((2_000_000_000, ReadStatus.Value));
        read[1].ShouldBe((-5000, ReadStatus.Value));
        read[3].Status.ShouldBe(ReadStatus.Missed);
        read[4].Status.ShouldBe(ReadStatus.Value);
    }

    [LinuxFact]
    public void Amd_nodes_belong_to_sockets_in_the_order_of_their_addresses_and_the_hottest_counts()
    {
        using CapturedTree tree = new("context-epyc-2s");
        using ProcessorContextSensor sensor = ProcessorContextSensor.TryOpen(tree.Root).ShouldNotBeNull();
        sensor.Streams.Zip(Read(sensor)).Select(p => (p.First.Name, p.First.Source, p.Second.Value)).ShouldBe(
            [("package-0-temperature", "k10temp", 52_000), ("package-1-temperature", "k10temp", 61_000)]);
    }

    [LinuxFact]
    public void Chips_that_cannot_be_divided_among_the_sockets_are_of_neither()
    {
        using CapturedTree tree = new("context-epyc-2s");
        Directory.Delete(tree.At("sys/class/hwmon/hwmon3"), recursive: true);
        ProcessorContextSensor.TryOpen(tree.Root).ShouldBeNull();
    }

    [LinuxFact]
    public void A_machine_that_shows_nothing_has_no_sensor()
    {
        using CapturedTree tree = new("intel-server-2s");
        ProcessorContextSensor.TryOpen(tree.Root).ShouldBeNull();
        ContextSensors.Open(tree.Root, []).ShouldBeEmpty();
    }

    [LinuxFact]
    public void Reading_does_not_allocate()
    {
        using CapturedTree tree = new("context-intel-2s");
        using ProcessorContextSensor sensor = ProcessorContextSensor.TryOpen(tree.Root).ShouldNotBeNull();
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[values.Length];
        sensor.Read(values, statuses);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            sensor.Read(values, statuses);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static (long Value, ReadStatus Status)[] Read(ISensor sensor)
    {
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[values.Length];
        sensor.Read(values, statuses);
        return [.. values.Zip(statuses)];
    }
}
