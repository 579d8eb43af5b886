using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Comparison;

namespace Smaragdine.Tests.Core.Comparison;

public sealed class ModuleMatchingTests
{
    [Fact]
    public void Equal_paths_are_the_same_module() =>
        Match(Sides.Side(("a/b", "MatMul", 1)), Sides.Side(("a/b", "Conv2D", 1))).ShouldBe([("", ""), ("a", "a"), ("a/b", "a/b")]);

    [Theory]
    [InlineData("bert/attention", "bert/attention_1")]
    [InlineData("net/LayerNorm", "net/layer_norm")]
    [InlineData("net/block.0", "net/block_0")]
    public void Names_but_for_case_separators_and_numbers_are_the_same(string before, string after) =>
        Match(Sides.Side((before, "MatMul", 1)), Sides.Side((after, "Relu", 1))).ShouldContain((before, after));

    [Fact]
    public void A_layer_of_the_same_number_is_the_same_whatever_others_are_there()
    {
        List<(string?, string?)> pairs = Match(
            Sides.Side(("m/layer_0", "MatMul", 1), ("m/layer_1", "MatMul", 1)),
            Sides.Side(("m/layer_1", "MatMul", 1), ("m/layer_2", "MatMul", 1), ("m/layer_3", "MatMul", 1)));
        pairs.ShouldContain(("m/layer_1", "m/layer_1"));
        pairs.ShouldContain(("m/layer_0", null), "it may be either of the two new ones");
    }

    [Fact]
    public void A_renamed_module_is_known_by_what_it_is_made_of_and_what_lies_beneath_by_name()
    {
        List<(string?, string?)> pairs = Match(
            Sides.Side(("bert/encoder/attention", "BatchMatMul Softmax", 1), ("bert/encoder/dense", "MatMul", 1), ("bert/embeddings", "GatherV2", 1)),
            Sides.Side(("bert/transformer/attention", "BatchMatMul Softmax", 1), ("bert/transformer/dense", "MatMul", 1), ("bert/embeddings", "GatherV2", 1)));
        pairs.ShouldContain(("bert/encoder", "bert/transformer"));
        pairs.ShouldContain(("bert/encoder/attention", "bert/transformer/attention"));
    }

    [Fact]
    public void What_can_be_taken_for_two_is_taken_for_neither()
    {
        List<(string?, string?)> pairs = Match(
            Sides.Side(("a/query", "MatMul", 1), ("a/key", "MatMul", 1)), Sides.Side(("a/wq", "MatMul", 1), ("a/wk", "MatMul", 1)));
        pairs.Count(p => p is (not null, not null)).ShouldBe(2, "the root and a");
    }

    [Fact]
    public void A_rule_says_what_else_cannot_be_known()
    {
        RenameRule[] rules = [new(new Regex("/query$", RegexOptions.None, TimeSpan.FromSeconds(1)), "/wq"), new(new Regex("/key$", RegexOptions.None, TimeSpan.FromSeconds(1)), "/wk")];
        ModuleMatching.Match(
            Sides.Side(("a/query", "MatMul", 1), ("a/key", "MatMul", 1)).Root, Sides.Side(("a/wq", "MatMul", 1), ("a/wk", "MatMul", 1)).Root, rules)
            .Count(p => p.By is MatchedBy.Rule).ShouldBe(2);
    }

    [Fact]
    public void A_moved_module_is_found_where_it_is()
    {
        FootprintComparison comparison = Sides.Compare(
            Sides.Side(("a/pooler", "MatMul Tanh", 1), ("b/x", "Relu", 1)), Sides.Side(("a/y", "Conv2D", 1), ("b/pooler", "MatMul Tanh", 2), ("b/x", "Relu", 1)));
        ModuleChange pooler = comparison.Of("b/pooler");
        pooler.Modules.Base!.Path.ShouldBe("a/pooler");
        pooler.Moved.ShouldBeTrue();
        comparison.Of("b/x").Moved.ShouldBeFalse();
    }

    [Fact]
    public void Every_module_is_in_one_pair_and_equal_paths_are_one_pair_in_any_trees() => ForAnyTrees((before, after) =>
    {
        IReadOnlyList<ModulePair> pairs = ModuleMatching.Match(before.Root, after.Root, []);
        pairs.Select(p => p.Base).OfType<SideModule>().ShouldBe(before.Root.Walk(), ignoreOrder: true);
        pairs.Select(p => p.New).OfType<SideModule>().ShouldBe(after.Root.Walk(), ignoreOrder: true);
        HashSet<string> news = [.. after.Root.Walk().Select(m => m.Path)];
        pairs.ShouldAllBe(p => p.Base == null || !news.Contains(p.Base.Path) || p.New!.Path == p.Base.Path);
    });

    /// <summary>Held against all pairs of siblings that there are, not against our own search.</summary>
    [Fact]
    public void No_two_siblings_left_alone_were_each_other_s_one_best_in_any_trees() => ForAnyTrees((before, after) =>
    {
        IReadOnlyList<ModulePair> pairs = ModuleMatching.Match(before.Root, after.Root, []);
        HashSet<SideModule> alone = [.. pairs.Where(p => p.By is MatchedBy.Nothing).Select(p => (p.Base ?? p.New)!)];
        foreach (ModulePair parent in pairs.Where(p => p is { Base: not null, New: not null }))
        {
            List<SideModule> olds = [.. parent.Base!.Children.Where(alone.Contains)];
            List<SideModule> news = [.. parent.New!.Children.Where(alone.Contains)];
            foreach (SideModule old in olds)
            {
                foreach (SideModule other in news)
                {
                    double like = Likeness(old, other);
                    bool best = like >= ModuleMatching.LeastLikeness
                        && news.TrueForAll(n => n == other || Likeness(old, n) < like - 1e-6)
                        && olds.TrueForAll(o => o == old || Likeness(o, other) < like - 1e-6);
                    best.ShouldBeFalse($"{old.Path} and {other.Path}");
                }
            }
        }
    });

    /// <summary>Features by walking, without the product's stack: type, and name of the module and type.</summary>
    private static double Likeness(SideModule left, SideModule right)
    {
        HashSet<string> a = [.. Features(left, "")];
        HashSet<string> b = [.. Features(right, "")];
        return a.Count + b.Count == 0 ? 0 : 2.0 * a.Intersect(b).Count() / (a.Count + b.Count);
    }

    private static IEnumerable<string> Features(SideModule module, string name) => module.Types.SelectMany(t => new[] { t, $"{name}|{t}" })
        .Concat(module.Children.SelectMany(c => Features(c, ModuleShape.NormalNames(module.Children)[c])));

    private static List<(string?, string?)> Match(ComparedSide before, ComparedSide after) =>
        [.. ModuleMatching.Match(before.Root, after.Root, []).Select(p => (p.Base?.Path, p.New?.Path))];

    private static void ForAnyTrees(Action<ComparedSide, ComparedSide> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            test(AnyTree(random), AnyTree(random));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static ComparedSide AnyTree(Random random)
    {
        string[] names = ["a", "b", "a_1", "A", "layer_0", "layer_1", "layer_2", "x.y"];
        string[] types = ["MatMul", "Relu", "Add", "Mul"];
        return Sides.Side([.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => (
            string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)])),
            string.Join(' ', types.Where(_ => random.Next(2) == 0)),
            1.0))]);
    }
}
