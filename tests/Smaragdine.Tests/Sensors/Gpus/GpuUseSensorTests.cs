using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Tests.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Gpus;

/// <summary>The program is process 100 with child 110; 200 is another's.</summary>
public sealed class GpuUseSensorTests : IDisposable
{
    private readonly FakeProc proc = new();
    private readonly FakeGpus gpus = new(2);

    public GpuUseSensorTests()
    {
        proc.Process(1, 0);
        proc.Process(100, 1);
        proc.Process(110, 100);
        proc.Process(200, 1);
    }

    public void Dispose() => proc.Dispose();

    [Fact]
    public void Others_are_counted_and_remembered_after_they_left()
    {
        using GpuUseSensor sensor = Open(firstNamespace: true);
        sensor.Streams.Select(s => (s.Name, s.Unit, s.DeviceId)).ShouldBe([("gpu-0-other-processes", ContextUnits.Processes, "GPU-0"), ("gpu-1-other-processes", ContextUnits.Processes, "GPU-1")]);
        Read(sensor).ShouldBe([(0, ReadStatus.Value), (0, ReadStatus.Value)]);
        sensor.UseOf(gpus, 0).Shared.ShouldBe(false);
        gpus.Pids[0] = [100, 200, 0];
        gpus.Pids[1] = [110];
        Read(sensor).ShouldBe([(2, ReadStatus.Value), (0, ReadStatus.Value)]);
        gpus.Pids[0] = [100];
        Read(sensor)[0].ShouldBe((0, ReadStatus.Value));
        sensor.UseOf(gpus, 0).ShouldSatisfyAllConditions(u => u.Shared.ShouldBe(true), u => u.Own.ShouldBeTrue());
        sensor.UseOf(gpus, 1).ShouldSatisfyAllConditions(u => u.Shared.ShouldBe(false), u => u.Own.ShouldBeTrue());
    }

    [Fact]
    public void In_a_container_nothing_is_known_until_one_of_the_program_s_own_is_listed()
    {
        using GpuUseSensor sensor = Open(firstNamespace: false);
        gpus.Pids[0] = [200];
        Read(sensor).ShouldAllBe(r => r.Status == ReadStatus.Missed);
        sensor.UseOf(gpus, 0).Shared.ShouldBeNull();
        gpus.Pids[1] = [110];
        Read(sensor).ShouldAllBe(r => r.Status == ReadStatus.Missed || r.Value == 0);
        Read(sensor).ShouldBe([(1, ReadStatus.Value), (0, ReadStatus.Value)]);
        sensor.UseOf(gpus, 0).Shared.ShouldBe(true);
        sensor.UseOf(gpus, 1).Shared.ShouldBe(false);
    }

    [Fact]
    public void An_id_of_no_process_is_nobody_and_a_list_that_is_not_given_tells_nothing()
    {
        using GpuUseSensor sensor = Open(firstNamespace: true);
        gpus.Pids[0] = [4242];
        gpus.Pids[1] = null;
        Read(sensor).ShouldBe([(0, ReadStatus.Value), (0, ReadStatus.Missed)]);
        sensor.UseOf(gpus, 0).Shared.ShouldBe(false);
        sensor.UseOf(gpus, 1).Shared.ShouldBeNull();
    }

    [Fact]
    public void A_divided_card_is_shared_whoever_is_listed()
    {
        FakeGpus divided = new(1) { Cards = [new(new() { Uuid = "GPU-m" }, Divided: true)] };
        proc.Namespace(first: true);
        using GpuUseSensor sensor = new([(divided, 0, "gpu-0")], proc.Root, 100);
        Read(sensor);
        sensor.UseOf(divided, 0).Shared.ShouldBe(true);
    }

    [Fact]
    public void Variables_are_those_of_the_program_that_a_wrapper_became_and_of_the_processes_on_the_card()
    {
        proc.Environment(100, "CUDA_VISIBLE_DEVICES=0");
        proc.Environment(110, "CUDA_VISIBLE_DEVICES=10");
        using GpuUseSensor sensor = Open(firstNamespace: true);
        sensor.Variables!.CudaVisible.ShouldBe("0");
        proc.Environment(100, "CUDA_VISIBLE_DEVICES=1");
        gpus.Pids[1] = [110];
        Read(sensor);
        sensor.Variables!.CudaVisible.ShouldBe("1");
        proc.Environment(100);
        Read(sensor);
        sensor.Variables!.CudaVisible.ShouldBe("1");
        sensor.UseOf(gpus, 1).Programs.Single().CudaVisible.ShouldBe("10");
        sensor.UseOf(gpus, 0).Programs.ShouldBeEmpty();
    }

    [Fact]
    public void Dispose_closes_a_family_once()
    {
        Open(firstNamespace: true).Dispose();
        gpus.Disposed.ShouldBe(1);
    }

    private GpuUseSensor Open(bool firstNamespace)
    {
        proc.Namespace(firstNamespace);
        return new([(gpus, 0, "gpu-0"), (gpus, 1, "gpu-1")], proc.Root, 100);
    }

    private static (long Value, ReadStatus Status)[] Read(GpuUseSensor sensor)
    {
        long[] values = new long[sensor.Streams.Count];
        ReadStatus[] statuses = new ReadStatus[values.Length];
        sensor.Read(values, statuses);
        return [.. values.Zip(statuses)];
    }
}
