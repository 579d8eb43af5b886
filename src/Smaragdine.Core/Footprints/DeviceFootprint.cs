using Smaragdine.Alignment;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>One domain's energy per step as it fed a device.</summary>
public sealed record DomainEnergy(string Domain, StepFigure Energy, StepFigure Covered, Quality Quality, string Source, Duration? UpdatePeriod);

/// <summary>One device's account per step; all energies null where it has no power.</summary>
public sealed class DeviceFootprint
{
    public required DeviceId Device { get; init; }

    public required IReadOnlyList<StepWindow> Windows { get; init; }

    public required IReadOnlyList<DomainEnergy> Domains { get; init; }

    /// <summary>Worst of the domains; null without any.</summary>
    public required Quality? Quality { get; init; }

    /// <summary>Length of the step's window, s.</summary>
    public required StepFigure Window { get; init; }

    /// <summary>The part of it with power, s.</summary>
    public required StepFigure Covered { get; init; }

    /// <summary>Union of the span intervals, s.</summary>
    public required StepFigure Busy { get; init; }

    public required StepFigure? Energy { get; init; }

    public required StepFigure? Operations { get; init; }

    public required StepFigure? Idle { get; init; }

    public required StepFigure? OtherProcesses { get; init; }

    public required StepFigure? Outside { get; init; }

    public required StepFigure? Unattributed { get; init; }
}
