using Smaragdine.Sensors.Nvml;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Context;

/// <summary>What surrounds the power: clocks, temperatures, throttling. No joule depends on it, and what a machine does not have is not missed.</summary>
public static class ContextSensors
{
    /// <summary>Temperatures and clocks of a second are enough to tell one run from another.</summary>
    public static readonly Duration Period = Duration.FromSeconds(1);

    /// <summary>Those of the processors, and of the NVIDIA GPUs that are read. Never throws.</summary>
    /// <param name="root">Where /sys is, and the driver's library.</param>
    /// <param name="read">The power sensors that are read.</param>
    public static IReadOnlyList<ISensor> Open(SystemRoot root, IReadOnlyList<SensorFinding> read) =>
        [.. ((ISensor?[])[ProcessorContextSensor.TryOpen(root), NvmlContextSensor.TryOpen(root, read)]).OfType<ISensor>()];
}
