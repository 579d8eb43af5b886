using System.Text;
using System.Text.Json.Nodes;
using Smaragdine.Formats.Exports;
using Smaragdine.Formats.Exports.Pprof.Wire;
using Smaragdine.Formats.Reports;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Names that would break a format if they were written as they are. A trace may hold any.</summary>
public sealed class HostileNamesTests
{
    private static readonly string[] Hostile =
    [
        "a/line\nbreak 12", "a/quote\"and\\back\\n", "a;b;c/d;e 7", "a/\u202egnp.exe\u2066", "a/\u0000\u0001\u001b[31mred\u007f\r\n", "</script><svg onload=x>/x", "a/%3B %25", "a b/c\td\u00a0e\u2028f",
        "a/{}=\",\"b\"} 5 # EOF", "  ", "\u00e4/\ud83d\ude00", "/", "//a//b/",
    ];

    public static TheoryData<string> Names => [.. Hostile];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_name_breaks_no_format(string name)
    {
        using TempFolder folder = new();
        string[] arguments = Exported.Small(folder, extra: name);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        double joules = operations.Total("energy_j", steps);

        string folded = Exported.Text(folder, "folded", arguments);
        folded.Any(c => char.IsControl(c) && c != '\n').ShouldBeFalse();
        List<(string[] Frames, long Value)> lines = Exported.Folded(folded);
        lines.Count.ShouldBe(operations.Count);
        lines.ShouldAllBe(l => l.Frames.All(f => f.Length > 0 && !f.Any(char.IsWhiteSpace)));
        Math.Abs(lines.Sum(l => l.Value) - (1e6 * joules)).ShouldBeLessThanOrEqualTo(0.51);

        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", arguments));
        profile.Function.Count.ShouldBeGreaterThanOrEqualTo(operations.Count);
        string escaped = Printable.Text(name);
        profile.Function.Count(f => profile.StringTable[(int)f.Name] == escaped && f.Filename != 0).ShouldBe(1);
        profile.StringTable.ShouldAllBe(s => !s.Any(char.IsControl));
        profile.StringTable.ShouldBeUnique();

        JsonObject speedscope = Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments));
        List<string> frames = [.. speedscope["shared"]!["frames"]!.AsArray().Select(f => (string?)f!["file"] ?? (string)f["name"]!)];
        frames.ShouldContain(name);

        string metrics = Exported.Text(folder, "openmetrics", arguments);
        Exported.Near(Exported.OpenMetrics(metrics).Where(s => s.Name == "smaragdine_recording_energy_joules").Sum(s => s.Value), joules, "metrics");
        metrics.Split('\n').Count(l => l.StartsWith("# EOF", StringComparison.Ordinal)).ShouldBe(1);

        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", arguments));
        trace.Spans("CPU:0").Count(s => (string)s.Arguments["operation"] == name).ShouldBe(3);
        Exported.Near(trace.Slices.Where(s => s.Arguments.ContainsKey("operation")).Sum(s => s.Joules ?? 0), joules, "timeline");
    }

    [Fact]
    public void A_name_of_a_megabyte_breaks_no_format()
    {
        using TempFolder folder = new();
        string name = $"model/{string.Join('/', Enumerable.Repeat("deeper", 75_000))}/{new string('x', 500_000)}";
        string[] arguments = Exported.Small(folder, extra: name);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        double joules = operations.Total("energy_j", steps);

        Math.Abs(Exported.Folded(Exported.Text(folder, "folded", arguments)).Sum(l => l.Value) - (1e6 * joules)).ShouldBeLessThanOrEqualTo(0.51);
        Exported.Pprof(Exported.Bytes(folder, "pprof", arguments)).StringTable.ShouldContain(name);
        Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments))["shared"]!["frames"]!.AsArray().Any(f => (string?)f!["file"] == name).ShouldBeTrue();
        Exported.Near(
            Exported.OpenMetrics(Exported.Text(folder, "openmetrics", arguments)).Where(s => s.Name == "smaragdine_recording_energy_joules").Sum(s => s.Value), joules, "metrics");
        byte[] trace = Exported.Bytes(folder, "perfetto", arguments);
        new PerfettoReplay(trace).Spans("CPU:0").Count(s => (string)s.Arguments["operation"] == name).ShouldBe(3);
        trace.Length.ShouldBeLessThan(4_000_000, "a name is written once, not with every span");
    }

    /// <summary>TensorFlow's modules are tame; another framework's may be named anyhow, and a reader may let half a surrogate pair pass.</summary>
    [Fact]
    public void Hostile_modules_break_no_format()
    {
        string[] modules = [.. Hostile, "half\ud800", "half\udc00", "model\rreturn"];
        Report report = MadeUpReports.Of("half\ud800\"\n", [.. modules.Select((m, i) => Core.Footprints.Rows.Row(m, $"x{i}\udc00", 2.5, i))]);
        double joules = report.Rows.Sum(r => r.Energy!.Total);

        string folded = Strict(s => FoldedExport.Write(report, FoldedValue.Energy, byPass: true, s));
        Exported.Folded(folded).Count.ShouldBe(modules.Length);
        Math.Abs(Exported.Folded(folded).Sum(l => l.Value) - (1e6 * joules)).ShouldBeLessThanOrEqualTo(0.51);
        Exported.Folded(folded).ShouldAllBe(l => l.Frames.All(f => f.Length > 0));

        JsonObject speedscope = JsonNode.Parse(Strict(s => SpeedscopeExport.Write(report, byPass: false, s)))!.AsObject();
        Exported.Near(speedscope["profiles"]![0]!["weights"]!.AsArray().Sum(w => (double)w!), 1e6 * joules, "speedscope");

        List<(string Name, Dictionary<string, string> Labels, double Value)> metrics =
            [.. Exported.OpenMetrics(Strict(s => OpenMetricsExport.Write(report, s))).Where(s => s.Name == "smaragdine_recording_energy_joules")];
        Exported.Near(metrics.Sum(m => m.Value), joules, "metrics");
        metrics.Select(m => m.Labels["module"]).ShouldBeUnique();
        metrics.Select(m => m.Labels["module"]).ShouldContain("a/line\nbreak 12");
        metrics.Select(m => m.Labels["module"]).ShouldContain("a/quote\"and\\back\\n");
        metrics.Count.ShouldBe(modules.Length - 2, "both halves of a pair read as one, and what begins with `/` is at the root");

        using MemoryStream gzipped = new();
        Smaragdine.Formats.Exports.Pprof.PprofExport.Write(report, byPass: false, gzipped);
        Profile profile = Exported.Pprof(gzipped.ToArray());
        Math.Abs(profile.Sample.Sum(s => s.Value[2]) - (1e6 * joules)).ShouldBeLessThanOrEqualTo(0.51);
        profile.StringTable.ShouldAllBe(s => !s.Any(char.IsControl));
    }

    private static string Strict(Action<Stream> write)
    {
        using MemoryStream bytes = new();
        write(bytes);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.ToArray());
    }
}
