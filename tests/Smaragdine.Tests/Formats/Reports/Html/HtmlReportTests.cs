using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;
using CliRun = Smaragdine.Tests.Support.Cli;

namespace Smaragdine.Tests.Formats.Reports.Html;

public sealed class HtmlReportTests
{
    [Fact]
    public void The_page_holds_the_report_as_json_has_it()
    {
        using TempFolder folder = new();
        SmallRecording.Write(folder, steps: 3, gpu: true);
        string power = SmallRecording.Power(folder, "measured", 3, ("package-0", 20), ("gpu-0", 100));
        JsonObject page = Page.DataOf(Html(folder.Path, "--power", power));
        JsonNode.DeepEquals(page["report"], CliRun.Json(folder.Path, "--power", power)).ShouldBeTrue();
        JsonNode.DeepEquals(page["folded"], CliRun.Json(folder.Path, "--power", power, "--fold-layers")["modules"]).ShouldBeTrue();
        page["base"].ShouldBeNull();
    }

    [Fact]
    public void Columns_fit_each_other()
    {
        using TempFolder folder = new();
        SmallRecording.Write(folder, steps: 3, gpu: true);
        JsonObject page = Page.DataOf(Html(folder.Path, "--power", SmallRecording.Power(folder, "measured", 3, ("package-0", 20), ("gpu-0", 100))));
        int operations = page["report"]!["operations"]!.AsArray().Count;
        page["first_start_s"]!.AsArray().Count.ShouldBe(operations);
        page["module_of"]!.AsArray().Count.ShouldBe(operations);
        foreach ((JsonNode? row, JsonNode? module) in page["report"]!["operations"]!.AsArray().Zip(page["module_of"]!.AsArray()))
        {
            page["report"]!["modules"]![(int)module!]!["path"]!.GetValue<string>().ShouldBe((string)row!["module"]!);
        }

        foreach (JsonNode? profile in page["profiles"]!.AsArray())
        {
            int bins = profile!["mean_w"]!.AsArray().Count;
            profile["offset"]!.AsArray().Count.ShouldBe(bins + 1);
            profile["module"]!.AsArray().Count.ShouldBe((int)profile["offset"]!.AsArray()[^1]!);
        }

        foreach (JsonNode? device in page["timeline"]![0]!["devices"]!.AsArray())
        {
            double joules = device!["power"]!["w"]!.AsArray()
                .Zip(device["power"]!["t_ns"]!.AsArray().Zip(device["power"]!["t_ns"]!.AsArray().Skip(1)))
                .Sum(p => (double)p.First! * ((long)p.Second.Second! - (long)p.Second.First!) / 1e9);
            int step = page["per_step"]![0]!["step"]!.AsArray().Index().Single(s => (int)s.Item! == (int)page["timeline"]![0]!["step"]!).Index;
            joules.ShouldBe((double)page["per_step"]!.AsArray().Single(d => (string)d!["device"]! == (string)device["device"]!)!["energy_j"]![step]!, 1e-9);
        }
    }

    [Fact]
    public void Modules_and_operations_that_folding_makes_one_add_up_to_it()
    {
        JsonObject page = Page.DataOf(Html(Path.Combine(SharedData.Root, "samples", "bert-base-finetune"), "--steps", "4..6"));
        JsonArray modules = page["report"]!["modules"]!.AsArray();
        JsonArray folded = page["folded"]!.AsArray();
        int[] of = [.. page["folded_of"]!.AsArray().Select(i => (int)i!)];
        of.Length.ShouldBe(modules.Count);
        double[] sums = new double[folded.Count];
        for (int i = 0; i < of.Length; i++)
        {
            ((int)modules[i]!["depth"]!).ShouldBe((int)folded[of[i]]!["depth"]!);
            sums[of[i]] += (double)modules[i]!["energy_j"]!;
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i].ShouldBe((double)folded[i]!["energy_j"]!, 1e-9);
        }

        // One of the twelve layers' operations: the deviation is of their sum, which the report's own ranking shows.
        int[] group = [.. page["folded_operations"]!["of"]!.AsArray().Select(i => (int)i!)];
        int row = page["report"]!["operations"]!.AsArray().Index().First(o => (string)o.Item!["operation"]! == "bert/encoder/layer_3/output/dense/BiasAdd").Index;
        group.Count(g => g == group[row]).ShouldBe(12);
        double sd = (double)page["folded_operations"]!["energy_sd_j"]![group[row]]!;
        double[] own = [.. page["report"]!["operations"]!.AsArray().Where((_, i) => group[i] == group[row]).Select(o => (double)o!["energy_sd_j"]!)];
        sd.ShouldBeGreaterThan(0);
        sd.ShouldBeLessThanOrEqualTo(own.Sum());
    }

    [Fact]
    public void Another_recording_is_there_to_compare_with()
    {
        using TempFolder folder = new();
        using TempFolder other = new();
        SmallRecording.Write(folder, steps: 3);
        SmallRecording.Write(other, steps: 2);
        JsonNode.DeepEquals(Page.DataOf(Html(folder.Path, "--base", other.Path))["base"], CliRun.Json(other.Path)).ShouldBeTrue();
        CliResult text = CliRun.Run("report", folder.Path, "--base", other.Path);
        text.Code.ShouldBe(2);
        text.Error.ShouldContain("--format html");
    }

    [Fact]
    public void Hostile_names_are_text_in_the_page()
    {
        using TempFolder folder = new();
        const string hostile = "</script><script>alert(1)</script>";
        SmallRecording.Write(folder, extra: $"model/{hostile}/Add", manifest: $$"""{"framework": "tensorflow", "model": "</title><b>%SMARAGDINE_DATA%"}""");
        string html = Html(folder.Path);
        html.ShouldNotContain(hostile);
        html.ShouldNotContain("</title><b>");
        html.ShouldContain("&lt;/title&gt;&lt;b&gt;");
        Page.DataOf(html)["report"]!["operations"]!.AsArray().Select(o => (string)o!["operation"]!).ShouldContain($"model/{hostile}/Add");
    }

    [Fact]
    public void The_page_may_ask_nothing_of_a_network()
    {
        using TempFolder folder = new();
        SmallRecording.Write(folder);
        string html = Html(folder.Path);
        html.ShouldContain("default-src 'none'");
        html.ShouldContain("connect-src 'none'");
        html.ShouldNotContain("%SMARAGDINE_");
    }

    [Fact]
    public void A_recording_without_traces_has_a_page()
    {
        using TempFolder folder = new();
        CliRun.Run("record", "-o", folder.At("run"), "--", "sleep", "0.2").Code.ShouldBe(0);
        JsonObject page = Page.DataOf(Html(folder.At("run")));
        page["report"]!["operations"]!.AsArray().ShouldBeEmpty();
        page["timeline"]!.AsArray().Count.ShouldBe(1);
    }

    private static string Html(params string[] args)
    {
        CliResult result = CliRun.Run(["report", "--format", "html", .. args]);
        result.Code.ShouldBeOneOf([0, 3], result.Error);
        return result.Output;
    }
}
