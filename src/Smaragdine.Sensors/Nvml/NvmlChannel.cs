using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Nvml;

/// <summary>The ways in which NVML tells energy or power.</summary>
public enum NvmlQuantity
{
    /// <summary>`NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION` or nvmlDeviceGetTotalEnergyConsumption: mJ since the driver was loaded; Volta and later.</summary>
    Counter,

    /// <summary>`NVML_FI_DEV_POWER_INSTANT`, mW; all architectures.</summary>
    Instant,

    /// <summary>`NVML_FI_DEV_POWER_AVERAGE`, mW over 1 s; Ampere other than GA100, and later.</summary>
    Average,

    /// <summary>nvmlDeviceGetPowerUsage, mW: as <see cref="Average"/> where there is one, else as <see cref="Instant"/>.</summary>
    Power,

    /// <summary>nvmlDeviceGetSamples of the total power, mW, each with the driver's own time.</summary>
    Samples,
}

/// <summary>One way to read one GPU, as a probe found it to work.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Quantity">What is read.</param>
/// <param name="Scope">Of a field: 0 the GPU, 1 the module (processor and GPU of a Grace).</param>
/// <param name="ByField">Whether nvmlDeviceGetFieldValues is used, which reads several at once, or a function of its own.</param>
public sealed record NvmlChannel(NvmlGpu Gpu, NvmlQuantity Quantity, uint Scope, bool ByField)
{
    internal const uint ModuleScope = 1;

    /// <summary>The field's number in nvml.h.</summary>
    internal uint Field => Quantity switch
    {
        NvmlQuantity.Counter => 83,
        NvmlQuantity.Average => 185,
        NvmlQuantity.Instant => 186,
        _ => throw new InvalidOperationException($"{Quantity} is no field"),
    };

    /// <summary>`gpu-N`; a module's power covers the processor as well and belongs to no device by itself.</summary>
    public Domain Domain => Scope == ModuleScope ? Domain.Parse($"module-{Gpu.Index}") : Domain.Gpu(Gpu.Index);

    /// <summary>`nvml counter`, `nvml instant`, …</summary>
    public string Sensor => SensorName(Quantity);

    public StreamKind Kind => Quantity is NvmlQuantity.Counter ? StreamKind.Energy : StreamKind.Power;

    /// <summary>
    /// How often there is a new value, as measured: 100 ms on Ampere and Ada, 20 ms on V100 (raw data of Yang, Adamek and Armour, arXiv 2312.02741); H100 as they report;
    /// the counter about every 100 ms (Zeus). Null where nobody has published it.
    /// </summary>
    public Duration? UpdatePeriod => Quantity is NvmlQuantity.Counter or NvmlQuantity.Average
        ? Duration.FromMilliseconds(100)
        : Gpu.Architecture switch
        {
            NvmlArchitecture.Ampere or NvmlArchitecture.Ada or NvmlArchitecture.Hopper => Duration.FromMilliseconds(100),
            NvmlArchitecture.Volta => Duration.FromMilliseconds(20),
            _ => null,
        };

    /// <summary>
    /// Over what a power value is averaged: 1 s where nvml.h says so; "instantaneous" is 25 ms in every 100 on GA100 and Hopper (arXiv 2312.02741),
    /// 100 ms on other Ampere (its raw data). Null where not known.
    /// </summary>
    public Duration? Window
    {
        get
        {
            if (Quantity is NvmlQuantity.Counter or NvmlQuantity.Samples)
            {
                return null;
            }

            if (Quantity is NvmlQuantity.Average || (Quantity is NvmlQuantity.Power && Gpu.PowerUsageIsAverage is not false))
            {
                return Quantity is NvmlQuantity.Power && Gpu.PowerUsageIsAverage is null ? null : Duration.FromSeconds(1);
            }

            return Gpu.IsGa100 || Gpu.Architecture is NvmlArchitecture.Hopper ? Duration.FromMilliseconds(25)
                : Gpu.Architecture is NvmlArchitecture.Ampere ? Duration.FromMilliseconds(100)
                : null;
        }
    }

    /// <summary>The stream of its values, µJ or µW.</summary>
    internal RecordedStream Stream => new(Domain.Name, Kind, Sensor, Quality.Measured, Duration.Zero)
    {
        UpdatePeriod = UpdatePeriod,
        Window = Window,
        DeviceId = Gpu.DeviceId,
    };

    internal static string SensorName(NvmlQuantity quantity) => quantity switch
    {
        NvmlQuantity.Counter => "nvml counter",
        NvmlQuantity.Instant => "nvml instant",
        NvmlQuantity.Average => "nvml average",
        NvmlQuantity.Power => "nvml power",
        NvmlQuantity.Samples => "nvml samples",
        _ => throw new ArgumentOutOfRangeException(nameof(quantity)),
    };
}
