using System.Text.Json;
using Smaragdine.Footprints;
using Smaragdine.Formats.Exports.Stacks;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports;

/// <summary>
/// A file for speedscope: a `sampled` profile of energy for each quality that there is, in microjoules (the format has no unit for energy: its
/// unit is `none`, and the name says what it is), and one of time in seconds. A frame's `file` is its full name.
/// </summary>
public static class SpeedscopeExport
{
    public const string Schema = "https://www.speedscope.app/file-format-schema.json";

    /// <summary>More than this waits in memory before it is written.</summary>
    private const int Pending = 1 << 16;

    /// <param name="report">What to write.</param>
    /// <param name="byPass">With the pass as a frame beneath the device.</param>
    /// <param name="output">Where to.</param>
    public static void Write(Report report, bool byPass, Stream output)
    {
        IReadOnlyList<StackSample> samples = StackSamples.Of(report, byPass);
        FrameTable frames = new();
        using Utf8JsonWriter json = new(output, new() { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("name", $"{ExportNotes.Title(report)}, {ExportNotes.Steps(report)}");
        json.WriteString("exporter", "smaragdine");
        json.WriteNumber("activeProfileIndex", 0);
        json.WriteStartArray("profiles");
        foreach (Quality quality in samples.Where(s => s.Joules is not null).Select(s => s.Quality!.Value).Distinct().Order())
        {
            List<StackSample> with = [.. samples.Where(s => s.Joules is not null && s.Quality == quality)];
            string name = $"energy in µJ: {Figures.Joules(with.Sum(s => s.Joules!.Value))} {quality.Name()}, {ExportNotes.Steps(report)}";
            WriteProfile(json, name, "none", with, s => s.Joules!.Value * 1e6, frames);
        }

        WriteProfile(json, $"time: sum of the spans' durations, {ExportNotes.Steps(report)}", "seconds", samples, s => s.Seconds, frames);
        json.WriteEndArray();
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach (StackFrame frame in frames.All)
        {
            json.WriteStartObject();
            json.WriteString("name", frame.Name);
            if (frame.FullName != frame.Name)
            {
                json.WriteString("file", frame.FullName);
            }

            json.WriteEndObject();
            FlushLarge(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteProfile(
        Utf8JsonWriter json, string name, string unit, IReadOnlyList<StackSample> samples, Func<StackSample, double> weight, FrameTable frames)
    {
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", name);
        json.WriteString("unit", unit);
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", samples.Sum(weight));
        json.WriteStartArray("samples");
        foreach (StackSample sample in samples)
        {
            json.WriteStartArray();
            foreach (int frame in frames.StackOf(sample))
            {
                json.WriteNumberValue(frame);
            }

            json.WriteEndArray();
            FlushLarge(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (StackSample sample in samples)
        {
            json.WriteNumberValue(weight(sample));
            FlushLarge(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void FlushLarge(Utf8JsonWriter json)
    {
        if (json.BytesPending > Pending)
        {
            json.Flush();
        }
    }

    /// <summary>Frames by number, in the order of their first use.</summary>
    private sealed class FrameTable
    {
        private readonly Dictionary<(string Name, string FullName), int> numbers = [];
        private readonly List<StackFrame> frames = [];
        private IReadOnlyList<StackFrame>? holders;
        private List<int> stack = [];

        public IReadOnlyList<StackFrame> All => frames;

        /// <summary>Root first; the list is good until the next call.</summary>
        public IReadOnlyList<int> StackOf(StackSample sample)
        {
            if (!ReferenceEquals(holders, sample.Holders))
            {
                holders = sample.Holders;
                stack = [.. holders.Select(NumberOf), 0];
            }

            stack[^1] = NumberOf(sample.Leaf);
            return stack;
        }

        private int NumberOf(StackFrame frame)
        {
            if (!numbers.TryGetValue((frame.Name, frame.FullName), out int number))
            {
                numbers.Add((frame.Name, frame.FullName), number = frames.Count);
                frames.Add(frame);
            }

            return number;
        }
    }
}
