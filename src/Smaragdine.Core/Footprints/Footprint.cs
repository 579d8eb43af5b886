using Smaragdine.Alignment;
using Smaragdine.Traces;

namespace Smaragdine.Footprints;

/// <summary>Where the energy of a run's steps went: by device, operation and module.</summary>
public sealed class Footprint
{
    /// <summary>Numbers of the steps that the figures are over, ascending.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    public required IReadOnlyList<DeviceFootprint> Devices { get; init; }

    public required IReadOnlyList<OperationRow> Operations { get; init; }

    /// <summary>Paths of modules that hold weights which several others use.</summary>
    public required IReadOnlySet<string> SharedModules { get; init; }

    public required RunAccount? Run { get; init; }

    /// <summary>Nothing was traced: there are no operations, and what is the program's is all <see cref="DeviceFootprint.Outside"/>.</summary>
    public bool IsUntraced { get; init; }

    /// <summary>The windows that the figures are over, on one device.</summary>
    public IReadOnlyList<StepWindow> WindowsOf(DeviceId device) => Devices.FirstOrDefault(d => d.Device == device)?.Windows ?? [];
}
