using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Formats.Reports;

/// <summary>A run without a trace: energy and mean power by domain, in place of the tree of operations.</summary>
internal static class TextDomains
{
    public static void Write(Report report, TextStyle style, TextWriter output)
    {
        if (report.Footprint.Run is not { } run)
        {
            return;
        }

        List<TextRow> rows = [];
        foreach (IGrouping<Quality, DomainRun> quality in run.ByDomain.GroupBy(d => d.Energy.Quality).OrderBy(q => q.Key))
        {
            double sum = quality.Sum(d => d.Energy.Amount.Value);
            rows.AddRange(quality.Select(d => Row(d, sum)));
            if (quality.Count() > 1)
            {
                rows.Add(new($"sum, {quality.Key.Name()}", [$"{quality.Key.Mark()}{Figures.Joules(sum)}", "", ""]));
            }
        }

        rows.AddRange(run.WholeMachine.Select(d => Row(d, 0)));
        TextTable.Write(output, "domain", ["energy", "mean power", "known for"], rows, style);
    }

    private static TextRow Row(DomainRun domain, double sum)
    {
        string watts = domain.Known > Duration.Zero ? $"{domain.Energy.Quality.Mark()}{Figures.Short((domain.Energy.Amount / domain.Known).Value)} W" : "–";
        return new(
            Printable.Text(domain.Domain),
            [$"{domain.Energy.Quality.Mark()}{Figures.Joules(domain.Energy.Amount.Value)}", watts, Figures.Seconds(domain.Known.TotalSeconds)],
            sum > 0 ? domain.Energy.Amount.Value / sum : null);
    }
}
