using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Formats.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Core.Footprints.Naming;

/// <summary>Names of whole models: what docs/measurement-model.md promises of them, checked against a walk by brute force.</summary>
public sealed class SampleNamingTests
{
    private static readonly Lazy<Trace> Bert = new(() => Read("bert-base-finetune"));
    private static readonly Lazy<Trace> Albert = new(() => Read("albert-base-finetune"));

    [Fact]
    public void The_optimizer_s_time_lands_in_the_module_of_the_variable_that_it_updates()
    {
        DeviceTrace cpu = Bert.Value.Devices.Single();
        Placements placements = new TensorFlowNaming().Place(cpu.Operations);
        Dictionary<string, Operation> byName = [];
        Dictionary<string, List<string>> consumers = [];
        foreach (Operation operation in cpu.Operations)
        {
            byName.TryAdd(operation.Name, operation);
            foreach (string input in operation.Inputs.Where(i => !i.StartsWith('^')))
            {
                string from = input.Split(':')[0];
                (consumers.TryGetValue(from, out List<string>? list) ? list : consumers[from] = []).Add(operation.Name);
            }
        }

        double all = 0;
        double right = 0;
        foreach ((string name, double seconds) in Seconds(cpu))
        {
            if (placements.ByName[name].Pass is not Pass.Optimizer || name.Contains("clip_by_global_norm") || name.Contains("global_norm"))
            {
                continue;
            }

            all += seconds;
            // Everything that an operation's result can flow into; its module is where all variables that are assigned there lie.
            HashSet<string> modules = [];
            HashSet<string> seen = [name];
            Queue<string> open = new([name]);
            while (open.TryDequeue(out string? at))
            {
                if (byName.TryGetValue(at, out Operation? operation) && operation.Type.StartsWith("Assign", StringComparison.Ordinal))
                {
                    modules.Add(ModuleOfVariable(operation.Inputs[0].Split(':')[0]));
                }

                foreach (string next in consumers.GetValueOrDefault(at, []).Where(seen.Add))
                {
                    open.Enqueue(next);
                }
            }

            right += modules.Count == 1 && modules.Single() == placements.ByName[name].Module ? seconds : 0;
        }

        all.ShouldBeGreaterThan(0.1);
        (right / all).ShouldBeGreaterThanOrEqualTo(0.99);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_gradient_lies_in_the_module_of_its_forward_operation(bool albert)
    {
        DeviceTrace cpu = (albert ? Albert : Bert).Value.Devices.Single();
        Placements placements = new TensorFlowNaming().Place(cpu.Operations);
        int found = 0;
        foreach (string name in cpu.Operations.Select(o => o.Name).Distinct().Where(n => n.StartsWith("gradients/", StringComparison.Ordinal)))
        {
            Placement place = placements.ByName[name];
            place.Pass.ShouldBe(Pass.Backward, name);
            int grad = name.IndexOf("_grad/", StringComparison.Ordinal);
            if (grad >= 0 && placements.ByName.TryGetValue(name["gradients/".Length..grad], out Placement forward))
            {
                place.Module.ShouldBe(forward.Module, name);
                found++;
            }
        }

        found.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Folding_makes_one_row_of_bert_s_twelve_layers()
    {
        ModuleNode folded = Fold(Bert.Value, out _);
        ModuleNode layers = folded.Walk().Single(n => n.Name == "layer_*" && n.Path.StartsWith("bert/encoder/", StringComparison.Ordinal) && n.Depth == 3);
        layers.Members!.Count.ShouldBe(12);
        folded.At("bert/encoder").Children.Count(c => c.Name.StartsWith("layer_", StringComparison.Ordinal)).ShouldBe(1);
        layers.Children.Select(c => c.Name).ShouldBe(["attention", "intermediate", "output"], ignoreOrder: true);
    }

    [Fact]
    public void Albert_s_weights_are_shared_and_its_twelve_calls_one_row()
    {
        ModuleNode folded = Fold(Albert.Value, out Placements placements);
        placements.SharedModules.ShouldContain(m => m.EndsWith("group_0/inner_group_0", StringComparison.Ordinal));
        ModuleNode group = folded.Walk().Single(n => n.Name == "group_0_*");
        group.Members!.Count.ShouldBe(12);
        group.Children.Single(c => c.Name == "layer_*").Members!.Count.ShouldBe(12);
        group.Children.Single(c => c.Name == "inner_group_0").Kind.ShouldBe(ModuleKind.Shared);
    }

    private static string ModuleOfVariable(string variable)
    {
        string[] parts = [.. variable.Split('/').Where(p => p is not ("adam_m" or "adam_v"))];
        return string.Join('/', parts[..^1]);
    }

    private static Dictionary<string, double> Seconds(DeviceTrace device)
    {
        Dictionary<string, double> seconds = [];
        for (int i = 0; i < device.Spans.Count; i++)
        {
            string name = device.Operations[device.Spans.Operations[i]].Name;
            seconds[name] = seconds.GetValueOrDefault(name) + ((device.Spans.Ends[i] - device.Spans.Starts[i]) / 1e9);
        }

        return seconds;
    }

    private static ModuleNode Fold(Trace trace, out Placements placements)
    {
        placements = new TensorFlowNaming().Place(trace.Devices.Single().Operations);
        Footprint footprint = FootprintBuilder.Build(new(trace, new Dictionary<DeviceId, Smaragdine.Attribution.DevicePower>(), new TensorFlowNaming()), _ => { });
        return Folding.Fold(ModuleTree.Build(footprint.Operations, footprint.SharedModules, footprint.Steps.Count), footprint.Steps.Count);
    }

    private static Trace Read(string sample) => RecordingReader.Read(SharedData.Sample(sample), new(new HashSet<int> { 1 }), _ => { }).Trace;
}
