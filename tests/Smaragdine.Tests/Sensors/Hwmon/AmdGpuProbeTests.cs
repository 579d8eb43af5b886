using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Hwmon;

public sealed class AmdGpuProbeTests
{
    [LinuxFact]
    public void Find_numbers_amd_cards_among_themselves_and_gives_their_pci_id()
    {
        using CapturedTree tree = new("amdgpu");
        IReadOnlyList<SensorFinding> found = new AmdGpuProbe().Find(tree.Root);
        found.Where(f => f.Kind == StreamKind.Power).Select(f => (f.Domain, f.DeviceId)).ShouldBe(
            [(Domain.Gpu(0), "0000:c1:00.0"), (Domain.Gpu(1), "0000:c6:00.0"), (Domain.Gpu(2), "0000:e3:00.0")]);
        using ISensor sensor = found.Of("gpu-0").Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 93_000_000));
        sensor.Streams.Single().DeviceId.ShouldBe("0000:c1:00.0");
        sensor.MayBlock.ShouldBeTrue();
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    [LinuxFact]
    public void Find_second_die_that_reads_0_is_faulty_and_says_why()
    {
        using CapturedTree tree = new("amdgpu");
        SensorFinding second = new AmdGpuProbe().Find(tree.Root).Of("gpu-1");
        second.State.ShouldBe(SensorState.Faulty);
        second.Note.ShouldContain("second die");
    }

    [LinuxFact]
    public void Find_counter_is_there_and_doubtful()
    {
        using CapturedTree tree = new("amdgpu");
        SensorFinding[] third = [.. new AmdGpuProbe().Find(tree.Root).Where(f => f.Domain == Domain.Gpu(2))];
        third.Select(f => (f.Kind, f.State, f.Doubtful)).ShouldBe([(StreamKind.Energy, SensorState.Ok, true), (StreamKind.Power, SensorState.Ok, false)]);
    }

    [LinuxFact]
    public void Find_apu_is_no_gpu_domain()
    {
        using CapturedTree tree = new("apu");
        SensorFinding apu = new AmdGpuProbe().Find(tree.Root).Single();
        apu.Domain.ShouldBe(new Domain("apu-0", DomainKind.Unknown, 0));
        apu.Note.ShouldContain("CPU cores included");
    }

    [Theory]
    [InlineData(new byte[] { 0x78, 0, 1, 3 }, false)]
    [InlineData(new byte[] { 0x80, 0, 2, 2 }, true)]
    [InlineData(new byte[] { 0x08, 1, 3, 0 }, true)]
    [InlineData(new byte[] { }, false)]
    [InlineData(new byte[] { 0x78, 0, 2 }, false)]
    public void IsApu_format_of_gpu_metrics_says(byte[] metrics, bool expected) => AmdGpuProbe.IsApu(metrics).ShouldBe(expected);

    [LinuxFact]
    public void Find_intel_cards_by_their_chip_and_not_integrated_graphics()
    {
        using CapturedTree tree = new("intel-gpu");
        IReadOnlyList<SensorFinding> found = new IntelGpuProbe().Find(tree.Root);
        found.Select(f => (f.Domain, f.Sensor, f.DeviceId)).ShouldBe(
            [(Domain.Gpu(0), "i915", "0000:03:00.0"), (Domain.Gpu(1), "xe", "0000:04:00.0")]);
        found[1].Note.ShouldContain("chip alone");
        using ISensor sensor = found[0].Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 77_123_456_789));
    }
}
