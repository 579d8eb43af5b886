using System.IO.Compression;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;
using static Smaragdine.Tests.Formats.Traces.TensorFlow.Timelines;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

/// <summary>Plain events are read without the general JSON reader: both must see the same.</summary>
public class PlainEventsTests
{
    /// <summary>An escape in every event's first key, which only the general reader undoes.</summary>
    private static string ForGeneralReader(string json) => json.Replace("\"ph\":", "\"\\u0070h\":", StringComparison.Ordinal);

    [Fact]
    public void Both_readers_see_the_same_in_a_real_step()
    {
        string path = Path.Combine(SharedData.Sample("bert-base-finetune"), "timeline-5.json.gz");
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        string json = reader.ReadToEnd();
        Same(json);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("-0")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e3")]
    [InlineData("1.25")]
    [InlineData("-")]
    [InlineData("\"5\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("5 }")]
    [InlineData("5,,\"a\":1")]
    public void Both_readers_see_the_same_in_an_odd_duration(string duration)
    {
        string good = Event("a/MatMul", "MatMul", $"{Now}", "5");
        Same(Document(Row(1, CpuRow), good, good, Event("b/MatMul", "MatMul", $"{Now + 9}", duration), good));
    }

    private static void Same(string json)
    {
        (Trace plain, List<Warning> warnings) = Read(json);
        (Trace general, List<Warning> generalWarnings) = Read(ForGeneralReader(json));
        plain.Devices.SelectMany(d => d.Spans()).ShouldBe(general.Devices.SelectMany(d => d.Spans()));
        plain.Devices.SelectMany(d => d.Operations).Select(o => string.Join(';', o.Inputs))
            .ShouldBe(general.Devices.SelectMany(d => d.Operations).Select(o => string.Join(';', o.Inputs)));
        warnings.Select(w => w.Code).ShouldBe(generalWarnings.Select(w => w.Code));
    }
}
