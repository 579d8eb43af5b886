using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;

namespace Smaragdine.Tests.Core.Footprints.Naming;

/// <summary>One example for each rule of docs/measurement-model.md, "From a name to a module".</summary>
public sealed class TensorFlowNamingTests
{
    [Theory]
    [InlineData("gradients/bert/layer_0/MatMul_grad/MatMul")]
    [InlineData("gradients_1/bert/layer_0/MatMul_grad/MatMul")]
    [InlineData("loss/gradients/bert/layer_0/MatMul_grad/MatMul")]
    [InlineData("tower0/gradients/bert/layer_0/MatMul_grad/MatMul_1")]
    [InlineData("gradient_tape/bert/layer_0/MatMul/MatMul")]
    [InlineData("gradient_tape/bert/layer_0/MatMul_1")]
    [InlineData("bert/layer_0/MatMul_grad/MatMul")]
    [InlineData("gradients/bert/layer_0/MatMul_grad_1/tuple/control_dependency")]
    [InlineData("gradients/bert/layer_0/MatMul_grad/MatMul-LayoutOptimizer")]
    [InlineData("ConstantFolding/gradients/bert/layer_0/MatMul_grad/Reshape")]
    public void A_gradient_is_backward_of_its_forward_operation_s_module(string name) =>
        new Graphs().Layer("bert/layer_0").Add(name, "MatMul", "bert/layer_0/MatMul").Of(name).ShouldBe("backward bert/layer_0");

    [Fact]
    public void A_grad_segment_without_a_forward_operation_or_gradients_scope_is_a_name_like_any_other() =>
        new Graphs().Add("policy_grad/dense/MatMul", "MatMul", "x").Of("policy_grad/dense/MatMul").ShouldBe("forward policy_grad/dense");

    [Fact]
    public void A_gradient_of_a_forward_operation_that_rewriting_removed_finds_its_module() =>
        new Graphs()
            .Add("gradients/bert/layer_0/Tanh_grad/TanhGrad", "TanhGrad")
            .Add("gradients/bert/layer_0/Tanh_grad/Const/x", "Const")
            .Of("gradients/bert/layer_0/Tanh_grad/TanhGrad").ShouldBe("backward bert/layer_0");

    [Theory]
    [InlineData("bert/layer_0/MatMul", "forward bert/layer_0")]
    [InlineData("bert/layer_0/MatMul/ReadVariableOp", "forward bert/layer_0")]
    [InlineData("bert/layer_0/kernel", "forward bert/layer_0")]
    public void A_segment_that_is_an_operation_or_variable_is_no_module(string name, string place) =>
        new Graphs().Layer("bert/layer_0").Of(name).ShouldBe(place);

    [Fact]
    public void An_operation_that_is_only_named_as_an_input_is_no_module_either() =>
        new Graphs().Add("m/einsum/Reshape", "Reshape", "m/einsum:0").Of("m/einsum/Reshape").ShouldBe("forward m");

    [Fact]
    public void Reading_a_variable_for_an_operation_that_was_fused_belongs_to_its_module() =>
        new Graphs().Add("m/query/BiasAdd/ReadVariableOp", "ReadVariableOp", "v").Of("m/query/BiasAdd/ReadVariableOp").ShouldBe("forward m/query");

    [Theory]
    [InlineData("edge_123_bert/layer_0/MatMul")]
    [InlineData("_retval_bert/layer_0/MatMul_0_0")]
    [InlineData("_arg_bert/layer_0/MatMul_0_3")]
    [InlineData("bert/layer_0/MatMul/_5")]
    [InlineData("bert/layer_0/MatMul-LayoutOptimizer")]
    [InlineData("ConstantFolding/bert/layer_0/MatMul")]
    [InlineData("cluster_1/bert/layer_0/MatMul")]
    [InlineData("cluster_1_2/bert/layer_0/MatMul")]
    [InlineData("bert/layer_0/MatMul/_7__cf__9")]
    [InlineData("bert/layer_0/MatMul__cf__9")]
    [InlineData("bert/layer_0/MatMul-folded-1")]
    [InlineData("ArithmeticOptimizer/bert/layer_0/MatMul")]
    [InlineData("bert/layer_0/ArithmeticOptimizer/AddOpsRewrite_MatMul")]
    [InlineData("LayoutOptimizer_1/ConstantFolding/bert/layer_0/MatMul")]
    public void Decorations_come_off(string name) => new Graphs().Layer("bert/layer_0").Add(name, "MatMul").Of(name).ShouldBe("forward bert/layer_0");

    [Fact]
    public void A_gradient_made_for_several_is_placed_where_its_inputs_agree()
    {
        Graphs graph = new Graphs().Layer("m/a").Layer("m/b")
            .Add("gradients/m/a/MatMul_grad/MatMul", "MatMul")
            .Add("gradients/m/a/MatMul_grad/MatMul_1", "MatMul")
            .Add("gradients/m/b/MatMul_grad/MatMul", "MatMul")
            .Add("gradients/AddN", "AddN", "gradients/m/a/MatMul_grad/MatMul", "gradients/m/a/MatMul_grad/MatMul_1")
            .Add("gradients/AddN_1", "AddN", "gradients/AddN", "gradients/m/a/MatMul_grad/MatMul:1")
            .Add("gradients/AddN_2", "AddN", "gradients/AddN_1", "gradients/m/b/MatMul_grad/MatMul");
        graph.Of("gradients/AddN").ShouldBe("backward m/a");
        graph.Of("gradients/AddN_1").ShouldBe("backward m/a");
        graph.Of("gradients/AddN_2").ShouldBe("backward");
    }

    [Fact]
    public void A_gradient_made_for_several_that_feed_one_another_ends_the_walk() =>
        new Graphs().Add("gradients/AddN", "AddN", "gradients/AddN_1").Add("gradients/AddN_1", "AddN", "gradients/AddN")
            .Of("gradients/AddN").ShouldBe("backward");

    [Theory]
    [InlineData("gradients/m/a/MatMul_grad/MatMul", "backward m/a")]
    [InlineData("gradients/m/a/MatMul_grad/MatMul gradients/m/b/MatMul_grad/MatMul", "backward")]
    public void A_ring_of_gradients_made_for_several_belongs_where_what_enters_it_agrees(string inputs, string expected)
    {
        Graphs graph = new();
        const int ring = 20_000;
        for (int i = 0; i < ring; i++)
        {
            // A walk from each node anew would take 20,000 × 20,000 looks: minutes.
            graph.Add($"gradients/AddN_{i}", "AddN", [$"gradients/AddN_{(i + 1) % ring}", $"gradients/AddN_{(i + 7) % ring}", .. i == 5 ? inputs.Split(' ') : []]);
        }

        graph.Add("gradients/m/a/MatMul_grad/MatMul", "MatMul").Add("gradients/m/b/MatMul_grad/MatMul", "MatMul").Of("gradients/AddN_17").ShouldBe(expected);
    }

    [Fact]
    public void Slots_belong_to_the_module_of_their_variable()
    {
        Graphs graph = new Graphs().Layer("bert/query").Add("bert/query/kernel/adam_m", "VarHandleOp");
        graph.Of("bert/query/kernel/adam_m").ShouldBe("optimizer bert/query");
        graph.Of("bert/query/kernel").ShouldBe("forward bert/query");
    }

    [Fact]
    public void A_scope_less_operation_belongs_to_the_variable_that_it_reaches_upstream() =>
        Adam().Of("mul_1").ShouldBe("optimizer m/a");

    [Fact]
    public void A_scope_less_operation_that_reaches_none_upstream_belongs_to_what_it_assigns() =>
        Adam().Of("sub_2").ShouldBe("optimizer m/a");

    [Fact]
    public void An_assignment_is_the_optimizer_s() => Adam().Of("AssignVariableOp").ShouldBe("optimizer m/a");

    [Fact]
    public void The_global_step_counts_as_no_variable()
    {
        Graphs graph = Adam()
            .Add("global_step", "VarHandleOp")
            .Add("ReadStep", "ReadVariableOp", "global_step")
            .Add("mul_9", "Mul", "ReadStep", "ReadVariableOp_1")
            .Add("add_step", "AddV2", "ReadStep")
            .Add("AssignStep", "AssignVariableOp", "global_step", "add_step");
        graph.Of("mul_9").ShouldBe("optimizer m/a");
        graph.Of("AssignStep").ShouldBe("optimizer");
    }

    [Fact]
    public void What_reaches_several_variables_is_at_the_root() =>
        Adam().Layer("m/b").Add("m/b/kernel/adam_m", "VarHandleOp").Add("both", "AddN", "m/a/kernel/adam_m", "m/b/kernel/adam_m")
            .Of("both").ShouldBe("optimizer");

    [Fact]
    public void Not_every_scope_less_operation_is_the_optimizer_s()
    {
        Graphs graph = new Graphs().Layer("m/a")
            .Add("IteratorGetNext", "IteratorGetNext").Add("GatherV2", "GatherV2", "IteratorGetNext").Add("Mean", "Mean", "m/a/MatMul");
        graph.Of("GatherV2").ShouldBe("forward");
        graph.Of("Mean").ShouldBe("forward");
        graph.Of("IteratorGetNext").ShouldBe("other");
    }

    [Fact]
    public void ScatterNd_makes_a_tensor_and_assigns_nothing() =>
        new Graphs().Add("indices", "Const").Add("ScatterNd", "ScatterNd", "indices", "updates", "shape").Of("ScatterNd").ShouldBe("forward");

    [Theory]
    [InlineData("ResourceScatterAdd")]
    [InlineData("ScatterUpdate")]
    [InlineData("ScatterNdUpdate")]
    [InlineData("ApplyAdam")]
    [InlineData("SparseApplyAdagrad")]
    [InlineData("ResourceSparseApplyAdagrad")]
    [InlineData("AssignSubVariableOp")]
    public void Operations_that_write_a_variable_are_the_optimizer_s(string type) =>
        new Graphs().Layer("m/a").Add("write", type, "m/a/kernel", "delta").Of("write").ShouldBe("optimizer m/a");

    [Theory]
    [InlineData("ApplyMyFunction", "optimizer m/a")] // looks like one of TensorFlow's own
    [InlineData("Applyx", "forward")]
    [InlineData("SparseApply", "forward")]
    public void Only_types_spelled_as_assignments_are(string type, string place) =>
        new Graphs().Layer("m/a").Add("write", type, "m/a/kernel").Of("write").ShouldBe(place);

    [Fact]
    public void Clipping_is_the_optimizer_s_along_its_element_wise_input_and_never_its_norm()
    {
        Graphs graph = new Graphs().Layer("m/a").Layer("m/b")
            .Add("gradients/m/a/MatMul_grad/MatMul_1", "MatMul")
            .Add("gradients/m/b/MatMul_grad/MatMul_1", "MatMul")
            .Add("global_norm/L2Loss", "L2Loss", "gradients/m/a/MatMul_grad/MatMul_1")
            .Add("global_norm/L2Loss_1", "L2Loss", "gradients/m/b/MatMul_grad/MatMul_1")
            .Add("global_norm/global_norm", "Sqrt", "global_norm/L2Loss", "global_norm/L2Loss_1")
            .Add("clip_by_global_norm/mul", "Mul", "global_norm/global_norm")
            .Add("clip_by_global_norm/mul_1", "Mul", "gradients/m/a/MatMul_grad/MatMul_1", "clip_by_global_norm/mul")
            .Add("mul_7", "Mul", "clip_by_global_norm/mul_1", "const");
        graph.Of("global_norm/global_norm").ShouldBe("optimizer");
        graph.Of("global_norm/L2Loss").ShouldBe("optimizer m/a");
        graph.Of("clip_by_global_norm/mul").ShouldBe("optimizer");
        graph.Of("clip_by_global_norm/mul_1").ShouldBe("optimizer m/a");
        graph.Of("mul_7").ShouldBe("optimizer m/a");
    }

    [Fact]
    public void Clipping_that_reads_no_gradient_is_the_model_s() =>
        new Graphs().Layer("m/a").Add("m/clip_by_value/Minimum", "Minimum", "m/a/MatMul").Of("m/clip_by_value/Minimum").ShouldBe("forward m/clip_by_value");

    [Fact]
    public void Clipping_of_one_gradient_is_the_optimizer_s() =>
        new Graphs().Layer("m/a").Add("gradients/m/a/MatMul_grad/MatMul_1", "MatMul")
            .Add("clip_by_norm/mul", "Mul", "gradients/m/a/MatMul_grad/MatMul_1").Of("clip_by_norm/mul").ShouldBe("optimizer m/a");

    [Fact]
    public void A_gradient_whose_module_has_two_variables_tells_nothing_and_downstream_does() =>
        new Graphs().Layer("m/a").Add("m/a/bias", "VarHandleOp").Add("gradients/m/a/BiasAdd_grad/BiasAddGrad", "BiasAddGrad")
            .Add("mul", "Mul", "gradients/m/a/BiasAdd_grad/BiasAddGrad", "lr").Add("sub", "AssignSubVariableOp", "m/a/bias", "mul")
            .Of("mul").ShouldBe("optimizer m/a");

    [Theory]
    [InlineData("Adam/update_m/a/kernel/ResourceApplyAdam")]
    [InlineData("train/Adam/update_m/a/kernel/ResourceApplyAdam")]
    [InlineData("GradientDescent_1/update_m/a/kernel/ResourceApplyAdam")]
    public void Optimizers_with_a_scope_are_found_too(string name) =>
        new Graphs().Layer("m/a").Add("gradients/m/a/MatMul_grad/MatMul_1", "MatMul").Add("Adam/lr", "Const")
            .Add(name, "ResourceApplyAdam", "m/a/kernel", "Adam/lr", "gradients/m/a/MatMul_grad/MatMul_1")
            .Of(name).ShouldBe("optimizer m/a");

    [Fact]
    public void Albert_s_weights_are_shared_and_its_calls_are_modules()
    {
        Graphs graph = new Graphs().Add("group_0/inner_group_0/kernel", "VarHandleOp");
        string[] calls = ["group_0/layer_0", "group_0_1/layer_1", "group_0_2/layer_2"];
        foreach (string call in calls)
        {
            graph.Add($"{call}/ReadVariableOp", "ReadVariableOp", "group_0/inner_group_0/kernel").Add($"{call}/MatMul", "MatMul", "x", $"{call}/ReadVariableOp")
                .Add($"gradients/{call}/MatMul_grad/MatMul", "MatMul", $"{call}/MatMul");
        }

        graph.Place().SharedModules.ShouldBe(["group_0/inner_group_0"]);
        graph.Of("group_0_2/layer_2/MatMul").ShouldBe("forward group_0_2/layer_2");
        graph.Of("gradients/group_0_1/layer_1/MatMul_grad/MatMul").ShouldBe("backward group_0_1/layer_1");
    }

    [Fact]
    public void Weights_that_one_module_reads_are_not_shared() =>
        new Graphs().Add("w/kernel", "VarHandleOp").Add("m/ReadVariableOp", "ReadVariableOp", "w/kernel").Place().SharedModules.ShouldBeEmpty();

    [Fact]
    public void A_cycle_ends_the_walk()
    {
        Graphs graph = new Graphs().Layer("m/a").Add("m/a/kernel/adam_m", "VarHandleOp")
            .Add("NextIteration", "NextIteration", "Merge").Add("Merge", "Merge", "NextIteration", "m/a/kernel/adam_m").Add("self", "Add", "self");
        graph.Of("Merge").ShouldBe("optimizer m/a");
        graph.Of("self").ShouldBe("forward");
    }

    [Fact]
    public void A_very_deep_graph_does_not_overflow_the_stack()
    {
        Graphs graph = new Graphs().Layer("m/a").Add("m/a/kernel/adam_m", "VarHandleOp").Add("n0", "Mul", "m/a/kernel/adam_m");
        for (int i = 1; i < 100_000; i++)
        {
            graph.Add($"n{i}", "Mul", $"n{i - 1}");
        }

        graph.Of("n99999").ShouldBe("optimizer m/a");
    }

    [Theory]
    [InlineData("a/", "MatMul", "MatMul")]
    [InlineData("a/", "kernel", "VarHandleOp")]
    [InlineData("a_grad/", "MatMul", "MatMul")]
    [InlineData("gradients/", "MatMul", "MatMul")]
    [InlineData("ConstantFolding/", "MatMul", "MatMul")]
    [InlineData("/_1", "x", "MatMul")]
    [InlineData("_1", "x", "MatMul")]
    public void TensorFlowNaming_name_of_a_hundred_thousand_segments_is_placed_at_a_bounded_depth(string segment, string leaf, string type)
    {
        string name = "m" + string.Concat(Enumerable.Repeat(segment, 100_000)) + leaf;
        string module = new Graphs().Add(name, type, "x").Add("user", "MatMul", name).Place().ByName[name].Module;
        module.Count(c => c == '/').ShouldBeLessThan(1000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("gradients")]
    [InlineData("gradients/")]
    [InlineData("//a//")]
    [InlineData("_grad")]
    public void Odd_names_are_placed_somewhere(string name) => new Graphs().Add(name, "MatMul", name, "^", ":").Place().ByName.Keys.ShouldContain(name);

    [Theory]
    [InlineData("a/b:1", "a/b")]
    [InlineData("^a/b", "a/b")]
    [InlineData("a/b", "a/b")]
    [InlineData("a:b", "a:b")]
    [InlineData("a:", "a:")]
    public void An_input_s_operation_is_its_name_without_output_and_control_mark(string input, string operation) =>
        TensorFlowNames.Base(input).ShouldBe(operation);

    [Fact]
    public void Control_inputs_carry_no_data() =>
        new Graphs().Layer("m/a").Add("m/a/kernel/adam_m", "VarHandleOp").Add("after", "Mul", "^m/a/kernel/adam_m").Of("after").ShouldBe("forward");

    /// <summary>m/a/kernel with slot adam_m, its gradient, and AdamWeightDecay's arithmetic as BERT writes it: without scope.</summary>
    private static Graphs Adam() => new Graphs().Layer("m/a")
        .Add("m/a/kernel/adam_m", "VarHandleOp")
        .Add("ReadVariableOp_1", "ReadVariableOp", "m/a/kernel/adam_m")
        .Add("mul_1", "Mul", "ReadVariableOp_1", "beta")
        .Add("sub_2", "Sub", "one", "beta")
        .Add("AssignVariableOp", "AssignVariableOp", "m/a/kernel", "sub_2");
}
