namespace Smaragdine.Cli.Reporting;

/// <summary>Gathers what the readers of several runs say, each kind once.</summary>
internal sealed class RunWarnings
{
    private readonly List<(string Path, Warning Warning)> all = [];

    public void Add(string path, Warning warning) => all.Add((path, warning));

    /// <summary>The first of each kind, with how many runs have it.</summary>
    public IEnumerable<Warning> Summed() => all
        .GroupBy(w => w.Warning.Code, StringComparer.Ordinal)
        .Select(g => (First: g.First(), Runs: g.Select(w => w.Path).Distinct(StringComparer.Ordinal).Count(), Incomplete: g.Any(w => w.Warning.Incomplete)))
        .Select(g => g.First.Warning with
        {
            Text = $"{g.First.Path}: {g.First.Warning.Text}{(g.Runs > 1 ? $" (so, or nearly, in {g.Runs} runs)" : "")}",
            Incomplete = g.Incomplete,
        });
}
