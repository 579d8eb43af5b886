using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>The figures that text reports show of a node: energy where there is any, else time.</summary>
internal sealed class TextColumns
{
    private readonly ModuleNode whole;
    private readonly FigureUnit unit;
    private readonly FigureUnit timeUnit;
    private readonly IReadOnlyList<Pass> passes;
    private readonly PerUnit? per;
    private readonly FigureUnit perUnit;
    private readonly bool byPass;
    private readonly bool withPower;

    /// <summary>A pass below this share of the whole has no column of its own.</summary>
    private const double SmallestPass = 0.0005;

    /// <summary>Columns for the parts of <paramref name="whole"/>.</summary>
    /// <param name="whole">What is 100 %.</param>
    /// <param name="per">Energies per token or sample as well.</param>
    /// <param name="byPass">Show passes as columns.</param>
    public TextColumns(ModuleNode whole, PerUnit? per, bool byPass)
    {
        this.whole = whole;
        this.byPass = byPass;
        HasEnergy = whole.Energy is not null;
        per = HasEnergy ? per : null;
        this.per = per;
        unit = HasEnergy ? FigureUnit.For("J", whole.Energy!.Mean) : FigureUnit.For("s", whole.Time.Mean);
        timeUnit = FigureUnit.For("s", whole.Time.Mean);
        perUnit = per is null ? default : FigureUnit.For("J", whole.Energy!.Mean / per.PerStep);
        passes = byPass ? [.. Passes.All.Where(p => ShareOf(p) >= SmallestPass)] : [];
        withPower = HasEnergy && whole.Quality is not Quality.Estimated;
    }

    public bool HasEnergy { get; }

    public string Title => HasEnergy ? "energy per step" : "time per step";

    public IReadOnlyList<string> Headings
    {
        get
        {
            List<string> headings = [unit.Symbol];
            if (whole.Time.Steps > 1)
            {
                headings.Add("± step");
            }

            headings.Add("%");
            if (per is not null)
            {
                headings.Add($"{perUnit.Symbol}/{per.Unit}");
            }

            if (HasEnergy)
            {
                headings.Add($"time {timeUnit.Symbol}");
            }

            if (withPower)
            {
                headings.Add("W");
            }

            if (!byPass)
            {
                headings.Add("calls");
            }

            headings.AddRange(passes.Select(p => p.Name()));
            return headings;
        }
    }

    public double ValueOf(ModuleNode node) => (HasEnergy ? node.Energy?.Mean : node.Time.Mean) ?? 0;

    public double ShareOf(ModuleNode node) => ValueOf(whole) > 0 ? ValueOf(node) / ValueOf(whole) : 0;

    private double ShareOf(Pass pass)
    {
        StepFigure? part = whole.ByPass.TryGetValue(pass, out PassFigures? figures) ? (HasEnergy ? figures.Energy : figures.Time) : null;
        return part is not null && ValueOf(whole) > 0 ? part.Mean / ValueOf(whole) : 0;
    }

    /// <summary>A value of this report's kind with its mark, for notes.</summary>
    public string Marked(double value) => $"{Mark}{Number(value)}";

    public string Number(double value) => Figures.Short(value * unit.Factor);

    private string Mark => HasEnergy ? whole.Quality?.Mark() ?? "" : "";

    public IReadOnlyList<string> Cells(ModuleNode node)
    {
        StepFigure? figure = HasEnergy ? node.Energy : node.Time;
        List<string> cells = [figure is null ? "–" : Mark + Number(figure.Mean)];
        if (whole.Time.Steps > 1)
        {
            cells.Add(figure?.StandardDeviation is { } sd ? Number(sd) : "–");
        }

        cells.Add(figure is null ? "–" : Figures.Percent(ShareOf(node)));
        if (per is not null)
        {
            cells.Add(figure is null ? "–" : Mark + Figures.Short(figure.Mean / per.PerStep * perUnit.Factor));
        }

        if (HasEnergy)
        {
            cells.Add(Figures.Short(node.Time.Mean * timeUnit.Factor));
        }

        if (withPower)
        {
            cells.Add(node.Power is { } watts ? Mark + Figures.Short(watts) : "–");
        }

        if (!byPass)
        {
            cells.Add(Calls(node.Calls.Mean));
        }

        foreach (Pass pass in passes)
        {
            StepFigure? part = node.ByPass.TryGetValue(pass, out PassFigures? figures) ? (HasEnergy ? figures.Energy : figures.Time) : null;
            cells.Add(part is null ? "–" : Mark + Number(part.Mean));
        }

        return cells;
    }

    private static string Calls(double calls) =>
        calls.ToString(Math.Abs(calls - Math.Round(calls)) < 1e-9 ? "#,0" : "#,0.0", System.Globalization.CultureInfo.InvariantCulture);
}
