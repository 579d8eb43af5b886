using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Tests.Core.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Comparison;

public sealed class FootprintComparisonTests
{
    [Fact]
    public void A_clear_change_is_named_and_what_stayed_is_not()
    {
        FootprintComparison comparison = Sides.Compare(Sides.Runs(10, 10.1, 9.9, 10.05), Sides.Runs(12, 12.1, 11.9, 12.05));
        comparison.Of("a").Verdict.ShouldBe(Verdict.Higher);
        comparison.Of("a").Whole.Energy.Difference!.Value.Ratio!.Value.ShouldBe(1.2, 0.001);
        comparison.Of("rest").Verdict.ShouldBe(Verdict.NoDifference);
    }

    [Fact]
    public void A_change_within_what_runs_differ_by_is_none() =>
        Sides.Compare(Sides.Runs(8, 12, 10), Sides.Runs(9, 13, 11)).Of("a").Verdict.ShouldBe(Verdict.NoDifference);

    [Fact]
    public void A_change_that_is_sure_but_too_small_is_not_named() =>
        Sides.Compare(Sides.Runs(10, 10, 10), Sides.Runs(10.05, 10.05, 10.05)).Of("a").Verdict.ShouldBe(Verdict.NoDifference);

    [Fact]
    public void One_run_a_side_claims_nothing()
    {
        FootprintComparison comparison = Sides.Compare(Sides.Runs(10), Sides.Runs(20));
        comparison.Of("a").Verdict.ShouldBe(Verdict.NotTested);
        comparison.Of("a").Change(Measure.Energy).ShouldBe(10);
    }

    [Fact]
    public void A_module_of_a_thousandth_of_the_whole_is_not_tested() =>
        Sides.Compare(Sides.Runs(0.1, 0.1), Sides.Runs(0.2, 0.2)).Of("a").Verdict.ShouldBe(Verdict.TooSmall);

    [Fact]
    public void Figures_of_different_quality_are_not_held_against_each_other()
    {
        RunFootprint run = Sides.Run(("a", "MatMul", 1));
        RunFootprint estimated = run with { Modules = [.. run.Modules.Select(m => m with { Quality = Quality.Estimated })] };
        Sides.Compare(ComparedSide.Of([run, run]), ComparedSide.Of([estimated, estimated])).Of("a").Verdict.ShouldBe(Verdict.NotTested);
    }

    [Fact]
    public void A_module_that_a_run_lacks_took_nothing_there_but_missing_power_is_not_nothing()
    {
        RunFootprint with = Sides.Run(("a", "MatMul", 1.0), ("b", "Relu", 2.0));
        RunFootprint without = Sides.Run(("b", "Relu", 2.0));
        RunFootprint unpowered = Sides.Run(("b", "Relu", new Cost(1, 1, 0, null)));
        ComparedSide.Of([with, without]).Root.Children.Single(c => c.Path == "a").Total.Select(t => t.Joules).ShouldBe([1, 0]);
        ComparedSide.Of([with, unpowered]).Root.Children.Single(c => c.Path == "a").Total.Select(t => t.Joules).ShouldBe([1, null]);
        Sides.Compare(ComparedSide.Of([with, unpowered]), ComparedSide.Of([with, with])).Of("b").Whole.Energy.Base.ShouldBeNull();
    }

    [Fact]
    public void Added_and_removed_modules_change_by_all_that_they_take()
    {
        FootprintComparison comparison = Sides.Compare(Sides.Side(("x", "MatMul", 3), ("k", "Add", 1)), Sides.Side(("y", "Conv2D", 5), ("k", "Add", 1)));
        comparison.Of("x").Verdict.ShouldBe(Verdict.Removed);
        comparison.Of("x").Change(Measure.Energy).ShouldBe(-3);
        comparison.Of("y").Verdict.ShouldBe(Verdict.Added);
        comparison.Of("y").Change(Measure.Energy).ShouldBe(5);
    }

    [Fact]
    public void Changes_of_a_module_s_parts_add_up_to_its_own_on_any_sides() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            string[] names = ["a", "b", "c", "a/x", "a/y", "b/x", "c/z/w"];
            ComparedSide Any() => ComparedSide.Of([.. Enumerable.Range(0, 2).Select(_ => Sides.Run(
                [.. names.Where(n => n == "a" || random.Next(3) > 0).Select(n => (n, n.Length > 1 ? "MatMul" : "Relu", random.Next(1, 100) / 7.0))]))]);
            FootprintComparison comparison = Sides.Compare(Any(), Any());
            double atTop = comparison.Changes.Where(c => c.Parent == comparison.Whole && !c.Moved).Sum(c => c.Change(Measure.Energy)!.Value);
            if (!comparison.Changes.Any(c => c.Moved))
            {
                atTop.ShouldBe(comparison.Whole.Change(Measure.Energy)!.Value, 1e-9);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Factors_multiply_to_the_ratio_of_energies()
    {
        Cost[] before = [new(10, 2, 1.8, 5), new(10, 2.2, 2.0, 5.5)];
        Cost[] after = [new(12, 3, 3, 9), new(12, 2.8, 2.6, 8)];
        Factors factors = Factors.Of(before, after, ofEnergy: true)!;
        (factors.Calls * factors.TimePerCall * factors.Power!.Value * factors.Coverage!.Value).ShouldBe(17 / 10.5, 1e-12);
        factors.Calls.ShouldBe(1.2, 1e-12);
    }

    [Fact]
    public void A_run_s_modules_are_the_sums_that_the_report_has()
    {
        ModuleNode tree = Rows.Tree(
            Rows.Row("m/a", "MatMul", 1, 3), Rows.Row("m", "Add", Pass.Backward, Quality.Measured, 2, 2), Rows.WithoutPower("m/b", "Relu", 2));
        RunFootprint run = RunFootprint.Of(Sides.Facts(), tree);
        foreach (ModuleNode node in tree.Walk())
        {
            RunModule module = run.Modules.Single(m => m.Path == node.Path);
            module.Total.Joules.ShouldBe(node.Energy?.Mean);
            module.Total.Seconds.ShouldBe(node.Time.Mean);
            module.Total.CoveredSeconds.ShouldBe(node.Covered.Mean);
            module.Total.Calls.ShouldBe(node.Calls.Mean);
            module.Quality.ShouldBe(node.Quality);
            foreach ((Pass pass, PassFigures figures) in node.ByPass)
            {
                module.ByPass[pass].Joules.ShouldBe(figures.Energy?.Mean);
            }
        }

        run.Modules.Single(m => m.Path == "m").Types.ShouldBe(["Add"]);
    }
}
