using System.Text.Json;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>The JSON inside frames: definitions of streams and statistics. Rare, so readable beats small.</summary>
internal static class FrameJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] OfStreams(IReadOnlyList<RecordedStream> streams)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Compact))
        {
            json.WriteStartArray();
            foreach (RecordedStream stream in streams)
            {
                WriteStream(json, stream);
            }

            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    /// <summary>One stream as an object; also in the manifest.</summary>
    public static void WriteStream(Utf8JsonWriter json, RecordedStream stream)
    {
        json.WriteStartObject();
        json.WriteString("name", stream.Name);
        json.WriteString("kind", KindName(stream.Kind));
        json.WriteString("source", stream.Source);
        json.WriteString("quality", stream.Quality.Name());
        json.WriteNumber("period_ns", stream.Period.Nanoseconds);
        if (stream.Range is { } range)
        {
            json.WriteNumber("range_uj", range.MaxMicrojoules);
        }

        if (stream.UpdatePeriod is { } update)
        {
            json.WriteNumber("update_period_ns", update.Nanoseconds);
        }

        if (stream.Window is { } window)
        {
            json.WriteNumber("window_ns", window.Nanoseconds);
        }

        if (stream.DeviceId is { } device)
        {
            json.WriteString("device", device);
        }

        if (stream.Socket is { } socket)
        {
            json.WriteNumber("socket", socket);
        }

        if (stream.Unit is { } unit)
        {
            json.WriteString("unit", unit);
        }

        json.WriteEndObject();
    }

    /// <exception cref="JsonException">it is not what the page says.</exception>
    public static List<RecordedStream> ToStreams(ReadOnlySpan<byte> utf8)
    {
        using JsonDocument document = Parse(utf8, JsonValueKind.Array);
        List<RecordedStream> streams = [];
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            if (element.ValueKind is not JsonValueKind.Object)
            {
                throw new JsonException("a stream is an object");
            }

            // A kind or quality that a later version knows is read as the harmless one: its values are kept and lead to no joule.
            StreamKind kind = ToKind(Text(element, "kind"));
            streams.Add(new(
                Text(element, "name"),
                kind,
                Text(element, "source"),
                Qualities.TryParse(Text(element, "quality"), out Quality quality) ? quality : Quality.Estimated,
                Duration.FromNanoseconds(Number(element, "period_ns") ?? 0))
            {
                Range = element.TryGetProperty("range_uj", out JsonElement range) && range.ValueKind is JsonValueKind.Number
                    && range.TryGetUInt64(out ulong most) && most > 0 ? new CounterRange(most) : null,
                UpdatePeriod = Span(element, "update_period_ns"),
                Window = Span(element, "window_ns"),
                DeviceId = Text(element, "device") is { Length: > 0 } device ? device : null,
                Socket = Number(element, "socket") is >= 0 and <= 4095 and { } socket ? (int)socket : null,
                Unit = Text(element, "unit") is { Length: > 0 } unit ? unit : null,
            });
        }

        return streams;
    }

    public static byte[] OfStatistics(SamplingStatistics statistics)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Compact))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            foreach (StreamStatistics stream in statistics.Streams)
            {
                json.WriteStartObject();
                json.WriteNumber("missed", stream.Missed);
                json.WriteNumber("dropped", stream.Dropped);
                json.WriteNumber("stalls", stream.Stalls);
                if (stream.Lateness is { } late)
                {
                    json.WriteStartObject("lateness_ns");
                    json.WriteNumber("p50", late.Median.Nanoseconds);
                    json.WriteNumber("p99", late.P99.Nanoseconds);
                    json.WriteNumber("p99.9", late.P999.Nanoseconds);
                    json.WriteNumber("max", late.Max.Nanoseconds);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (statistics.Program is { } program)
            {
                json.WriteStartObject("program");
                json.WriteNumber("counted_ns", program.Counted.Nanoseconds);
                json.WriteNumber("charged_ns", program.Charged.Nanoseconds);
                json.WriteEndObject();
            }

            if (statistics.Failure is { } failure)
            {
                json.WriteString("failure", failure);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <exception cref="JsonException">it is not what the page says.</exception>
    public static SamplingStatistics ToStatistics(ReadOnlySpan<byte> utf8)
    {
        using JsonDocument document = Parse(utf8, JsonValueKind.Object);
        List<StreamStatistics> streams = [];
        if (document.RootElement.TryGetProperty("streams", out JsonElement list) && list.ValueKind is JsonValueKind.Array)
        {
            foreach (JsonElement element in list.EnumerateArray())
            {
                streams.Add(element.ValueKind is not JsonValueKind.Object ? StreamStatistics.None : new()
                {
                    Missed = Number(element, "missed") ?? 0,
                    Dropped = Number(element, "dropped") ?? 0,
                    Stalls = Number(element, "stalls") ?? 0,
                    Lateness = element.TryGetProperty("lateness_ns", out JsonElement late) && late.ValueKind is JsonValueKind.Object
                        ? new(
                            Duration.FromNanoseconds(Number(late, "p50") ?? 0),
                            Duration.FromNanoseconds(Number(late, "p99") ?? 0),
                            Duration.FromNanoseconds(Number(late, "p99.9") ?? 0),
                            Duration.FromNanoseconds(Number(late, "max") ?? 0))
                        : null,
                });
            }
        }

        return new(streams, Text(document.RootElement, "failure") is { Length: > 0 } failure ? failure : null)
        {
            Program = document.RootElement.TryGetProperty("program", out JsonElement program) && program.ValueKind is JsonValueKind.Object
                && Number(program, "counted_ns") is { } counted && Number(program, "charged_ns") is { } charged
                ? new(Duration.FromNanoseconds(counted), Duration.FromNanoseconds(charged))
                : null,
        };
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> utf8, JsonValueKind expected)
    {
        JsonDocument document = JsonDocument.Parse(utf8.ToArray());
        if (document.RootElement.ValueKind != expected)
        {
            document.Dispose();
            throw new JsonException($"expected {expected}");
        }

        return document;
    }

    private static string KindName(StreamKind kind) => kind switch
    {
        StreamKind.Energy => "energy",
        StreamKind.Power => "power",
        StreamKind.ProgramTime => "program_time",
        StreamKind.BusyTime => "busy_time",
        _ => "context",
    };

    private static StreamKind ToKind(string name) => name switch
    {
        "energy" => StreamKind.Energy,
        "power" => StreamKind.Power,
        "program_time" => StreamKind.ProgramTime,
        "busy_time" => StreamKind.BusyTime,
        _ => StreamKind.Context,
    };

    private static string Text(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    private static long? Number(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static Duration? Span(JsonElement element, string field) =>
        Number(element, field) is > 0 and { } nanoseconds ? Duration.FromNanoseconds(nanoseconds) : null;
}
