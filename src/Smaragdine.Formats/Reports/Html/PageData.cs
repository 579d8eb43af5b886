using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Pictures;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Reports.Html;

/// <summary>What the HTML report shows: the report, and what pictures need beyond it.</summary>
public sealed record PageData
{
    /// <summary>Its tree not folded.</summary>
    public required Report Report { get; init; }

    /// <summary>The same tree with siblings of equal structure merged.</summary>
    public required ModuleNode Folded { get; init; }

    /// <summary>A report to compare with.</summary>
    public Report? Base { get; init; }

    public required IReadOnlyList<DataFlowEdge> Edges { get; init; }

    /// <summary>By row: s after the step's start.</summary>
    public required IReadOnlyList<double?> FirstStarts { get; init; }

    public required IReadOnlyList<PowerProfile> Profiles { get; init; }

    /// <summary>The first is the most typical step.</summary>
    public required IReadOnlyList<StepTimeline> Timelines { get; init; }

    /// <summary>Steps whose spans found no room in the page.</summary>
    public required IReadOnlyList<int> StepsLeftOut { get; init; }

    /// <summary>Spans that a page of one file may hold: about 3 MB of it.</summary>
    public const int SpansInAFile = 200_000;

    /// <summary>Makes the pictures of a report.</summary>
    /// <param name="report">Its tree not folded.</param>
    /// <param name="trace">What it was made from.</param>
    /// <param name="power">What it was made from.</param>
    /// <param name="spans">Spans that the timelines may have in all.</param>
    public static PageData Of(Report report, Trace trace, IReadOnlyDictionary<DeviceId, DevicePower> power, int spans = SpansInAFile)
    {
        RowIndex index = new(report.Rows);
        return new()
        {
            Report = report,
            Folded = Folding.Fold(report.Tree, report.Footprint.Steps.Count),
            Edges = DataFlow.Of(trace, report.Rows, index),
            FirstStarts = Footprints.Pictures.FirstStarts.Of(trace, report.Footprint, report.Rows.Count, index),
            Profiles = [.. trace.Devices.Select(d => PowerProfile.Of(d, power.GetValueOrDefault(d.Id, DevicePower.None), report.Footprint, index)).OfType<PowerProfile>()],
            Timelines = StepTimeline.Of(trace, power, report.Footprint, index, spans, out IReadOnlyList<int> leftOut),
            StepsLeftOut = leftOut,
        };
    }
}
