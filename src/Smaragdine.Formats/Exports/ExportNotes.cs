using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports;

/// <summary>What a reader of an export must know and its figures cannot say: what they are totals of, and what they stand on.</summary>
public static class ExportNotes
{
    /// <summary>What was recorded, in a few words.</summary>
    public static string Title(Report report) =>
        Printable.Fit(string.Join(' ', new[] { report.Recording.Model, report.Recording.Mode }.Where(p => p is not null)) is { Length: > 0 } what ? what : report.Recording.Path, 200);

    /// <summary>`steps 1..10`.</summary>
    public static string Steps(Report report) =>
        $"{(report.Footprint.Steps.Count == 1 ? "step" : "steps")} {FootprintBuilder.Ranges(report.Footprint.Steps)}";

    /// <summary>One line each.</summary>
    public static IEnumerable<string> Of(Report report)
    {
        yield return $"{Title(report)}, {Steps(report)}{(report.Footprint.Steps.Count > 1 ? ": totals, not means per step" : "")}";
        HashSet<DeviceId> kept = [.. report.Rows.Select(r => r.Device)];
        foreach (DeviceFootprint device in report.Footprint.Devices.Where(d => kept.Contains(d.Device)))
        {
            yield return device.Energy is null || device.Operations is null
                ? $"{device.Device.Label}: no power: counted in time, not in energy"
                : $"{device.Device.Label}: {device.Quality?.Name()}; its operations took {Figures.Joules(device.Operations.Total)} of {Figures.Joules(device.Energy.Total)}";
        }

        if (Mixed(report) is { } mixed)
        {
            yield return mixed;
        }
    }

    /// <summary>Said of formats that add all up; null where all energies are of one quality.</summary>
    public static string? Mixed(Report report)
    {
        List<Quality> qualities = [.. report.Rows.Where(r => r.Energy is not null).Select(r => r.Quality!.Value).Distinct().Order()];
        return qualities.Count > 1
            ? $"energies of different quality ({string.Join(", ", qualities.Select(q => q.Name()))}) stand beside each other: their sum is neither. `--device` picks one."
            : null;
    }
}
