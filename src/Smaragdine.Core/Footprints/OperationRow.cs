using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>One (device, pass, full name): what it cost per step.</summary>
public sealed class OperationRow
{
    public required DeviceId Device { get; init; }

    public required Pass Pass { get; init; }

    /// <summary>Module path; empty at the root.</summary>
    public required string Module { get; init; }

    /// <summary>The framework's full name.</summary>
    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>Calls: spans that start in the step.</summary>
    public required StepFigure Calls { get; init; }

    /// <summary>Sum of span durations, s.</summary>
    public required StepFigure Time { get; init; }

    /// <summary>The part of <see cref="Time"/> with power, s.</summary>
    public required StepFigure Covered { get; init; }

    /// <summary>J; null where the device has no power.</summary>
    public required StepFigure? Energy { get; init; }

    /// <summary>Mean joules per step by domain.</summary>
    public required IReadOnlyDictionary<string, double> ByDomain { get; init; }

    /// <summary>Of the energy; null with it.</summary>
    public required Quality? Quality { get; init; }

    /// <summary>`waits`, `copy`, `dispatch`, `collective`, `overlapped`.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Mean energy over mean covered time, W: its share per running instance, not its draw. Null where there is none.</summary>
    public double? Power => Energy is not null && Covered.Total > 0 ? Energy.Total / Covered.Total : null;
}
