using Smaragdine.Footprints;
using Smaragdine.Footprints.Pictures;
using Smaragdine.Traces;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Footprints.Pictures;

public sealed class DataFlowTests
{
    [Fact]
    public void Each_tensor_between_two_rows_is_one_edge_with_its_bytes()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        Add(cpu, new("m/a", "A", [], OperationTraits.None) { Outputs = [new(0, "float32", [2], 8), new(1, "float32", [3], 12)] });
        Add(cpu, new("m/b", "B", ["m/a", "m/a:1", "^m/a", "elsewhere"], OperationTraits.None));
        Add(cpu, new("m/c", "C", ["m/b", "m/c"], OperationTraits.None));
        Edges(cpu).ShouldBe([new(0, 1, 20), new(1, 2, null)]);
    }

    [Fact]
    public void Control_inputs_and_loops_are_no_data_flow()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        Add(cpu, new("m/a", "A", ["^m/b", "m/a"], OperationTraits.None));
        Add(cpu, new("m/b", "B", ["^m/a"], OperationTraits.None));
        Edges(cpu).ShouldBeEmpty();
    }

    [Fact]
    public void Several_operations_of_one_name_are_one_row_and_count_each_tensor_once()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        Add(cpu, new("m/a", "A", [], OperationTraits.None) { Outputs = [new(0, "float32", [2], 8)] });
        Add(cpu, new("m/b", "B", ["m/a"], OperationTraits.None));
        Add(cpu, new("m/b", "B", ["m/a", "m/x"], OperationTraits.None));
        Edges(cpu).ShouldBe([new(0, 1, 8)]);
    }

    [Fact]
    public void A_tensor_that_is_made_twice_a_step_counts_twice()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        Add(cpu, new("m/a", "A", [], OperationTraits.None) { Outputs = [new(0, "float32", [2], 8)] });
        cpu.Spans.Add(Ns(0.5), Ns(0.6), 0, 1, 0);
        Add(cpu, new("m/b", "B", ["m/a:0"], OperationTraits.None));
        Edges(cpu).ShouldBe([new(0, 1, 16)]);
    }

    [Fact]
    public void Data_flows_between_devices()
    {
        DeviceTrace cpu = new(DeviceId.Cpu());
        Add(cpu, new("m/a", "A", [], OperationTraits.None));
        DeviceTrace gpu = new(DeviceId.Gpu(0));
        Add(gpu, new("m/b", "B", ["m/a"], OperationTraits.None));
        Edges(cpu, gpu).ShouldBe([new(0, 1, null)]);
    }

    private static void Add(DeviceTrace device, Operation operation)
    {
        device.Spans.Add(Ns(device.Operations.Count), Ns(device.Operations.Count + 1), device.Operations.Count, 1, 0);
        device.Operations.Add(operation);
    }

    private static IReadOnlyList<DataFlowEdge> Edges(params DeviceTrace[] devices)
    {
        Trace trace = TraceOf(devices);
        Footprint footprint = FootprintOf(trace, DeviceId.Cpu(), TenWatts);
        return DataFlow.Of(trace, footprint.Operations, new(footprint.Operations));
    }
}
