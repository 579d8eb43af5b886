using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Reports of rows that no trace would give.</summary>
internal static class MadeUpReports
{
    /// <summary>Rows of one device and one domain, all power measured.</summary>
    public static Report Of(string model, params OperationRow[] rows)
    {
        int steps = rows[0].Time.Steps;
        StepFigure energy = new(steps);
        foreach (OperationRow row in rows)
        {
            energy.Add(row.Energy!);
        }

        DeviceFootprint device = new()
        {
            Device = rows[0].Device, Windows = [], Quality = Quality.Measured, Window = rows[0].Time, Covered = rows[0].Covered, Busy = rows[0].Time,
            Domains = [new("package-0", energy, rows[0].Covered, Quality.Measured, $"a \"source\"\\ of {model}", null)],
            Energy = energy, Operations = energy, Idle = new(steps), OtherProcesses = new(steps), Outside = new(steps), Unattributed = new(steps),
        };
        return Of(new()
        {
            Steps = [.. Enumerable.Range(1, steps)], Devices = [device], Operations = rows, SharedModules = new HashSet<string>(), Run = null,
        }, model);
    }

    public static Report Of(Footprint footprint, string? model = null) => new()
    {
        Recording = new("here", null, null, model, null, null, null, null, null),
        Attribution = AttributionRule.Split,
        Footprint = footprint,
        Rows = footprint.Operations,
        Tree = ModuleTree.Build(footprint.Operations, footprint.SharedModules, footprint.Steps.Count),
        Warnings = [],
    };
}
