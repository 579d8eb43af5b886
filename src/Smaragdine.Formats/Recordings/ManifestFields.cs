using System.Text.Json;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>Picks a manifest's fields out of its JSON, and says which one is wrong.</summary>
internal sealed class ManifestFields(JsonElement root, string file)
{
    public Manifest ToManifest() => Text(root, "schema") is { } schema && schema.StartsWith("smaragdine.recording/", StringComparison.Ordinal) && schema != ManifestWriter.Schema
        ? throw new RefusedInputException($"{file}: a manifest of `{schema}`, known here is `{ManifestWriter.Schema}`; read it with a newer smaragdine")
        : new()
    {
        Framework = Text(root, "framework"),
        FrameworkVersion = Text(root, "version"),
        Model = Text(root, "model"),
        Mode = Text(root, "mode"),
        Host = Text(root, "host"),
        CpuModel = Get(root, "cpu") is { ValueKind: JsonValueKind.Object } cpu ? Text(cpu, "model") : Text(root, "cpu"),
        LogicalCpus = Get(root, "cpu") is { ValueKind: JsonValueKind.Object } logical ? Number(logical, "logical") : null,
        SocketCpus = Sockets(),
        Failure = Text(root, "failure"),
        Batch = Number(root, "batch"),
        Sequence = Number(root, "sequence"),
        ClockTicks = Number(root, "clk_tck") ?? 100,
        Steps = Steps(),
        UntracedSteps = [.. List("untraced_steps").Where(e => e.ValueKind is JsonValueKind.Object).Select((e, i) => Window(e, $"untraced_steps[{i}]"))],
        Baseline = Baseline(),
        Gpus = [.. List("gpus").Where(e => e.ValueKind is JsonValueKind.Object).Select(Gpu)],
        SimulatedSensors = List("sensors").Any(s => s.ValueKind is JsonValueKind.String
            && s.GetString()!.StartsWith("simulated", StringComparison.OrdinalIgnoreCase)),
        Rank = Rank(),
        HoldsSensors = Get(root, "holds_sensors") is { ValueKind: JsonValueKind.True or JsonValueKind.False } holds ? holds.GetBoolean() : null,
        BootId = Text(root, "boot_id"),
        Run = Get(root, "run") is { ValueKind: JsonValueKind.Object } run ? Window(run, "run") : null,
    };

    private GpuFacts Gpu(JsonElement gpu) => new()
    {
        Index = Number(gpu, "index"),
        Visible = Get(gpu, "visible") is not { ValueKind: JsonValueKind.False },
        Name = Text(gpu, "name"),
        Uuid = Text(gpu, "uuid"),
        PciBusId = Text(gpu, "pci_bus_id"),
        Driver = Text(gpu, "driver"),
        Shared = Get(gpu, "shared") is { ValueKind: JsonValueKind.True or JsonValueKind.False } shared ? shared.GetBoolean() : null,
    };
    private RankFacts? Rank() => Get(root, "rank") is { ValueKind: JsonValueKind.Object } rank && Number(rank, "rank") is { } number
        ? new(Text(rank, "launcher") ?? "", number, Number(rank, "local_rank"), Number(rank, "world_size"), Text(rank, "job"))
        : null;

    private Dictionary<int, int> Sockets()
    {
        Dictionary<int, int> cpus = [];
        if (Get(root, "cpu") is { ValueKind: JsonValueKind.Object } cpu && Get(cpu, "sockets") is { ValueKind: JsonValueKind.Array } sockets)
        {
            foreach (JsonElement socket in sockets.EnumerateArray().Where(s => s.ValueKind is JsonValueKind.Object))
            {
                if (Number(socket, "socket") is { } id && Number(socket, "logical") is > 0 and { } logical)
                {
                    cpus[id] = logical;
                }
            }
        }

        return cpus;
    }

    private List<ManifestStep> Steps()
    {
        List<ManifestStep> steps = [];
        HashSet<int> seen = [];
        foreach ((int i, JsonElement element) in List("steps").Index())
        {
            if (element.ValueKind is not JsonValueKind.Object)
            {
                throw Wrong($"steps[{i}]", "an object with `step`, `start_unix_ns`, `end_unix_ns`", element);
            }

            int number = Number(element, "step") ?? i + 1;
            if (!seen.Add(number))
            {
                throw new RefusedInputException($"{file}: step {number} is listed twice");
            }

            steps.Add(new(number, Window(element, $"steps[{i}]")));
        }

        return steps;
    }

    private Dictionary<string, Watts> Baseline()
    {
        Dictionary<string, Watts> watts = new(StringComparer.Ordinal);
        if (Get(root, "baseline_w") is { ValueKind: JsonValueKind.Object } baseline)
        {
            foreach (JsonProperty domain in baseline.EnumerateObject())
            {
                if (domain.Value.ValueKind is not JsonValueKind.Number || !domain.Value.TryGetDouble(out double value) || !(value >= 0))
                {
                    throw Wrong($"baseline_w.{domain.Name}", "watts", domain.Value);
                }

                watts[Power.Domain.Parse(domain.Name).Name] = Watts.From(value);
            }
        }

        return watts;
    }

    private Interval Window(JsonElement element, string where)
    {
        long start = UnixNanoseconds(element, "start_unix_ns", where);
        long end = UnixNanoseconds(element, "end_unix_ns", where);
        if (end < start)
        {
            throw new RefusedInputException($"{file}: {where} ends ({end}) before it starts ({start})");
        }

        return Interval.FromUnixNanoseconds(start, end);
    }

    private long UnixNanoseconds(JsonElement element, string field, string where) =>
        Get(element, field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) && value >= 0
            ? value
            : throw Wrong($"{where}.{field}", "whole nanoseconds since 1970", Get(element, field));

    private IEnumerable<JsonElement> List(string field) =>
        Get(root, field) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static JsonElement? Get(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string field) =>
        Get(element, field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private int? Number(JsonElement element, string field)
    {
        if (Get(element, field) is not { ValueKind: JsonValueKind.Number } number)
        {
            return null;
        }

        return number.TryGetInt32(out int value) && value >= 0 ? value : throw Wrong(field, "a whole number", number);
    }

    private RefusedInputException Wrong(string field, string expected, JsonElement? found) =>
        new($"{file}: {field} must be {expected}, not {(found is { } element ? Manifest.Kind(element) : "missing")}");
}
