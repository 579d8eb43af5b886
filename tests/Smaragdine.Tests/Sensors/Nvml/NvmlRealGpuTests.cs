using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

/// <summary>A test that needs an NVIDIA GPU and its driver; skipped, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NvidiaGpuFactAttribute : FactAttribute
{
    public NvidiaGpuFactAttribute() => Skip = Missing.Value;

    private static readonly Lazy<string?> Missing = new(() =>
    {
        using NvmlLibrary? library = NvmlLibrary.TryOpen(null, out NvmlProblem? problem);
        return library is null ? $"needs an NVIDIA GPU: {problem!.Text}"
            : library.Gpus(out _).Any(g => g.Access == NvmlReturn.Success) ? null
            : "needs an NVIDIA GPU that may be opened";
    });
}

/// <summary>What no stand-in can tell: that the driver's own library understands us.</summary>
public class NvmlRealGpuTests
{
    [NvidiaGpuFact]
    public void Gpus_of_the_driver_are_described()
    {
        using NvmlLibrary library = NvmlLibrary.TryOpen(null, out _).ShouldNotBeNull();
        library.DriverVersion.ShouldNotBeEmpty();
        foreach (NvmlGpu gpu in library.Gpus(out _).Where(g => g.Access == NvmlReturn.Success))
        {
            gpu.Name.ShouldNotBeEmpty();
            gpu.Uuid.ShouldStartWith("GPU-");
            gpu.PciAddress.ShouldMatch("^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.0$");
            gpu.PciDeviceId.ShouldNotBe((ushort)0);
            library.Open(gpu, out nint device).ShouldBe(NvmlReturn.Success);
            device.ShouldNotBe(0);
        }
    }

    [NvidiaGpuFact]
    public void Every_finding_that_is_ok_can_be_opened_and_read()
    {
        IReadOnlyList<SensorFinding> usable = [.. new NvmlProbe().Find(SystemRoot.Real).Where(f => f.State == SensorState.Ok)];
        usable.ShouldNotBeEmpty();
        foreach (SensorFinding finding in usable.Where(f => f.Sensor != "nvml samples"))
        {
            using ISensor sensor = finding.Open.ShouldNotBeNull()();
            long[] first = new long[sensor.Streams.Count];
            long[] second = new long[sensor.Streams.Count];
            ReadStatus[] statuses = new ReadStatus[sensor.Streams.Count];
            sensor.Read(first, statuses);
            statuses[0].ShouldBe(ReadStatus.Value, finding.Sensor);
            sensor.Read(second, statuses);
            if (finding.Kind is StreamKind.Energy)
            {
                second[0].ShouldBeGreaterThanOrEqualTo(first[0]);
            }
            else
            {
                first[0].ShouldBeInRange(1_000, 5_000_000_000L, finding.Sensor);
            }
        }
    }
}
