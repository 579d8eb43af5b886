using System.Text.Json.Nodes;
using Smaragdine.Formats.Exports.Pprof.Wire;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>What an export holds adds up to what the report says, by the same choice of steps, devices, passes and modules.</summary>
public sealed class ExportSumsTests
{
    public static TheoryData<string, string> Ways
    {
        get
        {
            TheoryData<string, string> ways = new() { { "sample", "" }, { "sample", "--module bert/encoder --fold-layers" } };
            foreach (string[] way in Exported.Ways)
            {
                ways.Add("small", string.Join(' ', way));
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Folded_stacks_add_up(string recording, string way)
    {
        using TempFolder folder = new();
        string[] arguments = Arguments(folder, recording, way);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);

        List<(string[] Frames, long Value)> energy = Exported.Folded(Exported.Text(folder, "folded", arguments));
        Math.Abs(energy.Sum(l => l.Value) - (1e6 * operations.Total("energy_j", steps))).ShouldBeLessThanOrEqualTo(0.51, "half a microjoule in all");
        List<(string[] Frames, long Value)> time = Exported.Folded(Exported.Text(folder, "folded", ["--value", "time", .. arguments]));
        time.Sum(l => l.Value).ShouldBe((long)Math.Round(1e9 * operations.Total("time_s", steps)));

        energy.Concat(time).ShouldAllBe(l => l.Value > 0);
        if (!way.Contains("fold", StringComparison.Ordinal))
        {
            energy.Select(l => string.Join(';', l.Frames)).ShouldBeUnique();
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_profile_adds_up(string recording, string way)
    {
        using TempFolder folder = new();
        string[] arguments = Arguments(folder, recording, way);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        Profile profile = Exported.Pprof(Exported.Bytes(folder, "pprof", arguments));

        profile.SampleType.Select(t => profile.StringTable[(int)t.Type]).ShouldBe(["calls", "time", "energy"]);
        profile.SampleType.Select(t => profile.StringTable[(int)t.Unit]).ShouldBe(["count", "nanoseconds", "microjoules"]);
        profile.StringTable[(int)profile.DefaultSampleType].ShouldBe("energy");
        profile.Sample.ShouldAllBe(s => s.Value.Count == 3 && s.Value.All(v => v >= 0));
        profile.Sample.Sum(s => s.Value[0]).ShouldBe((long)Math.Round(operations.Total("calls", steps)));
        profile.Sample.Sum(s => s.Value[1]).ShouldBe((long)Math.Round(1e9 * operations.Total("time_s", steps)));
        Math.Abs(profile.Sample.Sum(s => s.Value[2]) - (1e6 * operations.Total("energy_j", steps))).ShouldBeLessThanOrEqualTo(0.51);
        foreach (IGrouping<string, Sample> device in profile.Sample.GroupBy(s => profile.Label(s, "device")))
        {
            double expected = 1e6 * operations.Where(o => (string)o["device"]! == device.Key).Total("energy_j", steps);
            Math.Abs(device.Sum(s => s.Value[2]) - expected).ShouldBeLessThanOrEqualTo(1.01, device.Key);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_speedscope_file_adds_up(string recording, string way)
    {
        using TempFolder folder = new();
        string[] arguments = Arguments(folder, recording, way);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        List<JsonObject> profiles = [.. Exported.Speedscope(Exported.Bytes(folder, "speedscope", arguments))["profiles"]!.AsArray().Select(p => p!.AsObject())];

        profiles.Count.ShouldBe(2);
        Exported.Near(Weights(profiles[0]), 1e6 * operations.Total("energy_j", steps), "energy");
        Exported.Near(Weights(profiles[1]), operations.Total("time_s", steps), "time");
        profiles.ShouldAllBe(p => Math.Abs(p["endValue"]!.GetValue<double>() - Weights(p)) <= 1e-9 * Weights(p));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void OpenMetrics_add_up(string recording, string way)
    {
        using TempFolder folder = new();
        string[] arguments = Arguments(folder, recording, way);
        (List<JsonObject> operations, int steps, JsonObject report) = Exported.Report(arguments);
        List<(string Name, Dictionary<string, string> Labels, double Value)> samples = Exported.OpenMetrics(Exported.Text(folder, "openmetrics", arguments));
        double Sum(string name, Func<Dictionary<string, string>, bool> which) => samples.Where(s => s.Name == $"smaragdine_recording_{name}" && which(s.Labels)).Sum(s => s.Value);

        Sum("steps", _ => true).ShouldBe(steps);
        Exported.Near(Sum("time_seconds", _ => true), operations.Total("time_s", steps), "time");
        Exported.Near(Sum("calls", _ => true), operations.Total("calls", steps), "calls");
        foreach (JsonObject device in report["devices"]!.AsArray().Select(d => d!.AsObject()))
        {
            string name = (string)device["device"]!;
            List<JsonObject> own = [.. operations.Where(o => (string)o["device"]! == name)];
            Exported.Near(Sum("energy_joules", l => l["device"] == name), own.Total("energy_j", steps), name);
            foreach (string pass in own.Select(o => (string)o["pass"]!).Distinct())
            {
                Exported.Near(
                    Sum("energy_joules", l => l["device"] == name && l["pass"] == pass), own.Where(o => (string)o["pass"]! == pass).Total("energy_j", steps), $"{name} {pass}");
            }

            Exported.Near(Sum("device_energy_joules", l => l["device"] == name), device["energy_j"]!.GetValue<double>() * steps, $"{name} parts");
            Exported.Near(Sum("domain_energy_joules", l => l["device"] == name), device["energy_j"]!.GetValue<double>() * steps, $"{name} domains");
            Exported.Near(Sum("window_seconds", l => l["device"] == name), device["window_s"]!.GetValue<double>() * steps, $"{name} window");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_spans_of_a_timeline_add_up(string recording, string way)
    {
        way = recording == "small" ? way : $"{way.Replace("--fold-layers", "", StringComparison.Ordinal)} --steps 2..3";
        using TempFolder folder = new();
        string[] arguments = Arguments(folder, recording, way);
        (List<JsonObject> operations, int steps, _) = Exported.Report(arguments);
        PerfettoReplay trace = new(Exported.Bytes(folder, "perfetto", arguments));
        foreach (IGrouping<string, JsonObject> device in operations.GroupBy(o => (string)o["device"]!))
        {
            string group = trace.Tracks.Values.Single(t => t.Parent is null && t.Name.StartsWith(device.Key, StringComparison.Ordinal)).Name;
            Dictionary<string, JsonObject> rows = device.ToDictionary(o => (string)o["operation"]!);
            foreach (IGrouping<string, PerfettoReplay.Slice> spans in trace.Spans(group).GroupBy(s => (string)s.Arguments["operation"]))
            {
                JsonObject row = rows[spans.Key];
                Exported.Near(spans.Sum(s => s.Joules ?? 0), new[] { row }.Total("energy_j", steps), $"{spans.Key}, J");
                Exported.Near(spans.Sum(s => (long)(s.End - s.Start) / 1e9), new[] { row }.Total("time_s", steps), $"{spans.Key}, s");
                spans.All(s => (string)s.Arguments["module"] == (string)row["module"]! && (string)s.Arguments["pass"] == (string)row["pass"]!
                    && s.Category == (string)row["pass"]! && (string)s.Arguments["type"] == (string)row["type"]!).ShouldBeTrue(spans.Key);
            }

            Exported.Near(trace.Spans(group).Sum(s => s.Joules ?? 0), device.Total("energy_j", steps), device.Key);
            int calls = (int)Math.Round(device.Total("calls", steps));
            trace.Spans(group).Count().ShouldBeInRange(calls, calls + trace.Spans(group).Count(s => s.Arguments.ContainsKey("cut_at_step")));
        }

        trace.Slices.ShouldAllBe(s => s.Depth == 0, "spans that only overlap would be drawn as nested");
    }

    [Fact]
    public void The_csv_is_the_report_s()
    {
        using TempFolder folder = new();
        string[] arguments = Exported.Small(folder);
        foreach (string[] way in Exported.Ways)
        {
            Exported.Text(folder, "csv", [.. arguments, .. way]).ShouldBe(Support.Cli.Run(["report", "--format", "csv", .. arguments, .. way]).Output);
        }
    }

    private static string[] Arguments(TempFolder folder, string recording, string way) =>
        [.. recording == "small" ? Exported.Small(folder) : [SharedData.Sample("bert-base-predict")], .. way.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static double Weights(JsonObject profile) => profile["weights"]!.AsArray().Sum(w => w!.GetValue<double>());
}
