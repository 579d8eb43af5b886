using System.Text.Json.Nodes;
using Smaragdine.Cli.Reporting;
using Smaragdine.Comparison;
using Smaragdine.Footprints;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`diff` and `baseline`, from command line to exit code.</summary>
public sealed class DiffTests
{
    private static readonly string[] Stability = [.. Enumerable.Range(1, 10).Select(i => SharedData.Sample($"stability/run-{i}"))];

    [Fact]
    public void A_run_differs_from_itself_in_nothing_and_that_it_is_one_run_is_told()
    {
        CliResult result = Support.Cli.Run("diff", Stability[0], Stability[0]);
        result.Code.ShouldBe(0, result.Error);
        result.Output.ShouldContain("  0.0 %");
        result.Output.ShouldContain("a run is on both sides");
        result.Output.ShouldContain("so nothing is claimed");
        result.Output.ShouldNotContain("calls +");
    }

    /// <summary>Ten recordings of one program, split into two sides in all 126 ways: at most one split in twenty may call any module different.</summary>
    [Fact]
    public void Identical_runs_are_called_different_no_more_often_than_promised()
    {
        RunReading reading = new(new() { Path = "", Fold = true }, null, TimeZoneInfo.Utc);
        List<RunFootprint> runs = [.. Stability.Select(s => reading.Side([s], (_, _) => { }).Runs[0])];
        int splits = 0;
        int wrong = 0;
        int over = 0;
        for (int bits = 0; bits < 1 << 9; bits++)
        {
            if (int.PopCount(bits) != 4)
            {
                continue;
            }

            // The first run is always of the base, so that no split is counted twice.
            List<RunFootprint> before = [.. runs.Where((_, i) => i == 0 || (bits & (1 << (i - 1))) != 0)];
            FootprintComparison comparison = FootprintComparison.Of(ComparedSide.Of(before), ComparedSide.Of([.. runs.Except(before)]), new(Measure.Energy, []));
            comparison.Changes.Count(c => c.AdjustedP is not null).ShouldBeGreaterThan(10);
            splits++;
            wrong += comparison.Changes.Any(c => c.Verdict is Verdict.Higher or Verdict.Lower) ? 1 : 0;
            over += Limits.Check(comparison, [new(null, 0)]).Any(c => c.IsOver) ? 1 : 0;
        }

        splits.ShouldBe(126);
        wrong.ShouldBeLessThanOrEqualTo(6);
        over.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void Layers_that_one_variant_has_more_are_more_calls()
    {
        JsonObject diff = Json(SharedData.Sample("variants/B-L6-H768"), SharedData.Sample("variants/D-L8-H768"));
        JsonNode layers = Change(diff, "bert/encoder/layer_*");
        ((double)layers["factors"]!["calls"]!).ShouldBe(8.0 / 6, 0.01);
        layers["verdict"]!.GetValue<string>().ShouldBe("not_tested");
    }

    [Fact]
    public void Albert_s_layers_and_attention_are_known_as_bert_s()
    {
        JsonObject diff = Json(SharedData.Sample("bert-base-finetune"), SharedData.Sample("albert-base-finetune"));
        Change(diff, "bert/encoder/transformer/group_0_*/layer_*")["base_path"]!.GetValue<string>().ShouldBe("bert/encoder/layer_*");
        Change(diff, "bert/encoder/transformer/group_0_*/layer_*/inner_group_0/attention_1/output")["base_path"]!.GetValue<string>().ShouldBe("bert/encoder/layer_*/attention/output");
        Change(diff, "bert/encoder/transformer/group_0_*/layer_*/inner_group_0/attention_1/self/query")["base_path"]!.GetValue<string>().ShouldBe("bert/encoder/layer_*/attention/self/query");
    }

    [Fact]
    public void Figures_are_the_report_s()
    {
        JsonObject diff = Json(Stability[0], Stability[1]);
        JsonArray modules = Support.Cli.Json(Stability[1], "--fold-layers")["modules"]!.AsArray();
        foreach (JsonNode? module in modules)
        {
            JsonNode change = Change(diff, module!["path"]!.GetValue<string>());
            ((double?)change["energy_j"]!["new"] ?? -1).ShouldBe((double?)module["energy_j"] ?? -1, 1e-12);
            ((double)change["time_s"]!["new"]!).ShouldBe((double)module["time_s"]!, 1e-12);
            ((double)change["calls"]!["new"]!).ShouldBe((double)module["calls"]!, 1e-9);
            ((double?)change["by_pass"]!["backward"]?["energy_j"]!["new"] ?? 0).ShouldBe((double?)module["by_pass"]!["backward"]?["energy_j"] ?? 0, 1e-12);
        }
    }

    [Fact]
    public void A_baseline_stands_in_for_its_runs()
    {
        using TempFolder folder = new();
        string file = folder.At("main.footprint.json");
        Support.Cli.Run(["baseline", .. Stability[..4], "-o", file]).Code.ShouldBe(0);
        JsonObject fromFile = Json("--base", file, "--new", Stability[4], Stability[5]);
        JsonObject fromRuns = Json(["--base", .. Stability[..4], "--new", Stability[4], Stability[5]]);
        foreach ((JsonNode? one, JsonNode? other) in fromFile["changes"]!.AsArray().Zip(fromRuns["changes"]!.AsArray()))
        {
            ((string?)one!["new_path"]).ShouldBe((string?)other!["new_path"]);
            one["verdict"]!.GetValue<string>().ShouldBe(other["verdict"]!.GetValue<string>());
            double joules = (double?)other["energy_j"]!["base"] ?? 0;
            ((double?)one["energy_j"]!["base"] ?? 0).ShouldBe(joules, 1e-6 * joules);
        }

        // Seven digits and one line a module: what it was made of can be read again without loss.
        string again = folder.At("again.json");
        Support.Cli.Run("baseline", file, "-o", again).Code.ShouldBe(0);
        File.ReadAllText(again).ShouldBe(File.ReadAllText(file));
    }

    [Fact]
    public void A_true_regression_fails_and_a_limit_above_it_does_not()
    {
        using TempFolder folder = new();
        string slow = Recordings(folder, "new", 60, 61, 60.5);
        string[] sides = ["--base", .. Recordings(folder, "base", 40, 41, 40.5).Split(' '), "--new", .. slow.Split(' '), "--power", "power-measured.csv"];
        CliResult over = Support.Cli.Run(["diff", .. sides, "--fail-over", "model/dense=20%"]);
        over.Code.ShouldBe(5, over.Error);
        over.Output.ShouldContain("FAIL");
        over.Output.ShouldContain("model/dense is over 20 %: +49 %");
        over.Output.ShouldContain("more power +49 %");
        Support.Cli.Run(["diff", .. sides, "--fail-over", "70%"]).Code.ShouldBe(0);
        CliResult whole = Support.Cli.Run(["diff", .. sides, "--fail-over", "=20%"]);
        whole.Code.ShouldBe(5, whole.Error);
        whole.Output.ShouldContain("(all operations) is over 20 %");
        CliResult markdown = Support.Cli.Run(["diff", .. sides, "--fail-over", "20%", "--format", "markdown"]);
        markdown.Code.ShouldBe(5);
        markdown.Output.ShouldContain("**over the limit**");
        markdown.Error.ShouldContain("over the limit: model/dense");
    }

    [Theory]
    [InlineData("--fail-over 5%", "this energy is estimated")]
    [InlineData("--fail-over bert/nothing=5%", "neither side has such a module")]
    [InlineData("--fail-over 0.05", "expected a percentage")]
    [InlineData("--fail-over 5% --fail-over 6%", "two limits")]
    [InlineData("--match nothing", "expected REGEX=REPLACEMENT")]
    [InlineData("--match (=x", "--match (=x")]
    [InlineData("--smallest -1%", "expected a percentage")]
    [InlineData("--depth 0", "expected 1 or more")]
    [InlineData("--format xml", "expected text, json, csv or markdown")]
    public void Diff_refuses(string arguments, string message)
    {
        CliResult result = Support.Cli.Run(["diff", "--base", .. Stability[..2], "--new", Stability[2], .. arguments.Split(' ')]);
        result.Error.ShouldContain(message);
        result.Error.ShouldStartWith("smaragdine: ");
        result.Code.ShouldBe(2);
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public void One_run_a_side_has_no_limit_that_could_hold()
    {
        CliResult result = Support.Cli.Run("diff", Stability[0], Stability[1], "--fail-over", "5%", "--allow-estimated");
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("nobody knows how much runs differ");
    }

    [Fact]
    public void A_run_given_twice_is_no_repetition()
    {
        CliResult result = Support.Cli.Run("diff", "--base", Stability[0], Stability[0], "--new", Stability[1]);
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("the same run as");
    }

    [Fact]
    public void Estimated_energy_is_held_against_a_limit_where_asked_and_time_always()
    {
        string[] sides = ["--base", .. Stability[..3], "--new", .. Stability[3..6]];
        Support.Cli.Run(["diff", .. sides, "--fail-over", "50%", "--allow-estimated"]).Code.ShouldBe(0);
        Support.Cli.Run(["diff", .. sides, "--fail-over", "50%", "--by", "time"]).Code.ShouldBe(0);
    }

    [Fact]
    public void Conditions_that_differ_are_told()
    {
        CliResult result = Support.Cli.Run("diff", SharedData.Sample("bert-base-finetune"), SharedData.Sample("variants/B-L6-H768"));
        result.Output.ShouldContain("batch: 4 in the base, 2 in the new");
        result.Output.ShouldContain("sequence: 128 in the base, 64 in the new");
        result.Output.ShouldContain("steps: 10 in the base, 6 in the new");
    }

    [Theory]
    [InlineData("""{"schema": "smaragdine.footprint/9"}""", "a newer smaragdine")]
    [InlineData("""{"schema": "smaragdine.footprint/1"}""", "runs must be a list")]
    [InlineData("""{"schema": "smaragdine.footprint/1", "runs": [], "modules": []}""", "runs must be one run or more")]
    [InlineData("""{"schema": "smaragdine.footprint/1", "runs": [{"attribution": "split", "steps": 1, "devices": []}], "modules": []}""", "modules must be one module or more")]
    [InlineData("""{"schema": "smaragdine.footprint/1", "runs": [{"attribution": "split", "steps": 1, "devices": []}], "modules": [{"path": "a/b", "by_pass": {}}]}""", "modules[0].path")]
    [InlineData("""{"schema": "smaragdine.footprint/1", "runs": [{"attribution": "split", "steps": 1, "devices": []}], "modules": [{"path": "", "by_pass": {"forward": {"calls": [1, 2]}}}]}""", "1 numbers, one for each run")]
    [InlineData("""{"schema": "smaragdine.footprint/1", "runs": [""", "not valid JSON at line 1")]
    public void A_damaged_baseline_is_refused(string text, string message)
    {
        using TempFolder folder = new();
        CliResult result = Support.Cli.Run("diff", folder.Write("bad.json", text), Stability[0]);
        result.Code.ShouldBe(4, result.Error);
        result.Error.ShouldContain(message);
    }

    [Fact]
    public void Names_cannot_break_out_of_a_table()
    {
        using TempFolder one = new();
        using TempFolder other = new();
        string hostile = "model/a|b`@x<img>/Add";
        CliResult result = Support.Cli.Run(
            "diff", SmallRecording.Write(one, steps: 2, extra: hostile), SmallRecording.Write(other, steps: 2, extra: hostile), "--by", "time", "--format", "markdown");
        result.Code.ShouldBe(0, result.Error);
        string line = result.Output.Split('\n').First(l => l.Contains("img", StringComparison.Ordinal));
        line.Replace("\\|", "").Count(c => c == '|').ShouldBe(8);
        line.Count(c => c == '`').ShouldBe(2);
    }

    [Fact]
    public void Every_csv_row_has_a_field_for_each_heading()
    {
        CliResult result = Support.Cli.Run("diff", "--base", Stability[0], Stability[1], "--new", Stability[2], "--format", "csv");
        List<string[]> rows = [.. Csv.Rows(result.Output)];
        rows.Count.ShouldBeGreaterThan(50);
        rows.ShouldAllBe(r => r.Length == rows[0].Length);
    }

    /// <summary>Recordings under the folder, each with a log of constant watts; their paths.</summary>
    private static string Recordings(TempFolder folder, string side, params double[] watts)
    {
        List<string> paths = [];
        foreach ((int i, double power) in watts.Index())
        {
            using TempFolder made = new();
            SmallRecording.Write(made, manifest: $$"""{"framework": "tensorflow", "host": "{{side}}-{{i}}"}""");
            SmallRecording.Power(made, "measured", 2, ("package-0", power));
            foreach (string file in Directory.EnumerateFiles(made.Path))
            {
                folder.Write(Path.Combine($"{side}-{i}", Path.GetFileName(file)), File.ReadAllBytes(file));
            }

            paths.Add(folder.At($"{side}-{i}"));
        }

        return string.Join(' ', paths);
    }

    private static JsonObject Json(params string[] arguments)
    {
        CliResult result = Support.Cli.Run(["diff", .. arguments, "--format", "json"]);
        result.Code.ShouldBe(0, result.Error);
        return JsonNode.Parse(result.Output)!.AsObject();
    }

    private static JsonNode Change(JsonObject diff, string path) =>
        diff["changes"]!.AsArray().Single(c => (string?)c!["new_path"] == path)!;
}
