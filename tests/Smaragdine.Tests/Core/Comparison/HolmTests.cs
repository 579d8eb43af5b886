using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Comparison;

namespace Smaragdine.Tests.Core.Comparison;

public sealed class HolmTests
{
    [Fact]
    public void Adjusted_values_are_what_they_are_by_hand() =>
        // 0.005 × 4, 0.01 × 3, 0.03 × 2, 0.04 × 1 raised to the one before.
        Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)).ShouldBe([0.03, 0.06, 0.06, 0.02]);

    [Fact]
    public void Nothing_to_test_is_nothing() => Holm.Adjust([]).ShouldBeEmpty();

    /// <summary>The procedure as Holm wrote it: from the smallest on, reject while p ≤ level / (how many are left).</summary>
    [Fact]
    public void Adjusted_below_the_level_is_what_step_down_rejects() =>
        Prop.ForAll(Gen.Choose(0, 1000).Select(v => v / 10_000.0).ArrayOf().ToArbitrary(), pValues =>
        {
            const double Level = 0.05;
            IReadOnlyList<double> adjusted = Holm.Adjust(pValues);
            List<int> left = [.. Enumerable.Range(0, pValues.Length)];
            HashSet<int> rejected = [];
            while (left.Count > 0)
            {
                int least = left.MinBy(i => pValues[i]);
                if (pValues[least] * left.Count >= Level)
                {
                    break;
                }

                rejected.Add(least);
                left.Remove(least);
            }

            Enumerable.Range(0, pValues.Length).Where(i => adjusted[i] < Level).ShouldBe(rejected, ignoreOrder: true);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
