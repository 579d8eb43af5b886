using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Comparison;

/// <summary>How sides are compared.</summary>
/// <param name="Measure">By energy or by time.</param>
/// <param name="Rules">What the user says of paths.</param>
/// <param name="SmallestPart">Modules below this part of both sides are not tested.</param>
/// <param name="LeastChange">Changes below this part of the module's base are not named.</param>
public sealed record ComparisonOptions(Measure Measure, IReadOnlyList<RenameRule> Rules, double SmallestPart = 0.005, double LeastChange = 0.01);

/// <summary>Two sides, module by module.</summary>
public sealed class FootprintComparison
{
    /// <summary>Of being wrong about any of the tested modules.</summary>
    public const double Level = 0.05;

    public required ComparedSide Base { get; init; }

    public required ComparedSide New { get; init; }

    public required ComparisonOptions Options { get; init; }

    /// <summary>The whole first; parents before children.</summary>
    public required IReadOnlyList<ModuleChange> Changes { get; init; }

    public ModuleChange Whole => Changes[0];

    /// <summary>Compares.</summary>
    public static FootprintComparison Of(ComparedSide before, ComparedSide after, ComparisonOptions options)
    {
        IReadOnlyList<ModulePair> pairs = ModuleMatching.Match(before.Root, after.Root, options.Rules);
        double wholeBase = Mean(before.Root.Total, options.Measure);
        double wholeNew = Mean(after.Root.Total, options.Measure);
        List<Quantities> quantities = [.. pairs.Select(p => Quantities.Of(p.Base?.Total, p.New?.Total))];
        List<Verdict> verdicts = [.. pairs.Select((p, i) => Untested(p, quantities[i].By(options.Measure), options, wholeBase, wholeNew))];
        List<int> tested = [.. Enumerable.Range(0, pairs.Count).Where(i => verdicts[i] is Verdict.NoDifference)];
        IReadOnlyList<double> adjusted = Holm.Adjust([.. tested.Select(i => quantities[i].By(options.Measure).Difference!.Value.PValue!.Value)]);
        Dictionary<int, double> pValues = [];
        foreach ((int i, double p) in tested.Zip(adjusted))
        {
            pValues.Add(i, p);
            Difference difference = quantities[i].By(options.Measure).Difference!.Value;
            if (p < Level && Math.Abs(difference.Change) >= options.LeastChange * difference.Base.Mean)
            {
                verdicts[i] = difference.Change > 0 ? Verdict.Higher : Verdict.Lower;
            }
        }

        Dictionary<SideModule, ModuleChange> bySide = [];
        List<ModuleChange> changes = [];
        foreach ((int i, ModulePair pair) in pairs.Index())
        {
            ModuleChange change = new()
            {
                Modules = pair,
                Parent = (pair.New ?? pair.Base)!.Parent is { } parent ? bySide[parent] : null,
                Whole = quantities[i],
                ByPass = Passes.All
                    .Where(p => pair.Base?.ByPass.ContainsKey(p) is true || pair.New?.ByPass.ContainsKey(p) is true)
                    .ToDictionary(p => p, p => Quantities.Of(OfPass(pair.Base, p), OfPass(pair.New, p))),
                Verdict = verdicts[i],
                AdjustedP = pValues.TryGetValue(i, out double adjustedP) ? adjustedP : null,
                Factors = pair is { Base: { } b, New: { } n } ? Factors.Of(b.Total, n.Total, options.Measure is Measure.Energy) : null,
                Quality = pair.Base?.Quality is { } left && pair.New?.Quality is { } right ? Qualities.Worst(left, right) : pair.Base?.Quality ?? pair.New?.Quality,
            };
            changes.Add(change);
            foreach (SideModule module in new[] { pair.Base, pair.New }.OfType<SideModule>())
            {
                bySide.Add(module, change);
            }
        }

        return new() { Base = before, New = after, Options = options, Changes = changes };
    }

    /// <summary>What is known before any test; <see cref="Verdict.NoDifference"/> of what is to be tested.</summary>
    private static Verdict Untested(ModulePair pair, Quantity quantity, ComparisonOptions options, double wholeBase, double wholeNew)
    {
        if (pair.Base is null || pair.New is null)
        {
            return pair.Base is null ? Verdict.Added : Verdict.Removed;
        }

        if (quantity.Difference is not { HasReplicates: true } difference
            || (options.Measure is Measure.Energy && pair.Base.Quality != pair.New.Quality))
        {
            return Verdict.NotTested;
        }

        // Chosen by size alone, whatever the difference: else the correction for many tests would be too small.
        return difference.Base.Mean < options.SmallestPart * wholeBase && difference.New.Mean < options.SmallestPart * wholeNew
            ? Verdict.TooSmall
            : Verdict.NoDifference;
    }

    /// <summary>A pass that only one side has ran in the other for no time.</summary>
    private static IReadOnlyList<Cost>? OfPass(SideModule? module, Pass pass) => module is null
        ? null
        : module.ByPass.TryGetValue(pass, out IReadOnlyList<Cost>? runs) ? runs : [.. module.Total.Select(t => new Cost(0, 0, 0, t.Joules is null ? null : 0))];

    private static double Mean(IReadOnlyList<Cost> runs, Measure measure) => runs.Average(c => measure is Measure.Energy ? c.Joules ?? 0 : c.Seconds);
}
