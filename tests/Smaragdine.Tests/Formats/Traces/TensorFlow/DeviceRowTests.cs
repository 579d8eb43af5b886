using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Traces;
using static Smaragdine.Tests.Formats.Traces.TensorFlow.Timelines;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

public class DeviceRowTests
{
    [Theory]
    [InlineData("/job:localhost/replica:0/task:0/device:CPU:0 Compute", "Cpu", 0, null)]
    [InlineData("/job:localhost/replica:0/task:0/cpu:0", "Cpu", 0, null)]
    [InlineData("/host:CPU", "Cpu", 0, null)]
    [InlineData("/job:worker/replica:0/task:1/device:GPU:3 Compute", "Dispatch", 3, null)]
    [InlineData("/job:localhost/replica:0/task:0/gpu:0 Compute", "Dispatch", 0, null)]
    [InlineData("/device:GPU:2/stream:all Compute", "StreamAll", 2, null)]
    [InlineData("/gpu:0/stream:all Compute", "StreamAll", 0, null)]
    [InlineData("/device:GPU:0/stream:18 Compute", "Stream", 0, 18)]
    [InlineData("/gpu:1/memcpy Compute", "Memcpy", 1, null)]
    [InlineData("/gpu:0 (Tesla V100-SXM2-16GB)/context#0/stream#1:Kernel Compute", "ContextStream", 0, 1)]
    [InlineData("/gpu:0 (Tesla V100-SXM2-16GB)/context#0/null stream", "ContextStream", 0, 0)]
    [InlineData("/gpu:0 (Tesla V100-SXM2-16GB)/context#0/stream#2:MemcpyHtoD", "ContextStream", 0, 2)]
    [InlineData("/job:localhost/replica:0/task:0/device:CPU:0 Tensors", "NoSpans", 0, null)]
    [InlineData("Allocators", "NoSpans", 0, null)]
    [InlineData("/device:TPU:0 Compute", "Unknown", 0, null)]
    [InlineData("/device:GPU:99999999999/stream:all", "Unknown", 0, null)]
    public void Rows_are_told_by_their_device(string device, string kind, int index, int? stream)
    {
        DeviceRow row = DeviceRow.Parse(device);
        (row.Kind.ToString(), row.Device, row.Stream).ShouldBe((kind, index, stream));
        row.Copies.ShouldBe(device.Contains("emcpy", StringComparison.Ordinal));
    }

    [Fact]
    public void Tasks_are_ranks()
    {
        (Trace trace, List<Warning> warnings) = Read(Document(
            Row(1, "/job:worker/replica:0/task:1/device:CPU:0 Compute"), Row(2, "/job:ps/replica:0/task:0/device:CPU:0 Compute"),
            Row(3, "/job:worker/replica:0/task:1/device:GPU:0 Compute"), Row(4, "/device:GPU:0/stream:all Compute"),
            Event("a", "RecvTensor", $"{Now}", "5", 1), Event("b", "Mul", $"{Now}", "5", 2), Event("c", "NcclAllReduce", $"{Now}", "5", 3), Event("c", "Mul", $"{Now}", "5", 4)));
        warnings.ShouldBeEmpty();
        trace.Devices.Select(d => d.Id.ToString()).ShouldBe(["0/CPU:0", "1/CPU:0", "1/GPU:0"]);
        trace.Devices[1].Operations.Select(o => o.Traits).ShouldBe([OperationTraits.Waits, OperationTraits.Collective | OperationTraits.Dispatch]);
    }

    [Fact]
    public void Dispatch_without_kernels_is_told()
    {
        (Trace trace, List<Warning> warnings) = Read(Document(Row(1, "/job:localhost/replica:0/task:0/device:GPU:0 Compute"), Event("a", "Mul", $"{Now}", "5")));
        trace.Devices.Single().Id.ShouldBe(DeviceId.Cpu());
        trace.Devices.Single().Operations.Single().Traits.ShouldBe(OperationTraits.Dispatch);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("gpu-dispatch-only");
        warning.Text.ShouldStartWith("the trace shows operations being sent to a GPU, but not the GPU running them (no `stream` rows): GPU time is unknown");
    }

    [Fact]
    public void Kernels_of_several_GPUs_in_one_row_are_told()
    {
        (_, List<Warning> warnings) = Read(Document(
            Row(1, "/job:localhost/replica:0/task:0/device:GPU:0 Compute"), Row(2, "/job:localhost/replica:0/task:0/device:GPU:1 Compute"),
            Row(3, "/device:GPU:0/stream:all Compute"),
            Event("a", "Mul", $"{Now}", "5"), Event("b", "Mul", $"{Now}", "5", 2), Event("b", "Mul", $"{Now}", "5", 3)));
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("gpu-rows-merged");
        warning.Text.ShouldStartWith("operations were sent to GPUs 0, 1, but every kernel stands under GPU:0: TensorFlow up to 1.12");
    }

    [Fact]
    public void GPU_rows_on_another_clock_are_left_out_loudly()
    {
        (Trace trace, List<Warning> warnings) = Read(Document(
            Row(1, "/job:localhost/replica:0/task:0/device:GPU:0 Compute"), Row(3, "/device:GPU:0/stream:all Compute"),
            Event("a", "Mul", $"{Now}", "5"), Event("b", "Mul", "123456", "5", 3), Event("c", "Mul", "123458", "5", 3)));
        trace.Devices.Single().Id.ShouldBe(DeviceId.Cpu());
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("gpu-epoch");
        warning.Text.ShouldBe(
            "1 row of GPU spans (2 listed) count time from another moment than the host's rows (tensorflow#72156): they cannot be placed and are"
            + " left out; no GPU energy of these steps goes to operations; first: `/device:GPU:0/stream:all Compute` in t.json");
    }

    [Fact]
    public void A_function_s_source_opens_no_run()
    {
        (Trace trace, _) = Read(
            Document(
                Row(1, CpuRow), Event("_SOURCE", "NoOp", $"{Now}", "1"), Event("call", "PartitionedCall", $"{Now + 2}", "100"),
                Event("_SOURCE", "NoOp", $"{Now + 5}", "1"), Event("f/Mul", "Mul", $"{Now + 8}", "10"),
                Event("_SOURCE", "NoOp", $"{Now + 200}", "1"), Event("x", "Mul", $"{Now + 208}", "10")),
            step: null);
        trace.Steps.Select(s => s.Number).ShouldBe([1, 2]);
        trace.Devices.Single().Spans.Steps.ToArray().ShouldBe([1, 1, 2]);
    }

    /// <summary>A kernel or copy: start, duration, name, stream, copy.</summary>
    private sealed record Kernel(int Start, int Duration, int Name, int Stream, bool Copy)
    {
        public string Type => Copy ? "MEMCPYHtoD" : $"Op{Name % 2}";
    }

    private static string Write(IEnumerable<(string Device, Kernel Kernel, bool Annotated)> rows)
    {
        List<string> events = [];
        string[] devices = [.. rows.Select(r => r.Device).Distinct()];
        foreach ((string device, Kernel k, bool annotated) in rows)
        {
            events.Add(Event(
                annotated ? $"n{k.Name}:{k.Type}::kernel" : $"n{k.Name}", annotated ? "unknown" : k.Type, $"{Now + k.Start}", $"{k.Duration}",
                Array.IndexOf(devices, device)));
        }

        return Document([.. events, .. devices.Select((d, i) => Row(i, d + " Compute"))]);
    }

    [Fact]
    public void Every_generation_of_rows_gives_the_same_spans()
    {
        Gen<Kernel[]> kernels =
            (from start in Gen.Choose(0, 3)
             from duration in Gen.Choose(0, 2)
             from name in Gen.Choose(0, 2)
             from stream in Gen.Choose(1, 3)
             from copy in Gen.Choose(0, 2)
             select new Kernel(start, duration, name, stream, copy == 0)).NonEmptyListOf().Select(k => k.ToArray());
        Prop.ForAll(kernels.ToArbitrary(), multiset =>
        {
            string[] expected =
            [
                .. multiset.Select(k => $"{Now + k.Start}000..{Now + k.Start + k.Duration}000 n{k.Name}:{k.Type} {(k.Copy ? "Waits, Copy" : "None")}")
                    .Order(StringComparer.Ordinal),
            ];
            string[] documents =
            [
                Write(multiset.SelectMany(k => Old(k, "/gpu:0"))),
                Write(multiset.SelectMany(k => Old(k, "/device:GPU:0"))),
                Write(multiset.SelectMany(Context)),
                Write(multiset.Select(k => ($"/device:GPU:0/stream:{k.Stream}", k, false))),
                Write(multiset.Select(k => ("/device:GPU:0/stream:all", k, false))),
            ];
            foreach (string document in documents)
            {
                (Trace trace, List<Warning> warnings) = Read(document);
                warnings.ShouldBeEmpty();
                trace.Devices.Single().Id.ShouldBe(DeviceId.Gpu(0));
                trace.Devices.Single().Spans().ShouldBe(expected);
            }
        }).QuickCheckThrowOnFailure();

        static IEnumerable<(string, Kernel, bool)> Old(Kernel k, string gpu) =>
            [($"{gpu}/{(k.Copy ? "memcpy" : "stream:all")}", k, false), ($"{gpu}/stream:{k.Stream}", k, false)];

        static IEnumerable<(string, Kernel, bool)> Context(Kernel k) =>
        [
            ("/device:GPU:0/stream:all", k, false),
            ($"/gpu:0 (Tesla V100)/context#0/{(k.Stream == 1 ? "null stream" : $"stream#{k.Stream}:{(k.Copy ? "MemcpyHtoD" : "Kernel")}")}", k, true),
        ];
    }
}
