using System.Globalization;
using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Reports;

/// <summary>What adds up to what in a report (docs/report-format.md), told from the JSON alone.</summary>
public sealed class SumsTests
{
    private const string Bert = "bert-base-finetune";

    public static TheoryData<string, string> Reports => new()
    {
        { Bert, "" },
        { Bert, "--power simulated --steps 1..3" },
        { Bert, "--power simulated --attribution paper --steps 1,2" },
        { Bert, "--fold-layers --steps 2..4" },
        { Bert, "--power simulated --fold-layers --steps 1..4 --skip-first 2" },
        { "variants/A-L6-H512", "" },
        { "variants/A-L6-H512", "--power simulated --attribution paper" },
        { "small", "" },
        { "small", "--power all" },
        { "small", "--power all --attribution paper" },
        { "small", "--power all --fold-layers" },
        { "small", "--power cpu" },
        { "small", "--power gappy" },
        { "small", "--power gappy --attribution paper" },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void Everything_adds_up(string recording, string arguments)
    {
        using TempFolder folder = new();
        string path = recording == "small" ? SmallRecording.Write(folder, steps: 3, gpu: true) : SharedData.Sample(recording);
        string log = arguments.Contains("gappy", StringComparison.Ordinal)
            ? Gappy(folder)
            : arguments.Contains("all", StringComparison.Ordinal)
                ? SmallRecording.Power(folder, "simulated", 3, ("package-0", 50), ("dram-0", 7), ("gpu-0", 200))
                : arguments.Contains("cpu", StringComparison.Ordinal)
                    ? SmallRecording.Power(folder, "measured", 3, ("package-0", 50))
                    : Path.Combine(path, "power-simulated.csv.gz");
        string[] args = [path, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a is "simulated" or "all" or "cpu" or "gappy" ? log : a)];
        JsonObject report = Support.Cli.Json(args);
        Check(report);
        CheckCsv(report, args);
    }

    [Fact]
    public void Figures_are_those_of_a_recording_worked_by_hand()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, steps: 2, gpu: true);
        string log = SmallRecording.Power(folder, "measured", 2, ("package-0", 100), ("gpu-0", 200));
        JsonObject report = Support.Cli.Json(recording, "--power", log);
        JsonObject matmul = report["operations"]!.AsArray().Single(o => (string?)o!["operation"] == "model/dense/MatMul")!.AsObject();
        matmul["energy_j"]!.GetValue<double>().ShouldBe(4.0, 1e-9, "40 ms at 100 W");
        matmul["power_w"]!.GetValue<double>().ShouldBe(100, 1e-6);
        ((string?)matmul["quality"]).ShouldBe("derived");
        JsonObject extra = report["operations"]!.AsArray().Single(o => (string?)o!["operation"] == "model/extra/Add")!.AsObject();
        extra["energy_j"]!.GetValue<double>().ShouldBe(0.95, 1e-9, "9 ms and 10 ms at 100 W, the mean of the steps");
        extra["energy_sd_j"]!.GetValue<double>().ShouldBe(0.1 / Math.Sqrt(2), 1e-9, "n − 1");
        JsonObject gpu = report["devices"]!.AsArray().Single(d => (string?)d!["device"] == "GPU:0")!.AsObject();
        ((string?)gpu["quality"]).ShouldBe("measured");
        JsonObject copy = report["operations"]!.AsArray().Single(o => (string?)o!["operation"] == "edge_1_x")!.AsObject();
        copy["energy_j"]!.GetValue<double>().ShouldBe(1.0 * 2, 1e-9, "alone on the GPU for 10 ms");
        copy["flags"]!.AsArray().Select(f => (string?)f).ShouldBe(["copy"]);
        JsonObject run = report["run"]!.AsObject();
        run["by_domain"]!.AsObject().Select(d => d.Key).ShouldBe(["package-0", "gpu-0"]);
    }

    private static string Gappy(TempFolder folder)
    {
        string log = SmallRecording.Power(folder, "measured", 3, ("package-0", 50), ("gpu-0", 150));
        return folder.Write("gappy.csv", string.Join('\n', File.ReadAllLines(log).Where((_, i) => i is < 3 or > 30 and < 80)) + "\n");
    }

    private static void Check(JsonObject report)
    {
        List<JsonObject> operations = [.. report["operations"]!.AsArray().Select(o => o!.AsObject())];
        foreach (JsonObject device in report["devices"]!.AsArray().Select(d => d!.AsObject()))
        {
            string name = (string)device["device"]!;
            Close(Number(device, "window_s"), Number(device, "covered_s") + Number(device, "uncovered_s"), $"{name} window");
            Number(device, "busy_s").ShouldBeLessThanOrEqualTo(Number(device, "window_s") + 1e-12);
            JsonObject[] own = [.. operations.Where(o => (string)o["device"]! == name)];
            if (device["energy_j"] is null)
            {
                own.ShouldAllBe(o => o["energy_j"] == null);
                continue;
            }

            Close(Number(device, "operations_j"), own.Sum(o => Number(o, "energy_j")), $"{name} operations");
            Close(
                Number(device, "energy_j"),
                new[] { "operations_j", "idle_j", "other_processes_j", "outside_j", "unattributed_j" }.Sum(r => Number(device, r)),
                $"{name} conservation");
            foreach (string row in new[] { "operations_j", "idle_j", "other_processes_j", "outside_j", "unattributed_j" })
            {
                Number(device, row).ShouldBeGreaterThanOrEqualTo(-1e-9, $"{name} {row}");
            }

            Close(Number(device, "energy_j"), device["domains"]!.AsArray().Sum(d => Number(d!.AsObject(), "energy_j")), $"{name} domains");
        }

        foreach (JsonObject operation in operations.Where(o => o["energy_j"] is not null))
        {
            string name = (string)operation["operation"]!;
            Close(Number(operation, "energy_j"), operation["by_domain"]!.AsObject().Sum(d => d.Value!.GetValue<double>()), name);
            if (operation["power_w"] is not null)
            {
                Close(Number(operation, "energy_j"), Number(operation, "power_w") * Number(operation, "covered_s"), name);
            }
        }

        List<JsonObject> modules = [.. report["modules"]!.AsArray().Select(m => m!.AsObject())];
        JsonObject root = modules[0];
        ((string)root["kind"]!).ShouldBe("root");
        foreach (string figure in new[] { "energy_j", "time_s", "calls" })
        {
            Close(Number(root, figure), operations.Sum(o => Number(o, figure)), $"root {figure}");
        }

        for (int i = 0; i < modules.Count; i++)
        {
            JsonObject module = modules[i];
            string path = (string)module["path"]!;
            int depth = (int)module["depth"]!;
            List<JsonObject> children = [.. modules.Skip(i + 1).TakeWhile(m => (int)m["depth"]! > depth).Where(m => (int)m["depth"]! == depth + 1)];
            Close(Number(module, "energy_j"), Number(module, "self_j") + children.Sum(c => Number(c, "energy_j")), $"{path} children");
            Close(Number(module, "energy_j"), module["by_pass"]!.AsObject().Sum(p => Number(p.Value!.AsObject(), "energy_j")), $"{path} by pass");
            Close(Number(module, "time_s"), module["by_pass"]!.AsObject().Sum(p => Number(p.Value!.AsObject(), "time_s")), $"{path} by pass, time");
            Close(Number(module, "energy_j"), module["by_domain"]!.AsObject().Sum(d => d.Value!.GetValue<double>()), $"{path} by domain");
            if (module["members"] is JsonObject members && module["energy_j"] is not null)
            {
                Close(Number(module, "energy_j"), Number(members, "n") * Number(members, "mean_j"), $"{path} members");
            }
        }
    }

    private static void CheckCsv(JsonObject report, string[] args)
    {
        CliResult result = Support.Cli.Run(["report", "--format", "csv", .. args]);
        string[][] table = [.. Csv.Rows(result.Output)];
        string[] header = table[0];
        JsonArray operations = report["operations"]!.AsArray();
        (table.Length - 1).ShouldBe(operations.Count);
        table.ShouldAllBe(r => r.Length == header.Length);
        for (int i = 0; i < operations.Count; i++)
        {
            JsonObject operation = operations[i]!.AsObject();
            for (int c = 0; c < header.Length; c++)
            {
                JsonNode? value = header[c].StartsWith("energy_j.", StringComparison.Ordinal)
                    ? operation["by_domain"]![header[c]["energy_j.".Length..]]
                    : operation[header[c]];
                string expected = value switch
                {
                    null => "",
                    JsonArray flags => string.Join(';', flags.Select(f => (string)f!)),
                    JsonValue number when number.TryGetValue(out double d) => d.ToString("R", CultureInfo.InvariantCulture),
                    _ => (string)value!,
                };
                table[i + 1][c].ShouldBe(expected, $"row {i + 1}, {header[c]}");
            }
        }
    }

    private static double Number(JsonObject node, string name) => node[name]?.GetValue<double>() ?? 0;

    private static void Close(double left, double right, string what) =>
        Math.Abs(left - right).ShouldBeLessThanOrEqualTo(Math.Max(1e-12, 1e-9 * Math.Abs(left)), $"{what}: {left:R} and {right:R}");
}
