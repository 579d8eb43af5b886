using System.Text.Json.Nodes;
using Smaragdine.Formats.Exports.Pprof.Wire;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Stacks: what their frames are, in the three formats that have them.</summary>
public sealed class StackFormatsTests
{
    [Fact]
    public void Folded_lines_are_device_modules_and_operation()
    {
        using TempFolder folder = new();
        Exported.Text(folder, "folded", ["--steps", "1", .. Exported.Small(folder)]).ShouldBe(
            """
            CPU:0;model;dense;MatMul 2212000
            CPU:0;model;dense;gradients/…/MatMul_grad/MatMul 1659000
            CPU:0;model;dense;BiasAdd 553000
            CPU:0;model;extra;Add 497700
            GPU:0;edge_1_x 2117000
            GPU:0;model;dense;Relu 10585000

            """,
            StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void By_pass_has_the_pass_beneath_the_device()
    {
        using TempFolder folder = new();
        string[] arguments = Exported.Small(folder);
        Exported.Folded(Exported.Text(folder, "folded", ["--by", "pass", .. arguments])).Select(l => $"{l.Frames[0]} {l.Frames[1]}").ShouldBe(
            ["CPU:0 forward", "CPU:0 forward", "CPU:0 forward", "CPU:0 backward", "GPU:0 forward", "GPU:0 other"]);
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", ["--by", "pass", .. arguments]));
        profile.Sample.Select(s => Frames(profile, s)[1]).Distinct().ShouldBe(["forward", "backward", "other"]);
    }

    [Fact]
    public void Folded_layers_are_one_stack()
    {
        using TempFolder folder = new();
        string sample = SharedData.Sample("bert-base-predict");
        List<(string[] Frames, long Value)> layers = [.. Exported.Folded(Exported.Text(folder, "folded", "--fold-layers", sample)).Where(l => l.Frames.Contains("layer_*"))];
        List<(string[] Frames, long Value)> each = [.. Exported.Folded(Exported.Text(folder, "folded", sample)).Where(l => l.Frames.Any(f => f.StartsWith("layer_", StringComparison.Ordinal) && f.Length < 9))];
        each.Count.ShouldBeGreaterThan(8 * layers.Count);
        Math.Abs(layers.Sum(l => l.Value) - each.Sum(l => l.Value)).ShouldBeLessThan(3);
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", "--fold-layers", sample));
        profile.StringTable.ShouldContain("bert/encoder/layer_*/attention/self/query");
    }

    [Fact]
    public void A_module_that_was_asked_for_is_the_first_frame_by_its_full_path()
    {
        using TempFolder folder = new();
        Exported.Folded(Exported.Text(folder, "folded", ["--module", "model/dense", "--device", "CPU:0", .. Exported.Small(folder)]))
            .ShouldAllBe(l => l.Frames.Length == 3 && l.Frames[1] == "model/dense");
    }

    [Fact]
    public void A_profile_names_modules_by_path_operations_by_name_and_their_types_as_files()
    {
        using TempFolder folder = new();
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", Exported.Small(folder)));
        Sample gradient = profile.Sample.Single(s => profile.Label(s, "pass") == "backward");
        Frames(profile, gradient).ShouldBe(["CPU:0", "model", "model/dense", "gradients/model/dense/MatMul_grad/MatMul"]);
        profile.Label(gradient, "type").ShouldBe("MatMul");
        profile.Label(gradient, "quality").ShouldBe("derived");
        profile.Function.Where(f => f.Filename != 0).Select(f => profile.StringTable[(int)f.Filename]).Distinct().ShouldBe(["MatMul", "BiasAdd", "AddV2", "MEMCPYHtoD", "Relu"], ignoreOrder: true);
        profile.StringTable[0].ShouldBeEmpty();
        profile.StringTable.ShouldBeUnique();
        profile.Location.Select(l => l.Id).Order().ShouldBe(profile.Function.Select(f => f.Id).Order());
        profile.Location.ShouldAllBe(l => l.Id > 0 && l.Line.Count == 1 && l.MappingId == profile.Mapping.Single().Id);
        profile.TimeNanos.ShouldBe(SmallRecording.Start);
        profile.Comment.Select(c => profile.StringTable[(int)c]).First().ShouldBe("toy train, steps 1..3: totals, not means per step");
    }

    /// <summary>What speedscope's own schema (https://www.speedscope.app/file-format-schema.json) asks of a file with sampled profiles.</summary>
    [Fact]
    public void A_speedscope_file_fits_its_schema()
    {
        using TempFolder folder = new();
        JsonObject file = Exported.Speedscope(Exported.Bytes(folder, "speedscope", Exported.Small(folder)));
        string[] names = ["$schema", "activeProfileIndex", "exporter", "name", "profiles", "shared"];
        file.Select(f => f.Key).Except(names).ShouldBeEmpty();
        ((string)file["$schema"]!).ShouldBe("https://www.speedscope.app/file-format-schema.json");
        JsonArray profiles = file["profiles"]!.AsArray();
        ((int)file["activeProfileIndex"]!).ShouldBeInRange(0, profiles.Count - 1);
        JsonArray frames = file["shared"]!["frames"]!.AsArray();
        frames.ShouldAllBe(f => f!["name"]!.GetValueKind() == System.Text.Json.JsonValueKind.String);
        frames.SelectMany(f => f!.AsObject().Select(p => p.Key)).Distinct().Except(["name", "file", "line", "col"]).ShouldBeEmpty();
        foreach (JsonObject profile in profiles.Select(p => p!.AsObject()))
        {
            profile.Select(p => p.Key).ShouldBe(["type", "name", "unit", "startValue", "endValue", "samples", "weights"]);
            ((string)profile["type"]!).ShouldBe("sampled");
            new[] { "none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes" }.ShouldContain((string)profile["unit"]!);
            JsonArray samples = profile["samples"]!.AsArray();
            JsonArray weights = profile["weights"]!.AsArray();
            samples.Count.ShouldBe(weights.Count);
            samples.SelectMany(s => s!.AsArray()).ShouldAllBe(f => (int)f! >= 0 && (int)f! < frames.Count);
            weights.ShouldAllBe(w => (double)w! >= 0);
        }
    }

    [Fact]
    public void A_speedscope_stack_is_short_names_with_full_ones_beside_them()
    {
        using TempFolder folder = new();
        JsonObject file = Exported.Speedscope(Exported.Bytes(folder, "speedscope", Exported.Small(folder)));
        JsonArray frames = file["shared"]!["frames"]!.AsArray();
        JsonObject energy = file["profiles"]![0]!.AsObject();
        ((string)energy["unit"]!).ShouldBe("none");
        ((string)energy["name"]!).ShouldBe("energy in µJ: 53.0 J derived, steps 1..3");
        energy["samples"]![1]!.AsArray().Select(f => $"{frames[(int)f!]!["name"]} in {frames[(int)f!]!["file"]}").ShouldBe(
            ["CPU:0 in ", "model in ", "dense in model/dense", "gradients/…/MatMul_grad/MatMul in gradients/model/dense/MatMul_grad/MatMul"]);
    }

    private static List<string> Frames(Profile profile, Sample sample) =>
        [.. sample.LocationId.Reverse().Select(id => profile.StringTable[(int)profile.Function.Single(f => f.Id == profile.Location.Single(l => l.Id == id).Line[0].FunctionId).Name])];
}
