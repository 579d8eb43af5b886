using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public class NvmlSensorTests(NvmlStubs stubs)
{
    private const ReadStatus Value = ReadStatus.Value;
    private const ReadStatus Missed = ReadStatus.Missed;
    private const ReadStatus Gone = ReadStatus.Gone;

    [NativeFact]
    public void Read_counter_and_instant_come_from_one_call_in_micro_units()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100), (0, NvmlQuantity.Counter), (0, NvmlQuantity.Instant));
        sensor.MayBlock.ShouldBeTrue();
        sensor.Streams.Select(s => (s.Name, s.Kind, s.Source)).ShouldBe(
        [
            ("gpu-0", StreamKind.Energy, "nvml counter"),
            ("gpu-0", StreamKind.Power, "nvml instant"),
            ("gpu-0-driver-time", StreamKind.Context, "nvml"),
        ]);
        sensor.Streams.ShouldAllBe(s => s.DeviceId == Scripts.A100Uuid && s.Quality == Quality.Measured);
        sensor.Streams[1].Window.ShouldBe(Duration.FromMilliseconds(25));

        // The clock of the stub steps once a call: one step for two fields says that there was one call.
        Read(sensor).ShouldBe([(1_000_000, Value), (59_012_000, Value), (1_700_000_000_000_000, Value)]);
        Read(sensor).ShouldBe([(1_006_000, Value), (210_500_000, Value), (1_700_000_000_050_000, Value)]);
    }

    [NativeFact]
    public void Read_several_gpus_each_has_its_own_streams()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090),
            (1, NvmlQuantity.Average), (0, NvmlQuantity.Counter), (1, NvmlQuantity.Power), (1, NvmlQuantity.Instant));
        sensor.Streams.Select(s => s.Name).ShouldBe(["gpu-1", "gpu-0", "gpu-1", "gpu-1", "gpu-1-driver-time", "gpu-0-driver-time"]);
        Read(sensor).Take(4).ShouldBe([(150_000_000, Value), (1_000_000, Value), (150_000_000, Value), (160_000_000, Value)]);
    }

    [NativeFact]
    public void Read_one_field_fails_only_its_stream_misses()
    {
        string script = Scripts.A100.Replace("186 0 1 59012 210500", "186 0 1 59012 !999 !20 !10");
        using NvmlSensor sensor = Open(stubs.Library(script), (0, NvmlQuantity.Counter), (0, NvmlQuantity.Instant));
        Read(sensor)[1].ShouldBe((59_012_000, Value));
        for (int i = 0; i < 3; i++)
        {
            (long Value, ReadStatus Status)[] read = Read(sensor);
            read[0].Status.ShouldBe(Value);
            read[1].ShouldBe((0, Missed));
            read[2].Status.ShouldBe(Value);
        }

        Read(sensor)[1].ShouldBe((211_000_000, Value));
    }

    [NativeFact]
    public void Read_the_call_fails_all_miss_and_the_next_is_a_value()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100 + "gpu 0 call 0 !999 !10 0"), (0, NvmlQuantity.Counter), (0, NvmlQuantity.Instant));
        Read(sensor).ShouldAllBe(r => r.Status == Value);
        Read(sensor).ShouldAllBe(r => r.Status == Missed && r.Value == 0);
        Read(sensor).ShouldAllBe(r => r.Status == Missed);
        Read(sensor).ShouldAllBe(r => r.Status == Value);
    }

    [NativeFact]
    public void Read_value_that_the_driver_left_alone_is_not_the_previous_one()
    {
        string library = stubs.Library(Scripts.A100 + "gpu 0 untouched 186 0");
        NvmlGpu gpu = Gpus(library)[0];
        using NvmlSensor sensor = NvmlSensor.Open(library, [new(gpu, NvmlQuantity.Instant, 0, ByField: true)]);
        Read(sensor).ShouldBe([(0, Missed), (0, Missed)]);
    }

    [NativeFact]
    public void Read_device_lost_is_gone_for_good_and_the_other_stays()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090 + "gpu 0 lost-after 7\n"), (0, NvmlQuantity.Counter), (0, NvmlQuantity.Power), (1, NvmlQuantity.Counter));
        int readings = 0;
        while (Read(sensor)[0].Status == Value)
        {
            readings++.ShouldBeLessThan(10);
        }

        // Counter and power are two calls: the seventh is the counter's of the fourth reading.
        readings.ShouldBe(4);
        Read(sensor).Select(r => r.Status).ShouldBe([Gone, Gone, Value, Gone, Value]);
        Read(sensor)[0].ShouldBe((0, Gone));
    }

    [NativeFact]
    public void Read_field_says_lost_is_gone()
    {
        string script = Scripts.A100.Replace("186 0 1 59012 210500", "186 0 1 59012 !15");
        using NvmlSensor sensor = Open(stubs.Library(script), (0, NvmlQuantity.Instant));
        Read(sensor)[0].Status.ShouldBe(Value);
        Read(sensor).ShouldAllBe(r => r.Status == Gone);
    }

    [NativeFact]
    public void Read_impossible_power_is_missed()
    {
        string script = Scripts.A100.Replace("186 0 1 59012 210500", "186 0 1 59012 4294967295");
        using NvmlSensor sensor = Open(stubs.Library(script), (0, NvmlQuantity.Instant));
        Read(sensor)[0].Status.ShouldBe(Value);
        Read(sensor)[0].ShouldBe((0, Missed));
    }

    [NativeFact]
    public void Read_samples_gives_the_mean_of_what_is_new_and_the_drivers_time()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090), (1, NvmlQuantity.Samples));
        sensor.Streams[1].Name.ShouldBe("gpu-1-samples-time");
        Read(sensor).ShouldBe([(0, Missed), (0, Missed)]);
        Read(sensor).ShouldBe([(40_000_000, Value), (400, Value)]);
        Read(sensor).ShouldBe([(0, Missed), (0, Missed)]);
    }

    [NativeFact]
    public void Read_after_warm_up_does_not_allocate()
    {
        using NvmlSensor sensor = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090),
            (0, NvmlQuantity.Counter), (0, NvmlQuantity.Instant), (1, NvmlQuantity.Counter), (1, NvmlQuantity.Power), (1, NvmlQuantity.Samples));
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[sensor.Streams.Count];
        SensorReading.Allocated(() => sensor.Read(values, statuses)).ShouldBe(0);
        statuses[0].ShouldBe(Value);
    }

    [NativeFact]
    public void Read_after_dispose_is_gone()
    {
        string library = stubs.Library(Scripts.A100);
        NvmlSensor sensor = Open(library, (0, NvmlQuantity.Counter));
        sensor.Dispose();
        sensor.Dispose();
        Read(sensor).ShouldAllBe(r => r.Status == Gone);
        NvmlStubs.Users(library).ShouldBe(0);
    }

    [NativeFact]
    public void Open_gpu_vanished_says_so_and_shuts_nvml_down()
    {
        string library = stubs.Library(Scripts.A100);
        NvmlGpu gpu = Gpus(library)[0];
        IOException fault = Should.Throw<IOException>(() =>
            NvmlSensor.Open(library, [new(gpu with { Uuid = "GPU-gone" }, NvmlQuantity.Power, 0, ByField: false)]));
        fault.Message.ShouldContain("gpu-0 cannot be opened");
        NvmlStubs.Users(library).ShouldBe(0);
    }

    private static (long Value, ReadStatus Status)[] Read(NvmlSensor sensor)
    {
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[sensor.Streams.Count];
        sensor.Read(values, statuses);
        return [.. values.Zip(statuses)];
    }

    private static IReadOnlyList<NvmlGpu> Gpus(string path)
    {
        using NvmlLibrary library = NvmlLibrary.TryOpen(path, out _).ShouldNotBeNull();
        return library.Gpus(out _);
    }

    /// <summary>Opens quantities as the probe would: fields by field, the rest by their own functions.</summary>
    private static NvmlSensor Open(string path, params (int Gpu, NvmlQuantity Quantity)[] wanted)
    {
        IReadOnlyList<NvmlGpu> gpus = Gpus(path);
        return NvmlSensor.Open(path, [.. wanted.Select(w => new NvmlChannel(
            gpus[w.Gpu], w.Quantity, 0, w.Quantity is NvmlQuantity.Counter or NvmlQuantity.Instant or NvmlQuantity.Average))]);
    }
}
