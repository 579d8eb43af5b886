using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Footprints;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Footprints;

public sealed class ModuleTreeTests
{
    [Fact]
    public void Every_node_is_the_sum_of_its_rows_and_children() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            OperationRow[] rows = Some(seed);
            ModuleNode root = Rows.Tree(rows);
            ShouldAddUp(root, rows.Sum(r => r.Energy?.Total ?? 0));
            foreach (ModuleNode node in root.Walk())
            {
                OperationRow[] beneath = [.. rows.Where(r => node.Path.Length == 0 || r.Module == node.Path || r.Module.StartsWith(node.Path + "/", StringComparison.Ordinal))];
                (node.Energy?.Total ?? 0).ShouldBe(beneath.Sum(r => r.Energy?.Total ?? 0), 1e-9);
                (node.Energy is null).ShouldBe(beneath.All(r => r.Energy is null));
                node.Time.Total.ShouldBe(beneath.Sum(r => r.Time.Total), 1e-9);
                node.Calls.Total.ShouldBe(beneath.Sum(r => r.Calls.Total), 1e-9);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_folded_tree_adds_up_to_the_same() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            OperationRow[] rows = Some(seed);
            ModuleNode folded = Folding.Fold(Rows.Tree(rows), 2);
            ShouldAddUp(folded, rows.Sum(r => r.Energy?.Total ?? 0));
            folded.Walk().Sum(n => n.Rows.Count).ShouldBe(rows.Length);
            folded.Time.Total.ShouldBe(rows.Sum(r => r.Time.Total), 1e-9);
            foreach (ModuleNode node in folded.Walk().Where(n => n.Members is { MeanJoules: not null }))
            {
                (node.Members!.Count * node.Members.MeanJoules!.Value).ShouldBe(node.Energy!.Mean, 1e-9);
                node.Members.Names.Count.ShouldBe(node.Members.Count);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Passes_and_domains_are_summed_and_the_worst_quality_kept()
    {
        ModuleNode root = Rows.Tree(
            Rows.Row("m/a", "x", Pass.Forward, Quality.Derived, 1, 3),
            Rows.Row("m/a", "y", Pass.Backward, Quality.Estimated, 10, 10),
            Rows.WithoutPower("m/b", "z", 2));
        ModuleNode m = root.At("m");
        m.Quality.ShouldBe(Quality.Estimated);
        m.ByPass[Pass.Forward].Energy!.Total.ShouldBe(4);
        m.ByPass[Pass.Forward].Time.Total.ShouldBe(8);
        m.ByPass[Pass.Backward].Energy!.Total.ShouldBe(20);
        m.ByDomain["package-0"].ShouldBe(12);
        m.Self.ShouldBeNull();
        m.Power.ShouldBe(6); // 24 J over 4 s that are covered
        root.At("m/b").Energy.ShouldBeNull();
        root.At("m/b").Quality.ShouldBeNull();
        root.At("m/b").Power.ShouldBeNull();
        root.At("m/b").ByPass[Pass.Forward].Energy.ShouldBeNull();
        root.At("m/a").Depth.ShouldBe(2);
        root.At("m/a").Name.ShouldBe("a");
    }

    [Fact]
    public void Operations_of_no_module_are_the_root_s_own()
    {
        ModuleNode root = Rows.Tree(Rows.Row("", "x", 2), Rows.Row("m", "y", 3));
        root.Self!.Total.ShouldBe(2);
        root.Energy!.Total.ShouldBe(5);
        root.Kind.ShouldBe(ModuleKind.Root);
    }

    [Fact]
    public void A_path_of_a_hundred_thousand_segments_is_summed_at_a_bounded_depth()
    {
        ModuleNode root = Rows.Tree(Rows.Row(string.Join('/', Enumerable.Repeat("a", 100_000)), "x", 2));
        root.Walk().Max(n => n.Depth).ShouldBeLessThan(1000);
        root.Walk().Last().Self!.Total.ShouldBe(2);
        Folding.Fold(root, 1).Energy!.Total.ShouldBe(2);
    }

    [Fact]
    public void Rows_are_grouped_by_any_key_in_the_order_of_first_appearance()
    {
        OperationRow[] rows = [Rows.Row("m/layer_0", "MatMul", 1), Rows.Row("m/layer_1", "Tanh", 2), Rows.Row("m/layer_1", "MatMul", 4)];
        IReadOnlyList<ModuleNode> types = RowGroups.By(rows, r => r.Type, 1);
        types.Select(g => (g.Name, g.Energy!.Total)).ShouldBe([("MatMul", 5), ("Tanh", 2)]);
    }

    [Fact]
    public void Folded_operations_lose_the_layer_s_number_and_keep_their_own()
    {
        OperationRow[] rows = [Rows.Row("m/layer_0", "MatMul_1", 1), Rows.Row("m/layer_1", "MatMul_1", 4), Rows.Row("m/layer_1", "FusedBatchNormV3", 2)];
        ModuleNode folded = Folding.Fold(Rows.Tree(rows), 1);
        RowGroups.By(rows, RowGroups.FoldedNames(folded), 1).Select(g => (g.Name, g.Energy!.Total))
            .ShouldBe([("m/layer_*/MatMul_1", 5), ("m/layer_*/FusedBatchNormV3", 2)]);
    }

    private static void ShouldAddUp(ModuleNode root, double total)
    {
        (root.Energy?.Total ?? 0).ShouldBe(total, 1e-9);
        foreach (ModuleNode node in root.Walk())
        {
            double parts = (node.Self?.Total ?? 0) + node.Children.Sum(c => c.Energy?.Total ?? 0);
            parts.ShouldBe(node.Energy?.Total ?? 0, 1e-9);
            node.ByPass.Values.Sum(p => p.Energy?.Total ?? 0).ShouldBe(node.Energy?.Total ?? 0, 1e-9);
            node.ByDomain.Values.Sum().ShouldBe(node.Energy?.Mean ?? 0, 1e-9);
            (node.Self?.Total ?? 0).ShouldBe(node.Rows.Sum(r => r.Energy?.Total ?? 0), 1e-9);
        }
    }

    private static OperationRow[] Some(int seed)
    {
        Random random = new(seed);
        string[] names = ["layer_0", "layer_1", "layer_2", "norm", "norm_1", "x", "group_0", "group_0_1"];
        OperationRow[] rows = new OperationRow[random.Next(1, 40)];
        for (int i = 0; i < rows.Length; i++)
        {
            string module = string.Join('/', Enumerable.Range(0, random.Next(4)).Select(_ => names[random.Next(names.Length)]));
            rows[i] = random.Next(5) == 0
                ? Rows.WithoutPower(module, $"op{i}", 2)
                : Rows.Row(module, $"op{i}", (Pass)random.Next(5), Quality.Derived, random.Next(10), random.Next(10));
        }

        return rows;
    }
}
