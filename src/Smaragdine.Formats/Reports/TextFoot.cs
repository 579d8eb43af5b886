using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The foot of a text report: where a joule went, the whole run, notes and warnings.</summary>
internal static class TextFoot
{
    /// <summary>Of a job more devices than these are summed by host and kind.</summary>
    private const int MostDevices = 4;

    private const string Indent = "                 ";

    public static void Write(Report report, TextStyle style, TextWriter output)
    {
        List<DeviceFootprint> powered = [.. report.Footprint.Devices.Where(d => d.Energy is not null)];
        List<(string Name, List<DeviceFootprint> Devices)> lines = [.. powered.Select(d => (d.Device.Label, new List<DeviceFootprint> { d }))];
        if (lines.Count > MostDevices && powered.Exists(d => d.Device.Host is not null))
        {
            lines = [.. powered
                .GroupBy(d => (d.Device.Host, d.Device.Kind, Owned: d.Device.Rank is not null))
                .Select(g => (g.Count() == 1 ? g.Single().Device.Label : Together([.. g.Select(d => d.Device)]), g.ToList()))];
        }

        foreach ((string name, List<DeviceFootprint> devices) in lines)
        {
            Line(output, "where it went", (lines.Count > 1 || devices.Count > 1 ? $"{name}  " : "") + WhereItWent(devices, report.Footprint), style);
        }

        Line(output, "the run", Run(report), style);
        foreach (Warning warning in report.Warnings)
        {
            bool note = warning.Code is "estimated" or "simulated" or "no-power";
            Line(output, note ? "note" : "warning", Printable.Fit(warning.Text, 2000), style, warn: !note);
        }
    }

    /// <summary>The sum: every joule of the window is in exactly one of these.</summary>
    private static string WhereItWent(IReadOnlyList<DeviceFootprint> devices, Footprint footprint)
    {
        double total = devices.Sum(d => d.Energy!.Mean);
        // Without a trace all of the program is outside of operations: it goes by its own name then.
        (string Name, double Mean)[] rows =
        [
            (footprint.IsUntraced ? "" : "operations", Sum(d => d.Operations)), (footprint.IsUntraced ? "program" : "outside", Sum(d => d.Outside)),
            ("other processes", Sum(d => d.OtherProcesses)), ("idle", Sum(d => d.Idle)), ("unattributed", Sum(d => d.Unattributed)),
        ];
        IEnumerable<string> parts = rows
            .Where(r => r.Mean > 0 || r.Name is "operations")
            .Select(r => $"{r.Name} {(total > 0 ? Figures.Percent(r.Mean / total) : "0")} %");
        string each = footprint is { IsUntraced: true, Steps.Count: 1 } ? "" : " a step";
        DeviceFootprint least = devices.MaxBy(d => d.Window.Total - d.Covered.Total)!;
        string uncovered = least.Covered.Total < 0.9995 * least.Window.Total
            ? $" · uncovered {Figures.Seconds(least.Window.Mean - least.Covered.Mean)}{each}"
            : "";
        return $"{string.Join(" · ", parts)} · sum {devices.Max(d => d.Quality!.Value).Mark()}{Figures.Joules(total)}{each}{uncovered}";

        double Sum(Func<DeviceFootprint, StepFigure?> row) => devices.Sum(d => row(d)?.Mean ?? 0);
    }

    /// <summary>`node1/CPU:0, 8 ranks`; `node1, 8 GPUs`.</summary>
    private static string Together(List<DeviceId> devices) => devices[0].Kind is DeviceKind.Cpu
        ? $"{devices[0]}, {devices.Count} ranks"
        : $"{(devices[0].Host is { } host ? $"{host}, " : "")}{devices.Count} GPUs{(devices[0].Rank is null && devices[0].Host is not null ? " of no rank" : "")}";

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
