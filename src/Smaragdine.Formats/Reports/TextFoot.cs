using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The foot of a text report: where a joule went, the whole run, notes and warnings.</summary>
internal static class TextFoot
{
    private const string Indent = "                 ";

    public static void Write(Report report, TextStyle style, TextWriter output)
    {
        List<DeviceFootprint> powered = [.. report.Footprint.Devices.Where(d => d.Energy is not null)];
        foreach (DeviceFootprint device in powered)
        {
            string name = powered.Count > 1 ? $"{device.Device}  " : "";
            Line(output, "where it went", name + WhereItWent(device, report.Footprint), style);
        }

        Line(output, "the run", Run(report), style);
        foreach (Warning warning in report.Warnings)
        {
            bool note = warning.Code is "estimated" or "simulated" or "no-power";
            Line(output, note ? "note" : "warning", Printable.Fit(warning.Text, 2000), style, warn: !note);
        }
    }

    /// <summary>The sum: every joule of the window is in exactly one of these.</summary>
    private static string WhereItWent(DeviceFootprint device, Footprint footprint)
    {
        double total = device.Energy!.Mean;
        // Without a trace all of the program is outside of operations: it goes by its own name then.
        (string Name, StepFigure? Figure)[] rows =
        [
            (footprint.IsUntraced ? "" : "operations", device.Operations), (footprint.IsUntraced ? "program" : "outside", device.Outside), ("other processes", device.OtherProcesses),
            ("idle", device.Idle), ("unattributed", device.Unattributed),
        ];
        IEnumerable<string> parts = rows
            .Where(r => r.Figure is not null && (r.Figure.Total > 0 || r.Name is "operations"))
            .Select(r => $"{r.Name} {(total > 0 ? Figures.Percent(r.Figure!.Mean / total) : "0")} %");
        string each = footprint is { IsUntraced: true, Steps.Count: 1 } ? "" : " a step";
        string uncovered = device.Covered.Total < 0.9995 * device.Window.Total
            ? $" · uncovered {Figures.Seconds(device.Window.Mean - device.Covered.Mean)}{each}"
            : "";
        return $"{string.Join(" · ", parts)} · sum {device.Quality!.Value.Mark()}{Figures.Joules(total)}{each}{uncovered}";
    }

    private static string Run(Report report)
    {
        if (report.Footprint.Run is not { } run)
        {
            return "";
        }

        string time = Figures.Seconds(run.Extent.Length.TotalSeconds);
        List<string> parts = [];
        foreach (IGrouping<Quality, DomainRun> quality in run.ByDomain.Where(d => d.Covered > Duration.Zero).GroupBy(d => d.Energy.Quality).OrderBy(q => q.Key))
        {
            parts.Add($"{quality.Key.Mark()}{Figures.Joules(quality.Sum(d => d.Energy.Amount.Value))}{(quality.Key is Quality.Measured ? "" : $" {quality.Key.Name()}")}");
        }

        string energy = parts.Count > 0 ? $"{string.Join(" + ", parts)} in {time}" : time;
        Duration most = run.ByDomain.Select(d => d.Covered).DefaultIfEmpty(Duration.Zero).Max();
        string covered = parts.Count > 0 && most / run.Extent.Length < 0.99 ? $", power known for {Figures.Seconds(most.TotalSeconds)}" : "";
        Duration gaps = run.ByDomain.Select(d => d.GapTime).DefaultIfEmpty(Duration.Zero).Max();
        string inGaps = gaps > Duration.Zero
            ? $", {Figures.Joules(run.ByDomain.Sum(d => d.InGaps.Value))} of it in gaps of {Figures.Seconds(gaps.TotalSeconds)} that no device has"
            : "";
        string overhead = run.Overhead is { } added
            ? $"; tracing made a step {Figures.Percent(added.Time)} % longer{(added.Energy is { } joules ? $" and {Figures.Percent(joules)} % dearer" : "")}"
            : "";
        string traced = report.Footprint.IsUntraced ? "nothing was traced" : $"{Figures.Percent(run.TracedShare)} % of its time is in traced steps";
        return $"{energy}{covered}{inGaps}; {traced}{overhead}";
    }

    private static void Line(TextWriter output, string label, string text, TextStyle style, bool warn = false)
    {
        if (text.Length == 0)
        {
            return;
        }

        bool first = true;
        foreach (string line in TextWrap.Lines(text, Math.Max(40, style.Width - Indent.Length)))
        {
            string head = $"  {(first ? label : "").PadRight(Indent.Length - 2)}";
            output.WriteLine(warn && first ? $"  {style.Yellow(label)}{head[(2 + label.Length)..]}{line}" : $"{(first ? style.Dim(head) : head)}{line}");
            first = false;
        }
    }
}
