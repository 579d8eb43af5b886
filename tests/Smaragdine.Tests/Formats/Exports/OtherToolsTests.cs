using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Smaragdine.Formats.Exports;
using Smaragdine.Formats.Reports;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Exports opened by the tools that they are for.</summary>
public sealed partial class OtherToolsTests
{
    private const string Hostile = "model/a;b \"q\"\\\n\u202e{}= # EOF/x";

    [ToolFact("go", "golang-go")]
    public void Go_s_pprof_shows_the_energies_of_the_report()
    {
        using TempFolder folder = new();
        string[] arguments = Exported.Small(folder, extra: Hostile);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        Exported.Bytes(folder, "pprof", arguments);
        string file = folder.At("export.pprof");

        string top = Pprof("-top", "-sample_index=energy", "-unit=microjoules", "-nodecount=1000", "-nodefraction=0", file);
        top.ShouldContain("Type: energy");
        Total(top).ShouldBe((long)Math.Round(1e6 * operations.Total("energy_j", steps)));
        Dictionary<string, long> flat = Flat(top);
        Math.Abs(flat["gradients/model/dense/MatMul_grad/MatMul"] - (1e6 * steps * operations.Single(o => (string)o["pass"]! == "backward")["energy_j"]!.GetValue<double>()))
            .ShouldBeLessThanOrEqualTo(1);
        Total(Pprof("-top", "-sample_index=energy", "-tagfocus=device=GPU:0", "-nodefraction=0", file)).ShouldBe(Total(top));
        Flat(Pprof("-top", "-sample_index=energy", "-tagfocus=device=GPU:0", "-nodefraction=0", file)).Keys.ShouldBe(["model/dense/Relu", "edge_1_x"], ignoreOrder: true);
        Flat(Pprof("-top", "-files", "-sample_index=calls", "-nodefraction=0", file))["MatMul"].ShouldBe(6);
        Pprof("-comments", file).ShouldContain("toy train, steps 1..3: totals, not means per step");
        Pprof("-top", "-cum", "-tagroot=pass", "-sample_index=calls", "-nodefraction=0", file).ShouldMatch(@"(?m)^\s*0\s+0%\s+\S+%\s+3\s+\S+%\s+backward$");

    }

    [ToolFact("go", "golang-go")]
    public void The_docs_transcript_is_what_pprof_prints()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Root, "docs", "exports.md"));
        string shown = Transcript().Match(page).Groups["output"].Value;
        shown.ShouldNotBeEmpty();
        using TempFolder folder = new();
        Exported.Bytes(folder, "pprof", "--fold-layers", SharedData.Sample("bert-base-finetune"));
        Pprof("-top", "-nodecount=5", folder.At("export.pprof")).TrimEnd().ShouldBe(shown);
    }

    [ToolFact("promtool", "prometheus")]
    public void Promtool_finds_no_fault_with_the_metrics()
    {
        using TempFolder folder = new();
        Exported.Bytes(folder, "openmetrics", SharedData.Sample("bert-base-predict"));
        File.Move(folder.At("export.openmetrics"), folder.At("sample.openmetrics"));
        WriteHostile(folder);
        foreach (string file in new[] { "sample.openmetrics", "export.openmetrics" })
        {
            (int code, string output, string error) = Tool.Run(Tool.Find("promtool")!, folder.At(file), "check", "metrics");
            (output + error).ShouldBeEmpty();
            code.ShouldBe(0);
        }
    }

    [PythonFact("prometheus_client")]
    public void A_strict_reader_of_OpenMetrics_reads_them()
    {
        using TempFolder folder = new();
        double written = WriteHostile(folder);
        string script = folder.Write("read.py",
            """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            with open(sys.argv[1], encoding="utf-8", newline="\n") as file:
                families = {f.name: f for f in text_string_to_metric_families(file.read())}
            joules = families["smaragdine_recording_energy_joules"]
            print(joules.type, joules.unit, repr(sum(s.value for s in joules.samples)))
            print(repr(sorted({s.labels["module"] for s in joules.samples})))
            """);
        string[] lines = Python.Run("prometheus_client", script, folder.At("export.openmetrics")).TrimEnd().Split('\n');
        lines[0].ShouldStartWith("gauge joules ");
        Exported.Near(double.Parse(lines[0].Split(' ')[2], CultureInfo.InvariantCulture), written, "joules");
        lines[1].ShouldBe("""['model/a;b "q"\\\n\u202e{}= # EOF/x', 'model/dense']""");
    }

    private static string Pprof(params string[] options)
    {
        (int code, string output, string error) = Tool.Run(Tool.Find("go")!, null, ["tool", "pprof", .. options]);
        code.ShouldBe(0, error);
        return output;
    }

    /// <summary>Metrics of a module whose name is none of a well-behaved program; their joules.</summary>
    private static double WriteHostile(TempFolder folder)
    {
        Report report = MadeUpReports.Of("a \"model\"\\", Core.Footprints.Rows.Row(Hostile, "MatMul", 2.5, 3.25), Core.Footprints.Rows.Row("model/dense", "MatMul", 1, 1));
        using FileStream file = File.Create(folder.At("export.openmetrics"));
        OpenMetricsExport.Write(report, file);
        return report.Rows.Sum(r => r.Energy!.Total);
    }

    private static long Total(string top) => long.Parse(TotalLine().Match(top).Groups["n"].Value, CultureInfo.InvariantCulture);

    /// <summary>Flat values by name: of operations, since what holds them has none of its own.</summary>
    private static Dictionary<string, long> Flat(string top) =>
        FlatLine().Matches(top).Where(m => m.Groups["n"].Value != "0").ToDictionary(m => m.Groups["name"].Value, m => long.Parse(m.Groups["n"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\n\$ go tool pprof -top -nodecount=5 energy.pb.gz\n(?<output>.*?)\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Transcript();

    [GeneratedRegex(@"(?:of|Total samples =) (?<n>\d+)(?:microjoules)?(?: total)?\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TotalLine();

    [GeneratedRegex(@"^\s*(?<n>\d+)(?:microjoules)?\s+\S+%\s+\S+%\s+\d+(?:microjoules)?\s+\S+%\s+(?<name>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FlatLine();
}
