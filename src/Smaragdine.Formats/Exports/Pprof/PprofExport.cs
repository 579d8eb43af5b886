using System.IO.Compression;
using Google.Protobuf;
using Smaragdine.Footprints;
using Smaragdine.Formats.Exports.Stacks;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports.Pprof;

/// <summary>
/// A profile for pprof, gzipped: calls, time (ns) and energy (µJ) of each operation, its modules above it by their full paths. An operation's type
/// stands where a source file would (`-files` sums by type); device, pass, type and quality are labels (`-tagfocus`, `-tagroot`).
/// </summary>
/// <remarks>
/// Values cannot be missing: an operation without power has energy 0 and the label `quality=no power`. Without any power there is no
/// value `energy`. Control and format characters in names are escaped, since pprof prints them to a terminal as they are.
/// </remarks>
public static class PprofExport
{
    private const ulong Mapping = 1;

    /// <param name="report">What to write.</param>
    /// <param name="byPass">With the pass as a frame beneath the device.</param>
    /// <param name="output">Where to.</param>
    public static void Write(Report report, bool byPass, Stream output)
    {
        IReadOnlyList<StackSample> samples = StackSamples.Of(report, byPass);
        bool energy = samples.Any(s => s.Joules is not null);
        using GZipStream gzip = new(output, CompressionLevel.Optimal, leaveOpen: true);
        using CodedOutputStream coded = new(gzip, leaveOpen: true);
        StringTable strings = new();
        Wire.Profile head = new()
        {
            TimeNanos = report.Recording.Started?.UnixNanoseconds ?? 0,
            DurationNanos = Duration(report.Footprint),
            DefaultSampleType = strings.IndexOf(energy ? "energy" : "time"),
        };
        head.SampleType.Add(Value(strings, "calls", "count"));
        head.SampleType.Add(Value(strings, "time", "nanoseconds"));
        if (energy)
        {
            head.SampleType.Add(Value(strings, "energy", "microjoules"));
        }

        head.Mapping.Add(new Wire.Mapping { Id = Mapping, Filename = strings.IndexOf(ExportNotes.Title(report)), HasFunctions = true, HasFilenames = true });
        head.Comment.AddRange(ExportNotes.Of(report).Select(strings.IndexOf));
        head.WriteTo(coded);

        WriteSamples(samples, energy, strings, coded);
        foreach (string text in strings.All)
        {
            coded.WriteTag(Wire.Profile.StringTableFieldNumber, WireFormat.WireType.LengthDelimited);
            coded.WriteString(text);
        }
    }

    /// <summary>Samples as they come, and functions where they are first met.</summary>
    private static void WriteSamples(IReadOnlyList<StackSample> samples, bool energy, StringTable strings, CodedOutputStream coded)
    {
        FunctionTable functions = new(strings, coded);
        WholeUnits nanoseconds = default;
        WholeUnits microjoules = default;
        Wire.Sample wire = new();
        foreach (StackSample sample in samples)
        {
            wire.LocationId.Clear();
            wire.LocationId.AddRange(functions.StackOf(sample));
            wire.Value.Clear();
            wire.Value.Add((long)Math.Round(sample.Calls));
            wire.Value.Add(nanoseconds.Next(sample.Seconds * 1e9));
            if (energy)
            {
                wire.Value.Add(sample.Joules is { } joules ? microjoules.Next(joules * 1e6) : 0);
            }

            wire.Label.Clear();
            foreach ((string key, string value) in new[]
            {
                ("device", sample.Device.Label), ("pass", sample.Pass.Name()), ("type", sample.Leaf.Type ?? ""), ("quality", sample.Quality?.Name() ?? "no power"),
            })
            {
                wire.Label.Add(new Wire.Label { Key = strings.IndexOf(key), Str = strings.IndexOf(value) });
            }

            Write(coded, Wire.Profile.SampleFieldNumber, wire);
        }
    }

    private static Wire.ValueType Value(StringTable strings, string type, string unit) => new() { Type = strings.IndexOf(type), Unit = strings.IndexOf(unit) };

    /// <summary>Time of the steps, on the device that has most of it.</summary>
    private static long Duration(Footprint footprint) =>
        footprint.Devices.Select(d => (long)Math.Round(d.Window.Total * 1e9)).DefaultIfEmpty(0).Max();

    private static void Write(CodedOutputStream coded, int field, IMessage message)
    {
        coded.WriteTag(field, WireFormat.WireType.LengthDelimited);
        coded.WriteMessage(message);
    }

    /// <summary>Texts by number, in the order of their first use; the first is empty.</summary>
    private sealed class StringTable
    {
        private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal) { [""] = 0 };
        private readonly List<string> texts = [""];

        public IReadOnlyList<string> All => texts;

        public long IndexOf(string text)
        {
            string shown = Printable.Text(text);
            if (!numbers.TryGetValue(shown, out long number))
            {
                numbers.Add(shown, number = texts.Count);
                texts.Add(shown);
            }

            return number;
        }
    }

    /// <summary>Functions and the one location of each, written when they are first met; a function and its location have one number.</summary>
    private sealed class FunctionTable(StringTable strings, CodedOutputStream coded)
    {
        private readonly Dictionary<(long Name, long File), ulong> numbers = [];
        private IReadOnlyList<StackFrame>? holders;
        private List<ulong> above = [];

        /// <summary>Leaf first.</summary>
        public IEnumerable<ulong> StackOf(StackSample sample)
        {
            if (!ReferenceEquals(holders, sample.Holders))
            {
                holders = sample.Holders;
                above = [.. holders.Select(NumberOf).Reverse()];
            }

            return above.Prepend(NumberOf(sample.Leaf));
        }

        private ulong NumberOf(StackFrame frame)
        {
            (long Name, long File) key = (strings.IndexOf(frame.FullName), strings.IndexOf(frame.Type ?? ""));
            if (!numbers.TryGetValue(key, out ulong number))
            {
                numbers.Add(key, number = (ulong)numbers.Count + 1);
                Write(coded, Wire.Profile.FunctionFieldNumber, new Wire.Function { Id = number, Name = key.Name, SystemName = key.Name, Filename = key.File });
                Write(coded, Wire.Profile.LocationFieldNumber, new Wire.Location { Id = number, MappingId = Mapping, Line = { new Wire.Line { FunctionId = number } } });
            }

            return number;
        }
    }
}
