using System.Text.Json;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>Picks runs out of a baseline's JSON, and says which field is wrong.</summary>
internal sealed class BaselineFields(JsonElement root, string file)
{
    /// <exception cref="RefusedInputException">a field is not what it must be.</exception>
    public IReadOnlyList<RunFootprint> ToRuns()
    {
        string schema = root.ValueKind is JsonValueKind.Object ? Text(root, "schema") ?? "" : "";
        if (schema != BaselineFile.Schema)
        {
            throw new RefusedInputException(schema.StartsWith("smaragdine.footprint/", StringComparison.Ordinal)
                ? $"{file}: a baseline of `{Excerpt.Of(schema)}`, known here is `{BaselineFile.Schema}`; read it with a newer smaragdine"
                : $"{file}: no baseline: expected an object whose `schema` is `{BaselineFile.Schema}`, as `smaragdine baseline` writes it");
        }

        List<RunFacts> facts = [.. Items(root, "runs", "").Select((r, i) => Facts(r, $"runs[{i}]"))];
        if (facts.Count == 0)
        {
            throw Wrong("runs", "one run or more");
        }

        List<RunModule>[] modules = [.. facts.Select(_ => new List<RunModule>())];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((int i, JsonElement element) in Items(root, "modules", "").Index())
        {
            string where = $"modules[{i}]";
            string path = Text(element, "path") ?? throw Wrong($"{where}.path", "a text");
            bool placed = path.Length == 0 ? seen.Count == 0 : seen.Contains(ComparedSide.ParentOf(path));
            if (!placed || !seen.Add(path))
            {
                throw Wrong($"{where}.path", "a module of its own, after the one that holds it, the first of all the empty path");
            }

            foreach ((int run, RunModule module) in Modules(element, where, path, facts.Count).Index())
            {
                modules[run].Add(module);
            }
        }

        return seen.Count == 0 ? throw Wrong("modules", "one module or more") : [.. facts.Select((f, i) => new RunFootprint(f, modules[i]))];
    }

    private RunFacts Facts(JsonElement run, string where) => new()
    {
        Path = Text(run, "path") ?? file,
        Framework = Text(run, "framework"),
        Model = Text(run, "model"),
        Mode = Text(run, "mode"),
        Batch = Whole(run, "batch", where),
        Sequence = Whole(run, "sequence", where),
        Host = Text(run, "host"),
        Processor = Text(run, "processor"),
        LogicalCpus = Whole(run, "logical_cpus", where),
        Attribution = Text(run, "attribution") ?? throw Wrong($"{where}.attribution", "`split` or `paper`"),
        Steps = Whole(run, "steps", where) ?? throw Wrong($"{where}.steps", "a whole number"),
        Folded = Get(run, "folded") is { ValueKind: JsonValueKind.True },
        Started = Get(run, "started_unix_ns") is { ValueKind: JsonValueKind.Number } started && started.TryGetInt64(out long ns) ? Instant.FromUnixNanoseconds(ns) : null,
        Devices = [.. Items(run, "devices", where).Select((d, i) => new RunDevice(
            Text(d, "device") ?? throw Wrong($"{where}.devices[{i}].device", "a text"), Texts(d, "domains"), QualityOf(d, $"{where}.devices[{i}]")))],
    };

    /// <summary>One for each run.</summary>
    private IEnumerable<RunModule> Modules(JsonElement element, string where, string path, int runs)
    {
        Dictionary<Pass, double?[][]> figures = [];
        foreach (JsonProperty property in Get(element, "by_pass") is { ValueKind: JsonValueKind.Object } passes ? passes.EnumerateObject().ToList() : throw Wrong($"{where}.by_pass", "an object"))
        {
            Pass pass = Passes.TryParse(property.Name, out Pass known) ? known : throw Wrong($"{where}.by_pass", "passes such as `forward`");
            figures[pass] = [.. ((string[])["calls", "time_s", "covered_s", "energy_j"]).Select(f => Figures(property.Value, f, $"{where}.by_pass.{pass.Name()}", runs))];
        }

        IReadOnlyList<string> types = Texts(element, "types");
        Quality? quality = QualityOf(element, where);
        int members = Whole(element, "members", where) ?? 1;
        for (int i = 0; i < runs; i++)
        {
            yield return new()
            {
                Path = path,
                Members = members,
                Types = types,
                Quality = quality,
                ByPass = figures.ToDictionary(f => f.Key, f => new Cost(f.Value[0][i] ?? 0, f.Value[1][i] ?? 0, f.Value[2][i] ?? 0, f.Value[3][i])),
            };
        }
    }

    private double?[] Figures(JsonElement element, string field, string where, int runs)
    {
        List<JsonElement> list = [.. Items(element, field, where)];
        return list.Count == runs && list.TrueForAll(v => v.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
            ? [.. list.Select(v => v.ValueKind is JsonValueKind.Null ? null : Figure(v, $"{where}.{field}"))]
            : throw Wrong($"{where}.{field}", $"{runs} numbers, one for each run");
    }

    private double? Figure(JsonElement number, string where) => number.GetDouble() is var value && double.IsFinite(value) && value >= 0
        ? value
        : throw Wrong(where, "numbers from 0 on");

    private Quality? QualityOf(JsonElement element, string where) => Text(element, "quality") is not { } text
        ? null
        : Qualities.TryParse(text, out Quality quality) ? quality : throw Wrong($"{where}.quality", "measured, derived, estimated or simulated");

    private IEnumerable<JsonElement> Items(JsonElement element, string field, string where) => Get(element, field) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
        : throw Wrong(where.Length == 0 ? field : $"{where}.{field}", "a list");

    private static IReadOnlyList<string> Texts(JsonElement element, string field) => Get(element, field) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Where(t => t.ValueKind is JsonValueKind.String).Select(t => t.GetString()!)]
        : [];

    private int? Whole(JsonElement element, string field, string where) => Get(element, field) is not { } number
        ? null
        : number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out int value) && value >= 0 ? value : throw Wrong($"{where}.{field}", "a whole number");

    private static JsonElement? Get(JsonElement element, string field) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(field, out JsonElement value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string field) => Get(element, field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private RefusedInputException Wrong(string field, string expected) =>
        new($"{file}: {field} must be {expected}; write the file anew with `smaragdine baseline`");
}
