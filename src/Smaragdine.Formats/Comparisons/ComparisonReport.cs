using Smaragdine.Comparison;

namespace Smaragdine.Formats.Comparisons;

/// <summary>Everything that a comparison shows; its writers only differ in form.</summary>
/// <param name="Comparison">The sides, module by module.</param>
/// <param name="Checks">What was held against a limit; empty where none was given.</param>
/// <param name="Warnings">Of the runs and of what they differ in.</param>
public sealed record ComparisonReport(FootprintComparison Comparison, IReadOnlyList<LimitCheck> Checks, IReadOnlyList<Warning> Warnings)
{
    public Measure Measure => Comparison.Options.Measure;

    /// <summary>Either side has several runs, so that something can be claimed.</summary>
    public bool HasReplicates => Comparison.Base.Runs.Count > 1 || Comparison.New.Runs.Count > 1;

    public IReadOnlyList<LimitCheck> Over => [.. Checks.Where(c => c.IsOver)];

    /// <summary>A module large enough to be a line: its part of the whole on either side.</summary>
    public bool IsLarge(ModuleChange change) => PartOf(change.Whole.By(Measure).Base, Comparison.Whole.Whole.By(Measure).Base) >= Comparison.Options.SmallestPart
        || PartOf(change.Whole.By(Measure).New, Comparison.Whole.Whole.By(Measure).New) >= Comparison.Options.SmallestPart;

    private static double PartOf(RunSample? part, RunSample? whole) => whole is { Mean: > 0 } all ? (part?.Mean ?? 0) / all.Mean : 0;
}
