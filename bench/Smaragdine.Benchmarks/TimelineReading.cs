using BenchmarkDotNet.Attributes;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Traces;

namespace Smaragdine.Benchmarks;

/// <summary>JSON to spans, on one core. A timeline of 200,000 operation events has 113 MB: MB/s = 113 / seconds.</summary>
public class TimelineReading
{
    private byte[] timeline = [];

    [Params(200_000)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Make() => timeline = RepeatedStep.Timeline(Events);

    /// <summary>The reader alone: what `JSON reading ≥ 200 MB/s` is about.</summary>
    [Benchmark]
    public int Read()
    {
        TensorFlowTraceBuilder builder = new(static _ => { });
        using BoundedStream stream = InputFile.Wrap(new MemoryStream(timeline), "timeline.json");
        builder.AddTimeline(stream, step: null);
        return timeline.Length;
    }

    /// <summary>And devices, runs and steps made of it.</summary>
    [Benchmark]
    public int ReadAndBuild() => RepeatedStep.Read(timeline).SpanCount;
}
