using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The head of a text report: what ran, how many steps, which sensor says so.</summary>
internal static class TextHead
{
    /// <summary>A space at which no line is broken.</summary>
    private const char NoBreak = '\u00a0';

    /// <summary>Lines of power at most: a job may have a thousand GPUs.</summary>
    private const int MostLines = 16;

    public static void Write(Report report, TextStyle style, TextWriter output)
    {
        RecordingFacts facts = report.Recording;
        List<string> parts = [];
        string what = string.Join(' ', new[] { facts.Model?.ToUpperInvariant(), ModeName(facts.Mode) }.Where(p => p is not null));
        parts.Add(what.Length > 0 ? what : facts.Path);
        if (facts.Framework is not null)
        {
            parts.Add($"{FrameworkName(facts.Framework)}{(facts.FrameworkVersion is null ? "" : $" {facts.FrameworkVersion}")}");
        }

        parts.Add(Steps(report.Footprint));
        if (facts.CpuModel is not null)
        {
            parts.Add($"{facts.CpuModel}{(facts.LogicalCpus is { } cpus ? $", {cpus} CPU{(cpus == 1 ? "" : "s")}" : "")}");
        }

        Lines(string.Join(" · ", parts.Select(p => Printable.Fit(p, style.Width - 2).Replace(' ', NoBreak))), "", style, output);
        if (report.Attribution is Attribution.AttributionRule.Paper)
        {
            Lines("the paper's released one, for comparing with published figures only: an ended operation keeps its share until the next event", "rule   ", style, output);
        }

        List<(string Device, string Domain, string Source)> lines = [];
        foreach (DeviceFootprint device in report.Footprint.Devices)
        {
            foreach (DomainEnergy domain in device.Domains)
            {
                string coverage = device.Window.Total > 0 && domain.Covered.Total < 0.9995 * device.Window.Total
                    ? $", {Figures.Percent(domain.Covered.Total / device.Window.Total)} % of the time" : "";
                lines.Add((device.Device.ToString(), domain.Domain, $"{Label(domain)}{coverage}"));
            }

            if (device.Domains.Count == 0)
            {
                lines.Add((device.Device.ToString(), "–", "no power: time only"));
            }
        }

        foreach (DomainRun whole in report.Footprint.Run?.WholeMachine ?? [])
        {
            lines.Add(("machine", whole.Domain, WholeMachine(whole, report.Footprint)));
        }

        // A host's processors are a device of each rank's, and the same ones.
        lines = [.. lines.Select(l => l with { Domain = Printable.Fit(l.Domain, 20) }).Distinct()];
        if (lines.Count > MostLines)
        {
            lines = [.. lines.Take(MostLines - 1), ("…", $"{lines.Count - MostLines + 1} more", "as `--format json` lists them")];
        }

        int devices = lines.Select(l => l.Device.Length).DefaultIfEmpty(0).Max();
        int domains = lines.Select(l => l.Domain.Length).DefaultIfEmpty(0).Max();
        for (int i = 0; i < lines.Count; i++)
        {
            (string device, string domain, string source) = lines[i];
            string head = $"{(i == 0 ? "power" : "     ")}  {device.PadRight(devices)}  {domain.PadRight(domains)}  ";
            Lines(Printable.Fit(source, 400), head, style, output);
        }
    }

    /// <summary>Text beside a label, wrapped under its own start.</summary>
    private static void Lines(string text, string label, TextStyle style, TextWriter output)
    {
        foreach (string line in TextWrap.Lines(text, Math.Max(40, style.Width - label.Length)))
        {
            output.WriteLine(label + line.Replace(NoBreak, ' '));
            label = new(' ', label.Length);
        }
    }

    /// <summary>`10 steps of 1.97 s`, with the median length.</summary>
    private static string Steps(Footprint footprint)
    {
        List<double> lengths = [.. footprint.Steps.Select(s => JsonReport.StepWindow(footprint, s)?.Length.TotalSeconds ?? 0).Order()];
        double median = (lengths[lengths.Count / 2] + lengths[(lengths.Count - 1) / 2]) / 2;
        if (footprint is { IsUntraced: true, Steps.Count: 1 })
        {
            return $"no trace: the whole run, {Figures.Seconds(median)}";
        }

        return $"{footprint.Steps.Count} step{(footprint.Steps.Count == 1 ? "" : "s")} of {Figures.Seconds(median)}";
    }

    private static string Label(DomainEnergy domain) => domain.Quality switch
    {
        Quality.Simulated when !domain.Source.Contains("simulated", StringComparison.OrdinalIgnoreCase) => $"simulated ({domain.Source})",
        Quality.Estimated when !domain.Source.Contains("estimated", StringComparison.OrdinalIgnoreCase) => $"estimated ({domain.Source})",
        Quality.Measured => $"measured ({domain.Source})",
        _ => domain.Source,
    };

    private static string WholeMachine(DomainRun whole, Footprint footprint)
    {
        double watts = whole.Known > Duration.Zero ? (whole.Energy.Amount / whole.Known).Value : 0;
        double seen = footprint.Run!.ByDomain.Where(d => d.Known > Duration.Zero).Sum(d => (d.Energy.Amount / d.Known).Value);
        return watts > 0
            ? $"{whole.Energy.Quality.Mark()}{Figures.Short(watts)} W, the sensors above see {Figures.Percent(seen / watts)} % of it"
            : "no reading during the run";
    }

    private static string? ModeName(string? mode) => mode switch
    {
        "finetune" => "fine-tuning",
        "pretrain" => "pre-training",
        "predict" => "prediction",
        "train" => "training",
        _ => mode,
    };

    private static string FrameworkName(string framework) => framework switch
    {
        "tensorflow" => "TensorFlow",
        "torch" or "pytorch" => "PyTorch",
        "jax" => "JAX",
        "onnxruntime" => "ONNX Runtime",
        _ => framework,
    };
}
