using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>Runs in a file small enough to commit, `smaragdine.footprint/1` (docs/diff.md): modules only, a line each, a figure per run.</summary>
public static class BaselineFile
{
    public const string Schema = "smaragdine.footprint/1";

    /// <summary>Seven digits: below what any sensor tells, and half the length.</summary>
    private const string Digits = "G7";

    /// <summary>Writes runs that repeat each other.</summary>
    public static void Write(IReadOnlyList<RunFootprint> runs, Stream output)
    {
        ComparedSide side = ComparedSide.Of(runs);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{{\n\"schema\": \"{Schema}\",\n\"runs\": [\n");
        text.AppendJoin(",\n", runs.Select(r => Line(json => WriteFacts(json, r.Facts))));
        text.Append("\n],\n\"modules\": [\n");
        text.AppendJoin(",\n", side.Root.Walk().Select(m => Line(json => WriteModule(json, m))));
        text.Append("\n]\n}\n");
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Whether a file is one, by its beginning: nothing else of it is looked at.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        // A pipe gives its bytes only once, and a trace must still be read from it.
        InputFile.RequireRereadable(path);
        using BoundedStream stream = InputFile.Open(path);
        byte[] head = new byte[256];
        return Encoding.UTF8.GetString(head, 0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)).Contains("\"smaragdine.footprint/", StringComparison.Ordinal);
    }

    /// <summary>Reads the runs of a file.</summary>
    /// <exception cref="RefusedInputException">it is none, or damaged.</exception>
    public static IReadOnlyList<RunFootprint> Read(Stream stream, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            return new BaselineFields(document.RootElement, name).ToRuns();
        }
        catch (JsonException e)
        {
            throw new RefusedInputException($"{name}: not valid JSON at line {(e.LineNumber ?? 0) + 1}; write it anew with `smaragdine baseline`", e);
        }
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteFacts(Utf8JsonWriter json, RunFacts facts)
    {
        json.WriteString("path", facts.Path);
        json.WriteStringIfKnown("framework", facts.Framework);
        json.WriteStringIfKnown("model", facts.Model);
        json.WriteStringIfKnown("mode", facts.Mode);
        json.WriteNumberIfKnown("batch", facts.Batch);
        json.WriteNumberIfKnown("sequence", facts.Sequence);
        json.WriteStringIfKnown("host", facts.Host);
        json.WriteStringIfKnown("processor", facts.Processor);
        json.WriteNumberIfKnown("logical_cpus", facts.LogicalCpus);
        json.WriteStringIfKnown("attribution", facts.Attribution);
        json.WriteNumberIfKnown("steps", facts.Steps);
        json.WriteBoolean("folded", facts.Folded);
        json.WriteNumberIfKnown("started_unix_ns", facts.Started?.UnixNanoseconds);
        json.WriteStartArray("devices");
        foreach (RunDevice device in facts.Devices)
        {
            json.WriteStartObject();
            json.WriteString("device", device.Device);
            Texts(json, "domains", device.Domains);
            json.WriteStringIfKnown("quality", device.Quality?.Name());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteModule(Utf8JsonWriter json, SideModule module)
    {
        json.WriteString("path", module.Path);
        if (module.Members > 1)
        {
            json.WriteNumber("members", module.Members);
        }

        Texts(json, "types", [.. module.Types.Order(StringComparer.Ordinal)]);
        json.WriteStringIfKnown("quality", module.Quality?.Name());
        json.WriteStartObject("by_pass");
        foreach (Pass pass in Passes.All)
        {
            if (module.ByPass.TryGetValue(pass, out IReadOnlyList<Cost>? runs))
            {
                json.WriteStartObject(pass.Name());
                Figures(json, "calls", runs.Select(c => (double?)c.Calls));
                Figures(json, "time_s", runs.Select(c => (double?)c.Seconds));
                Figures(json, "covered_s", runs.Select(c => (double?)c.CoveredSeconds));
                Figures(json, "energy_j", runs.Select(c => c.Joules));
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void Figures(Utf8JsonWriter json, string name, IEnumerable<double?> values)
    {
        json.WriteStartArray(name);
        foreach (double? value in values)
        {
            if (value is { } number)
            {
                json.WriteRawValue(number.ToString(Digits, CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
