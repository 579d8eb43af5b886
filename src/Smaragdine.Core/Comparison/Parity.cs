using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>Whether two sides are alike in all but what is compared.</summary>
public static class Parity
{
    private static readonly (string Name, Func<RunFacts, string> Value)[] Facts =
    [
        ("framework", f => f.Framework ?? ""),
        ("model", f => f.Model ?? ""),
        ("mode", f => f.Mode ?? ""),
        ("batch", f => Text(f.Batch)),
        ("sequence", f => Text(f.Sequence)),
        ("host", f => f.Host ?? ""),
        ("processor", f => f.Processor ?? ""),
        ("logical CPUs", f => Text(f.LogicalCpus)),
        ("devices", f => string.Join(", ", f.Devices.Select(d => d.Device).Distinct(StringComparer.Ordinal))),
        ("sensors", f => string.Join(", ", f.Devices.SelectMany(d => d.Domains).Distinct(StringComparer.Ordinal))),
        ("quality", f => string.Join(", ", f.Devices.Select(d => $"{d.Device} {d.Quality?.Name() ?? "without power"}").Distinct(StringComparer.Ordinal))),
        ("attribution", f => f.Attribution),
        ("steps", f => Text(f.Steps)),
    ];

    /// <summary>A warning for each condition in which runs differ, and one for a run that is on both sides. What is not known differs from nothing.</summary>
    public static IEnumerable<Warning> Of(ComparedSide before, ComparedSide after)
    {
        foreach ((string name, Func<RunFacts, string> value) in Facts)
        {
            List<string> olds = Values(before, value);
            List<string> news = Values(after, value);
            if (olds.Union(news, StringComparer.Ordinal).Count() > 1 && olds.Count > 0 && news.Count > 0)
            {
                yield return new("parity", $"{name}: {string.Join(" and ", olds)} in the base, {string.Join(" and ", news)} in the new; what differs may be that.");
            }
        }

        if (before.Runs.Any(b => after.Runs.Any(n => IsSame(b.Facts, n.Facts))))
        {
            yield return new("same-run", "a run is on both sides: it differs from itself in nothing, and the others are no independent repetitions.");
        }
    }

    /// <summary>The same run, which is no repetition of itself.</summary>
    public static bool IsSame(RunFacts left, RunFacts right) => left.Started is { } started && started == right.Started && left.Host == right.Host;

    private static List<string> Values(ComparedSide side, Func<RunFacts, string> value) =>
        [.. side.Runs.Select(r => value(r.Facts)).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)];

    private static string Text(int? number) => number?.ToString() ?? "";
}
