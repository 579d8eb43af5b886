namespace Smaragdine.Comparison;

/// <summary>How much more than the base a module may take: 0.05 is five per cent.</summary>
/// <param name="Module">Its path on either side; null for every module large enough to be tested.</param>
/// <param name="Share">Of the base.</param>
public sealed record Limit(string? Module, double Share);

/// <summary>A module held against a limit.</summary>
/// <param name="AdjustedP">One-sided, of being at the limit; Holm over all that are held against one.</param>
public sealed record LimitCheck(Limit Limit, ModuleChange Change, double AdjustedP)
{
    /// <summary>The lower end of the 95 % interval, drawn out for the number of checks, lies above the limit.</summary>
    public bool IsOver => AdjustedP < (1 - Difference.Confidence) / 2;
}

/// <summary>Holds a comparison against limits.</summary>
public static class Limits
{
    /// <summary>All checks: a limit for every module leaves out those that have one of their own. Modules that one side lacks, or without replicates, cannot be checked.</summary>
    public static IReadOnlyList<LimitCheck> Check(FootprintComparison comparison, IReadOnlyList<Limit> limits)
    {
        List<(Limit Limit, ModuleChange Change, double P)> checks = [];
        foreach (Limit limit in limits.OrderBy(l => l.Module is null))
        {
            IEnumerable<ModuleChange> held = limit.Module is { } path
                ? Find(comparison, path) is { } one ? [one] : []
                : comparison.Changes.Where(c => c.Verdict is Verdict.NoDifference or Verdict.Higher or Verdict.Lower);
            foreach (ModuleChange change in held.Where(h => !checks.Exists(c => c.Change == h)).ToList())
            {
                if (change.Whole.By(comparison.Options.Measure).Difference?.OneSided(1 + limit.Share) is { } p)
                {
                    checks.Add((limit, change, p));
                }
            }
        }

        IReadOnlyList<double> adjusted = Holm.Adjust([.. checks.Select(c => c.P)]);
        return [.. checks.Select((c, i) => new LimitCheck(c.Limit, c.Change, adjusted[i]))];
    }

    /// <summary>The module of a path, on the new side or on the base's; null where there is none.</summary>
    public static ModuleChange? Find(FootprintComparison comparison, string path) =>
        comparison.Changes.FirstOrDefault(c => c.Modules.New?.Path == path) ?? comparison.Changes.FirstOrDefault(c => c.Modules.Base?.Path == path);
}
