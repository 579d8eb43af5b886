using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Context;
using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public sealed class NvmlContextSensorTests(NvmlStubs stubs)
{
    private const string Context = """
        gpu 0 clocks 1 1410 1200
        gpu 0 clocks 2 1215
        gpu 0 temperature 64 71
        gpu 0 utilization 97 !999 98
        gpu 0 limits 0 4 36

        """;

    [NativeFact]
    public void Each_gpu_that_is_read_has_what_its_driver_tells()
    {
        SystemRoot root = At(stubs.Library(Scripts.A100 + Context + Scripts.Rtx3090 + "gpu 1 temperature 50\n"));
        using ISensor sensor = ContextSensors.Open(root, Counters(root)).ShouldHaveSingleItem();
        sensor.MayBlock.ShouldBeTrue();
        sensor.Streams.Select(s => (s.Name, s.Unit)).ShouldBe(
        [
            ("gpu-0-sm-clock", ContextUnits.Hertz), ("gpu-0-memory-clock", ContextUnits.Hertz), ("gpu-0-temperature", ContextUnits.Millidegrees),
            ("gpu-0-utilization", ContextUnits.Percent), ("gpu-0-clock-limits", ContextUnits.NvmlClockLimits), ("gpu-1-temperature", ContextUnits.Millidegrees),
        ]);
        sensor.Streams.ShouldAllBe(s => s.Kind == StreamKind.Context && s.DeviceId != null);

        // The first answers went to finding out what there is.
        Read(sensor).ShouldBe(
        [
            (1_200_000_000, ReadStatus.Value), (1_215_000_000, ReadStatus.Value), (71_000, ReadStatus.Value),
            (0, ReadStatus.Missed), (4, ReadStatus.Value), (50_000, ReadStatus.Value),
        ]);
        Read(sensor)[3].ShouldBe((98, ReadStatus.Value));
    }

    [NativeFact]
    public void An_older_driver_tells_its_limits_under_their_old_name()
    {
        SystemRoot root = At(stubs.Library(Scripts.A100 + "gpu 0 limits 64\n", "WITHOUT_EVENT_REASONS"));
        using NvmlContextSensor sensor = NvmlContextSensor.TryOpen(root, Counters(root)).ShouldNotBeNull();
        Read(sensor).ShouldBe([((long)ClockLimits.HardwareThermal, ReadStatus.Value)]);
    }

    [NativeFact]
    public void A_gpu_that_is_lost_is_gone_and_the_other_stays()
    {
        SystemRoot root = At(stubs.Library(Scripts.A100 + Context + Scripts.Rtx3090 + "gpu 1 temperature 50\ngpu 0 lost-after 12\n"));
        using NvmlContextSensor sensor = NvmlContextSensor.TryOpen(root, Counters(root)).ShouldNotBeNull();
        int readings = 0;
        while (Read(sensor)[0].Status == ReadStatus.Value)
        {
            readings++.ShouldBeLessThan(10);
        }

        Read(sensor).Select(r => r.Status).ShouldBe([.. Enumerable.Repeat(ReadStatus.Gone, 5), ReadStatus.Value]);
    }

    [NativeFact]
    public void A_gpu_that_is_not_read_or_tells_nothing_has_no_sensor()
    {
        string library = stubs.Library(Scripts.A100 + Context + Scripts.Rtx3090);
        SystemRoot root = At(library);
        NvmlContextSensor.TryOpen(root, []).ShouldBeNull();
        NvmlContextSensor.TryOpen(root, [.. Counters(root).Where(f => f.Domain.Index == 1)]).ShouldBeNull();
        NvmlStubs.Users(library).ShouldBe(0);
    }

    private static SystemRoot At(string library) => new("/nowhere") { NvmlLibrary = library };

    private static IReadOnlyList<SensorFinding> Counters(SystemRoot root) => [.. new NvmlProbe().Find(root).Where(f => f.Sensor == "nvml counter")];

    private static (long Value, ReadStatus Status)[] Read(ISensor sensor)
    {
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[values.Length];
        sensor.Read(values, statuses);
        return [.. values.Zip(statuses)];
    }
}
