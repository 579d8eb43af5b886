using Google.Protobuf;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Formats.Traces.TensorFlow.Wire;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

public class StepStatsReaderTests
{
    private const string Cpu = "/job:localhost/replica:0/task:0/device:CPU:0";

    private static NodeExecStats Node(string name, string label, long start = Timelines.Now, long duration = 5) =>
        new() { NodeName = name, TimelineLabel = label, AllStartMicros = start, AllEndRelMicros = duration, ScheduledMicros = 5_913_729_233_779_508 };

    private static byte[] Field(int number, params byte[][] contents)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            byte[] all = [.. contents.SelectMany(c => c)];
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(all));
        }

        return bytes.ToArray();
    }

    private static byte[] StepStats(params (string Device, NodeExecStats[] Nodes)[] devices) =>
    [
        .. devices.SelectMany(d => Field(
            1, [Field(1, System.Text.Encoding.UTF8.GetBytes(d.Device)), .. d.Nodes.Select(n => Field(2, n.ToByteArray()))])),
    ];

    private static byte[] RunMetadata(params (string Device, NodeExecStats[] Nodes)[] devices) =>
        [.. Field(1, StepStats(devices)), .. Field(3, [1, 2, 3])];

    private static (Trace Trace, List<Warning> Warnings) Read(byte[] bytes)
    {
        List<Warning> warnings = [];
        TensorFlowTraceBuilder builder = new(warnings.Add);
        builder.AddRunMetadata(InputFile.Wrap(new MemoryStream(bytes), "r.pb"), 1);
        return (builder.Build(null), warnings);
    }

    [Fact]
    public void Both_messages_are_read()
    {
        NodeExecStats[] nodes = [Node("_SOURCE", "_SOURCE = NoOp()"), Node("a/MatMul", "[CPU] a/MatMul = MatMul(x, y:1, ^z)")];
        foreach (byte[] bytes in (byte[][])[RunMetadata((Cpu, nodes)), StepStats((Cpu, nodes))])
        {
            (Trace trace, List<Warning> warnings) = Read(bytes);
            warnings.ShouldBeEmpty();
            trace.Devices.Single().Spans().ShouldBe([$"{Timelines.Now}000..{Timelines.Now + 5}000 a/MatMul:MatMul None"]);
            trace.Devices.Single().Operations.Single().Inputs.ShouldBe(["x", "y:1", "^z"]);
        }
    }

    [Fact]
    public void Nanoseconds_win_and_shapes_are_kept()
    {
        NodeExecStats node = Node("a", "a = Relu(b)");
        node.AllStartNanos = (Timelines.Now * 1000) + 605;
        node.AllEndRelNanos = 5051;
        node.Output.Add(new NodeOutput
        {
            Slot = 1,
            TensorDescription = new()
            {
                Dtype = 114,
                Shape = new() { Dim = { new TensorShape.Types.Dim { Size = 4 }, new TensorShape.Types.Dim { Size = -1 } } },
                AllocationDescription = new() { RequestedBytes = 96 },
            },
        });
        (Trace trace, _) = Read(RunMetadata((Cpu, [node])));
        DeviceTrace cpu = trace.Devices.Single();
        cpu.Spans.Starts[0].ShouldBe((Timelines.Now * 1000) + 605);
        cpu.Spans.Ends[0].ShouldBe((Timelines.Now * 1000) + 605 + 5051);
        TensorInfo tensor = cpu.Operations.Single().Outputs.Single();
        (tensor.Slot, tensor.ElementType, tensor.Bytes).ShouldBe((1, "bfloat16", 96));
        tensor.Shape.ShouldBe([4, -1]);
        trace.Clock.Description.ShouldBe("Unix time in ns");
        trace.Clock.Error.Nanoseconds.ShouldBe(1);
    }

    [Fact]
    public void Cut_anywhere_it_keeps_whole_nodes()
    {
        byte[] bytes = RunMetadata((Cpu, [Node("a", "a = Mul()"), Node("b", "b = Mul()"), Node("c", "c = Mul()")]));
        int whole = Read(bytes).Trace.SpanCount;
        whole.ShouldBe(3);
        int last = 0;
        for (int length = RunMetadata((Cpu, [Node("a", "a = Mul()")])).Length; length < bytes.Length - 5; length++)
        {
            (Trace trace, List<Warning> warnings) = Read(bytes[..length]);
            Warning warning = warnings.ShouldHaveSingleItem($"{length} of {bytes.Length}");
            warning.Code.ShouldBe("trace-cut");
            warning.Incomplete.ShouldBeTrue();
            warning.Text.ShouldStartWith("r.pb, byte ");
            warning.Text.ShouldEndWith($": the file ends inside a field; the {trace.SpanCount} operation{(trace.SpanCount == 1 ? " before it is" : "s before it are")} kept");
            trace.SpanCount.ShouldBeGreaterThanOrEqualTo(last);
            last = trace.SpanCount;
        }
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("\n\u0003abc")]
    [InlineData("{\"traceEvents\": []}")]
    public void Junk_is_refused(string junk) =>
        Should.Throw<RefusedInputException>(() => Read(System.Text.Encoding.UTF8.GetBytes(junk))).Message.ShouldBe(
            "r.pb: no RunMetadata or StepStats of TensorFlow: expected a protobuf that begins with a device's statistics");

    [Fact]
    public void Random_damage_never_throws_anything_else()
    {
        byte[] good = RunMetadata((Cpu, [.. Enumerable.Range(0, 20).Select(i => Node($"op{i}", $"op{i} = Mul(a{i})"))]));
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. good];
            for (int k = 0; k < 3; k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(bytes);
            }
            catch (RefusedInputException)
            {
                // nothing was left of it
            }
        }
    }

    [Fact]
    public void A_whole_timeline_beats_a_RunMetadata_that_was_cut()
    {
        byte[] bytes = RunMetadata((Cpu, [Node("a", "a = Mul()"), Node("b", "b = Mul()")]));
        List<Warning> warnings = [];
        TensorFlowTraceBuilder builder = new(warnings.Add);
        builder.AddRunMetadata(InputFile.Wrap(new MemoryStream(bytes[..^20]), "r.pb"), 1);
        builder.AddTimeline(
            Timelines.Stream(Timelines.Document(
                Timelines.Row(1, Cpu + " Compute"), Timelines.Event("a", "Mul", "1795247904383639", "1"), Timelines.Event("b", "Mul", "1795247904383639", "1"))),
            1);
        builder.Build(null).SpanCount.ShouldBe(2);
        warnings.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_timeline_adds_inputs_that_a_label_does_not_tell()
    {
        TensorFlowTraceBuilder builder = new(_ => { });
        builder.AddRunMetadata(InputFile.Wrap(new MemoryStream(RunMetadata((Cpu, [Node("a", "strange label")]))), "r.pb"), 1);
        builder.AddTimeline(
            Timelines.Stream(Timelines.Document(
                Timelines.Row(1, Cpu + " Compute"), Timelines.Event("a", "unknown", "1795247904383639", "1", more: ", \"input0\": \"b\""))),
            1);
        Operation operation = builder.Build(null).Devices.Single().Operations.Single();
        (operation.Name, operation.Type).ShouldBe(("a", "unknown"));
        operation.Inputs.ShouldBe(["b"]);
    }

    [Fact]
    public void Formats_are_told_by_content()
    {
        TensorFlowFormats.Recognise(RunMetadata((Cpu, [Node("a", "a = Mul()")]))).ShouldBe(TensorFlowFormat.RunMetadata);
        TensorFlowFormats.Recognise(StepStats((Cpu, [Node("a", "a = Mul()")]))).ShouldBe(TensorFlowFormat.StepStats);
        TensorFlowFormats.Recognise("  {\"traceEvents\": [{\"ph\": \"X\", \"cat\" : \"Op\""u8).ShouldBe(TensorFlowFormat.Timeline);
        TensorFlowFormats.Recognise("[{\"name\": \"process_name\", \"args\": {\"name\": \"Allocators\"}}"u8).ShouldBe(TensorFlowFormat.Timeline);
        TensorFlowFormats.Recognise("{\"schemaVersion\": 1, \"traceEvents\": [{\"ph\": \"X\", \"cat\": \"cpu_op\""u8).ShouldBe(TensorFlowFormat.None);
        TensorFlowFormats.Recognise("{\"traceEvents\": []}"u8).ShouldBe(TensorFlowFormat.None);
        TensorFlowFormats.Recognise([]).ShouldBe(TensorFlowFormat.None);
        TensorFlowFormats.Recognise([0x0a]).ShouldBe(TensorFlowFormat.None);
        TensorFlowFormats.Recognise([0x0a, 0xff, 0xff]).ShouldBe(TensorFlowFormat.None);
    }
}
