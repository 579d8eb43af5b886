using Smaragdine.Formats.Files;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

public class RealTimelinesTests
{
    private const string Kitti = "data/tf-timeline/rogerluo1995_KittiBox__timeline_01.json";
    private const string Merged = "data/tf-timeline/ikhlestov_tensorflow_profiling__GPU_timeline_03_merged_5_runs.json";
    private const string Gpu0 = "data/tf-timeline/ikhlestov_tensorflow_profiling__GPU_timeline_02_step_0.json";
    private const string Cpu0 = "data/tf-timeline/ikhlestov_tensorflow_profiling__CPU_timeline_02_step_0.json";
    private const string RunMeta = "data/tf-runmetadata/tensorflow_tensorflow__core_profiler_internal_testdata_run_meta.pb";
    private const string Bert = "recordings/tensorflow/bert-base-finetune";

    [SharedFact(Kitti)]
    public void KittiBox_counts_each_kernel_once()
    {
        (Trace trace, List<Warning> warnings) = Timelines.Read(Timelines.Open(Kitti), step: null);
        warnings.ShouldBeEmpty();
        trace.Steps.Count.ShouldBe(1);
        DeviceTrace gpu = trace.Devices.Single(d => d.Id == DeviceId.Gpu(0));
        gpu.Spans.Count.ShouldBe(4789 + 21);
        gpu.BusySeconds().ShouldBe(1.85, 0.005);
        gpu.Spans().Count(s => s.EndsWith("Waits, Copy", StringComparison.Ordinal)).ShouldBe(21);
        gpu.Spans.Lanes.ToArray().Distinct().Order().ShouldBe([7, 13, 14, 15, 18, 19]);
        DeviceTrace cpu = trace.Devices.Single(d => d.Id == DeviceId.Cpu());
        cpu.Spans.Count.ShouldBe(296 + 4 - 2);
        cpu.Spans().Count(s => s.EndsWith("Dispatch", StringComparison.Ordinal)).ShouldBe(295);
    }

    [SharedFact(Gpu0)]
    public void Ikhlestov_has_38_kernels_and_7_copies()
    {
        (Trace trace, List<Warning> warnings) = Timelines.Read(Timelines.Open(Gpu0), step: null);
        warnings.ShouldBeEmpty();
        DeviceTrace gpu = trace.Devices.Single(d => d.Id == DeviceId.Gpu(0));
        gpu.Spans.Count.ShouldBe(45);
        gpu.Operations.Sum(o => o.Traits.HasFlag(OperationTraits.Copy) ? gpu.Spans.Operations.Count(gpu.Operations.IndexOf(o)) : 0).ShouldBe(7);
        trace.Clock.HasEpoch.ShouldBeTrue();
        trace.Clock.Description.ShouldBe("Unix time in µs");
    }

    [SharedFact(Cpu0)]
    public void A_machine_without_a_GPU_has_one_device()
    {
        (Trace trace, List<Warning> warnings) = Timelines.Read(Timelines.Open(Cpu0), step: null);
        warnings.ShouldBeEmpty();
        trace.Devices.Single().Id.ShouldBe(DeviceId.Cpu());
        trace.SpanCount.ShouldBe(66);
    }

    [SharedFact(Merged)]
    public void Five_merged_runs_are_five_steps()
    {
        (Trace trace, List<Warning> warnings) = Timelines.Read(Timelines.Open(Merged), step: null);
        warnings.ShouldBeEmpty();
        trace.Steps.Select(s => s.Number).ShouldBe([1, 2, 3, 4, 5]);
        DeviceTrace gpu = trace.Devices.Single(d => d.Id == DeviceId.Gpu(0));
        gpu.Spans.Count.ShouldBe(190 + 31);
        gpu.Spans.Steps.ToArray().CountBy(s => s).Select(s => s.Value).ShouldAllBe(n => n >= 44 && n <= 45);
        trace.Devices.Single(d => d.Id == DeviceId.Cpu()).Spans.Steps.ToArray().CountBy(s => s).OrderBy(s => s.Key).Select(s => s.Value)
            .Sum().ShouldBe(84 + 321 - 10);
    }

    [SharedFact(RunMeta)]
    public void RunMetadata_of_2017_is_read_by_its_labels()
    {
        List<Warning> warnings = [];
        TensorFlowTraceBuilder builder = new(warnings.Add);
        builder.AddRunMetadata(Timelines.Open(RunMeta), step: null);
        Trace trace = builder.Build(null);
        warnings.ShouldBeEmpty();
        DeviceTrace gpu = trace.Devices.Single(d => d.Id == DeviceId.Gpu(0));
        gpu.Spans.Count.ShouldBe(23);
        gpu.Operations.Select(o => $"{o.Name} {o.Type} {o.Traits}").ShouldBe(
            ["Conv2D Conv2D None", "Conv2D_1 Conv2D None", "Conv2D Conv2D Waits, Copy", "Conv2D_1/_0 _Send Waits, Copy"],
            ignoreOrder: true);
        DeviceTrace cpu = trace.Devices.Single(d => d.Id == DeviceId.Cpu());
        cpu.Operations.Single(o => o.Type == "_Retval").Inputs.ShouldBe(["Conv2D_1/_1"]);
        cpu.Operations.Single(o => o.Name == "Conv2D").Outputs.Single().ElementType.ShouldBe("float32");
        trace.Clock.Description.ShouldBe("Unix time in µs");
    }

    [SharedTheory(Bert)]
    [InlineData(1)]
    [InlineData(2)]
    public void Both_readers_give_the_same_spans_of_one_step(int step)
    {
        TensorFlowTraceBuilder json = new(Fail);
        json.AddTimeline(Timelines.Open($"{Bert}/timeline-{step}.json.gz"), step);
        TensorFlowTraceBuilder proto = new(Fail);
        proto.AddRunMetadata(Timelines.Open($"{Bert}/run_metadata-{step}.pb.gz"), step);
        (string Name, long Start, long End)[] left = Listed(json.Build(null));
        (string Name, long Start, long End)[] right = Listed(proto.Build(null));
        left.Length.ShouldBe(right.Length);
        left.Length.ShouldBe(6678);
        for (int i = 0; i < left.Length; i++)
        {
            left[i].Name.ShouldBe(right[i].Name);
            (right[i].Start - left[i].Start).ShouldBeInRange(0, 999);
            (right[i].End - left[i].End).ShouldBeInRange(-1000, 1000);
        }
    }

    [SharedFact(Bert)]
    public void RunMetadata_wins_where_a_step_has_both()
    {
        TensorFlowTraceBuilder both = new(Fail);
        both.AddTimeline(Timelines.Open($"{Bert}/timeline-1.json.gz"), 1);
        both.AddRunMetadata(Timelines.Open($"{Bert}/run_metadata-1.pb.gz"), 1);
        both.AddTimeline(Timelines.Open($"{Bert}/timeline-3.json.gz"), 3);
        Trace trace = both.Build(null);
        trace.Steps.Select(s => s.Number).ShouldBe([1, 3]);
        DeviceTrace cpu = trace.Devices.Single();
        cpu.Spans.Steps.ToArray().Count(s => s == 1).ShouldBe(6678);
        cpu.Spans.Starts.ToArray().ShouldContain(s => s % 1000 != 0);
        cpu.Operations.ShouldContain(o => o.Type == "_MklMatMul" && o.Outputs.Count > 0 && o.Outputs[0].ElementType == "float32");
        trace.Clock.Error.Nanoseconds.ShouldBe(1000);
    }

    [SharedFact("recordings/tensorflow")]
    public void Every_recorded_folder_is_read_without_a_warning()
    {
        string root = Path.Combine(SharedData.Shared, "recordings/tensorflow");
        foreach (string path in Directory.GetFiles(root, "timeline-2.json.gz", SearchOption.AllDirectories))
        {
            using (BoundedStream head = InputFile.Open(path))
            {
                Recognise(head).ShouldBe(TensorFlowFormat.Timeline, path);
            }

            using BoundedStream stream = InputFile.Open(path);
            (Trace trace, List<Warning> warnings) = Timelines.Read(stream);
            warnings.ShouldBeEmpty(path);
            trace.SpanCount.ShouldBeGreaterThan(500, path);
        }
    }

    [SharedFact("data")]
    public void Other_programs_files_are_not_taken_for_ours()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(SharedData.Shared, "data"), "*", SearchOption.AllDirectories))
        {
            using BoundedStream stream = InputFile.Open(path);
            bool ours = path.Contains("tf-timeline", StringComparison.Ordinal) || path.Contains("tf-runmetadata", StringComparison.Ordinal);
            (Recognise(stream) is not TensorFlowFormat.None).ShouldBe(ours, path);
        }
    }

    [SharedFact(Bert)]
    public void RunMetadata_whose_gzip_was_cut_keeps_what_is_whole()
    {
        byte[] packed = File.ReadAllBytes(Path.Combine(SharedData.Shared, Bert, "run_metadata-1.pb.gz"));
        List<Warning> warnings = [];
        TensorFlowTraceBuilder builder = new(warnings.Add);
        builder.AddRunMetadata(InputFile.Wrap(new MemoryStream(packed[..(packed.Length / 2)]), "r.pb.gz"), 1);
        int spans = builder.Build(null).SpanCount;
        spans.ShouldBeInRange(2000, 5000);
        warnings.ShouldHaveSingleItem().Text.ShouldEndWith($": the gzip data ends early or is damaged; the {spans + 1:N0} operations before it are kept");
    }

    private static TensorFlowFormat Recognise(BoundedStream stream)
    {
        byte[] head = new byte[TensorFlowFormats.HeadBytes];
        return TensorFlowFormats.Recognise(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    private static (string Name, long Start, long End)[] Listed(Trace trace)
    {
        DeviceTrace device = trace.Devices.Single();
        List<(string Name, long Start, long End)> spans = [];
        for (int i = 0; i < device.Spans.Count; i++)
        {
            Operation operation = device.Operations[device.Spans.Operations[i]];
            string name = $"{operation.Name} {operation.Type} {string.Join(' ', operation.Inputs)}";
            spans.Add((name, device.Spans.Starts[i], device.Spans.Ends[i]));
        }

        return [.. spans.OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Start)];
    }

    private static void Fail(Warning warning) => throw new InvalidOperationException(warning.ToString());
}
