using Smaragdine.Footprints;

namespace Smaragdine.Tests.Core.Footprints;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("layer_3", "layer_*")]
    [InlineData("group_0_3", "group_*_*")]
    [InlineData("layer.7", "layer.*")]
    [InlineData("conv2d_1", "conv2d_*")]
    [InlineData("conv2d", "conv2d")]
    [InlineData("12", "*")]
    [InlineData("h-10-b", "h-*-b")]
    [InlineData("", "")]
    public void Numbers_that_count_become_stars(string name, string pattern) => FoldPattern.Starred(name).ShouldBe(pattern);

    [Fact]
    public void A_sibling_without_the_number_has_the_pattern_of_those_with_it() =>
        FoldPattern.Of(["group_0", "group_0_1", "group_0_2", "norm", "norm_1", "pooler"]).ShouldBe(
            new Dictionary<string, string>
            {
                ["group_0"] = "group_0_*", ["group_0_1"] = "group_0_*", ["group_0_2"] = "group_0_*", ["norm"] = "norm_*", ["norm_1"] = "norm_*", ["pooler"] = "pooler",
            },
            ignoreOrder: true);

    [Theory]
    [InlineData("layer_2", "layer_10", -1)]
    [InlineData("layer_10", "layer_2", 1)]
    [InlineData("layer_2", "layer_2", 0)]
    [InlineData("layer_02", "layer_2", 0)]
    [InlineData("layer", "layer_1", -1)]
    [InlineData("a", "b", -1)]
    [InlineData("layer_99999999999999999999", "layer_100000000000000000000", -1)]
    public void Names_are_ordered_by_their_numbers(string left, string right, int order)
    {
        Math.Sign(FoldPattern.Compare(left, right)).ShouldBe(order);
        Math.Sign(FoldPattern.Compare(right, left)).ShouldBe(-order);
    }

    [Fact]
    public void Layers_of_equal_structure_are_one_row()
    {
        ModuleNode folded = Folding.Fold(Rows.Tree([.. Layers(12)]), 2);
        ModuleNode layers = folded.At("encoder").Children.ShouldHaveSingleItem();
        layers.Name.ShouldBe("layer_*");
        layers.Path.ShouldBe("encoder/layer_*");
        layers.Kind.ShouldBe(ModuleKind.Folded);
        layers.Members!.Count.ShouldBe(12);
        layers.Members.DifferingLeaves.ShouldBe(0);
        layers.Members.Names[0].ShouldBe("encoder/layer_0");
        layers.Children.Select(c => c.Name).ShouldBe(["attention", "norm_*"], ignoreOrder: true);
        // Layer i takes 10 + i and 10 + i joules in attention and 1 in its norm.
        layers.Members.MeanJoules!.Value.ShouldBe(16.5, 1e-9);
        layers.Members.SdJoules!.Value.ShouldBe(Math.Sqrt(13), 1e-9); // of 0 … 11
        layers.Energy!.Mean.ShouldBe(12 * 16.5, 1e-9);
        layers.Energy.StandardDeviation.ShouldBe(0);
    }

    [Fact]
    public void Leaves_that_only_some_members_have_are_let_pass_and_counted()
    {
        List<OperationRow> rows = [.. Layers(3)];
        rows.Add(Rows.Row("encoder/layer_1/dropout", "Mul", 1, 1));
        ModuleNode layers = Folding.Fold(Rows.Tree([.. rows]), 2).At("encoder/layer_*");
        layers.Members!.Count.ShouldBe(3);
        layers.Members.DifferingLeaves.ShouldBe(1);
    }

    [Fact]
    public void Modules_of_another_structure_stay_rows_of_their_own()
    {
        List<OperationRow> rows = [.. Layers(3)];
        rows.Add(Rows.Row("encoder/layer_3/conv/kernel/deep", "Mul", 1, 1));
        ModuleNode encoder = Folding.Fold(Rows.Tree([.. rows]), 2).At("encoder");
        encoder.Children.Count.ShouldBe(2);
        encoder.Children.Select(c => c.Members?.Count).ShouldBe([3, null]);
    }

    [Fact]
    public void Shared_modules_do_not_fold_with_calls()
    {
        OperationRow[] rows =
        [
            Rows.Row("group_0/inner_group_0/a", "Apply", 1), Rows.Row("group_0/layer_0/a", "MatMul", 1),
            Rows.Row("group_0_1/layer_1/a", "MatMul", 1), Rows.Row("group_0_2/layer_2/a", "MatMul", 1),
        ];
        ModuleNode tree = ModuleTree.Build(rows, new HashSet<string> { "group_0/inner_group_0" }, 1);
        tree.At("group_0/inner_group_0").Kind.ShouldBe(ModuleKind.Shared);
        ModuleNode group = Folding.Fold(tree, 1).Children.ShouldHaveSingleItem();
        group.Name.ShouldBe("group_0_*");
        group.Members!.Count.ShouldBe(3);
        group.Children.Select(c => (c.Name, c.Kind, c.Members?.Count)).ShouldBe(
            [("inner_group_0", ModuleKind.Shared, null), ("layer_*", ModuleKind.Folded, 3)], ignoreOrder: true);
    }

    [Fact]
    public void Members_without_power_have_no_mean()
    {
        ModuleNode tree = Rows.Tree(Rows.Row("layer_0/a", "x", 1), Rows.WithoutPower("layer_1/a", "x"));
        FoldedMembers members = Folding.Fold(tree, 1).At("layer_*").Members!;
        members.MeanJoules.ShouldBeNull();
        members.SdJoules.ShouldBeNull();
    }

    [Fact]
    public void Folding_leaves_the_tree_as_it_is()
    {
        ModuleNode tree = Rows.Tree([.. Layers(4)]);
        Folding.Fold(tree, 2);
        tree.At("encoder").Children.Count.ShouldBe(4);
        tree.At("encoder/layer_2").Members.ShouldBeNull();
    }

    [Theory]
    [InlineData(Pass.Forward, "forward")]
    [InlineData(Pass.Backward, "backward")]
    [InlineData(Pass.Recompute, "recompute")]
    [InlineData(Pass.Optimizer, "optimizer")]
    [InlineData(Pass.Other, "other")]
    public void Passes_have_names_that_are_read_back(Pass pass, string name)
    {
        pass.Name().ShouldBe(name);
        Passes.TryParse(name.ToUpperInvariant(), out Pass read).ShouldBeTrue();
        read.ShouldBe(pass);
        Passes.TryParse("sideways", out _).ShouldBeFalse();
        Passes.All.ShouldContain(pass);
        Should.Throw<ArgumentOutOfRangeException>(() => ((Pass)77).Name());
    }

    /// <summary>Layers as BERT names them: layer i holds norm, or norm_(2 i) after the first.</summary>
    private static IEnumerable<OperationRow> Layers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return Rows.Row($"encoder/layer_{i}/attention/self", "MatMul", 10 + i, 10 + i);
            yield return Rows.Row($"encoder/layer_{i}/norm_{2 * i}", "Mul", 1, 1);
        }
    }
}
