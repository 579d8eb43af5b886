using System.IO.Compression;
using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

/// <summary>Traces made for tests, and what reading them gave.</summary>
internal static class Timelines
{
    public const string CpuRow = "/job:localhost/replica:0/task:0/device:CPU:0 Compute";

    /// <summary>A moment in 2026, Unix µs.</summary>
    public const long Now = 1_795_247_904_383_639;

    public static BoundedStream Stream(string json, string name = "t.json") => InputFile.Wrap(new MemoryStream(Encoding.UTF8.GetBytes(json)), name);

    public static string Row(int pid, string device) => $$$"""{"name": "process_name", "ph": "M", "pid": {{{pid}}}, "args": {"name": "{{{device}}}"}}""";

    public static string Event(string name, string type, string start, string duration, int pid = 1, string more = "") =>
        $$$"""{"ph": "X", "cat": "Op", "name": "{{{type}}}", "pid": {{{pid}}}, "tid": 3, "ts": {{{start}}}, "dur": {{{duration}}}, "args": {"name": "{{{name}}}", "op": "{{{type}}}"{{{more}}}}}""";

    public static string Document(params string[] events) => $$"""{"traceEvents": [{{string.Join(",\n", events)}}]}""";

    public static (Trace Trace, List<Warning> Warnings) Read(string json, int? step = 1) => Read(Stream(json), step);

    public static (Trace Trace, List<Warning> Warnings) Read(BoundedStream stream, int? step = 1)
    {
        List<Warning> warnings = [];
        TensorFlowTraceBuilder builder = new(warnings.Add);
        builder.AddTimeline(stream, step);
        return (builder.Build(null), warnings);
    }

    public static BoundedStream Open(string shared) => InputFile.Open(Path.Combine(SharedData.Shared, shared));

    public static byte[] Gzip(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    /// <summary>Every span of a device as text that sorts.</summary>
    public static string[] Spans(this DeviceTrace device)
    {
        List<string> spans = [];
        for (int i = 0; i < device.Spans.Count; i++)
        {
            Operation operation = device.Operations[device.Spans.Operations[i]];
            spans.Add($"{device.Spans.Starts[i]}..{device.Spans.Ends[i]} {operation.Name}:{operation.Type} {operation.Traits}");
        }

        spans.Sort(StringComparer.Ordinal);
        return [.. spans];
    }

    /// <summary>Union of the spans' intervals, s.</summary>
    public static double BusySeconds(this DeviceTrace device)
    {
        long busy = 0;
        long reach = long.MinValue;
        foreach ((long start, long end) in device.Spans.Starts.ToArray().Zip(device.Spans.Ends.ToArray()).Order())
        {
            busy += Math.Max(0, end - Math.Max(start, reach));
            reach = Math.Max(reach, end);
        }

        return busy / 1e9;
    }
}
