using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Smaragdine.Cli.Recorders;
using Smaragdine.Tests.Sensors.Nvml;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli;

/// <summary>GPUs from the driver's library (a stand-in) to `report`: two cards alike, the first at 100 W, the second at 200 W.</summary>
[Collection(NvmlStubCollection.Name)]
public sealed class GpuRecordingTests(NvmlStubs stubs) : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (Process process in started)
        {
            process.Kill();
            process.Dispose();
        }

        folder.Dispose();
    }

    [NativeFact]
    public void Cards_that_the_program_numbers_anew_feed_its_devices_and_the_gaps_of_a_shared_one_are_nobody_s()
    {
        int program = Sleep("1,0");
        int other = Sleep(null);
        string target = Record(program, $"gpu 0 compute {program} 1\ngpu 1 compute {program} 1\ngpu 1 compute {other} 1\n");

        JsonArray gpus = Manifest(target)["gpus"]!.AsArray();
        gpus.Select(g => (g!["uuid"]!.GetValue<string>(), g["index"]!.GetValue<int>(), g["shared"]!.GetValue<bool>(), g["pci_bus_id"]!.GetValue<string>())).ShouldBe(
            [("GPU-a", 1, false, "0000:65:00.0"), ("GPU-b", 0, true, "0000:b3:00.0")]);

        WriteTrace(target, 0, 1);
        Dictionary<string, JsonNode> devices = Support.Cli.Json(target)["devices"]!.AsArray().ToDictionary(d => d!["device"]!.GetValue<string>(), d => d!);
        Fed(devices["GPU:0"]).ShouldBe(["gpu-1"]);
        Fed(devices["GPU:1"]).ShouldBe(["gpu-0"]);

        // 40 of 100 ms run nothing: 8 J and 4 J, or what of them a machine that gave no time to sampling still covers.
        Joules(devices["GPU:0"], "unattributed_j").ShouldBeInRange(0.1, 8);
        Joules(devices["GPU:0"], "idle_j").ShouldBe(0);
        Joules(devices["GPU:1"], "idle_j").ShouldBeInRange(0.1, 4);
        Joules(devices["GPU:1"], "unattributed_j").ShouldBe(0);
    }

    [NativeFact]
    public void A_card_that_the_program_does_not_see_is_recorded_and_feeds_nothing()
    {
        int program = Sleep("GPU-b");
        string target = Record(program, "");
        Manifest(target)["gpus"]![0]!["visible"]!.GetValue<bool>().ShouldBeFalse();
        WriteTrace(target, 0);
        JsonObject report = Support.Cli.Json(target);
        Fed(report["devices"]!.AsArray().Single(d => d!["device"]!.GetValue<string>() == "GPU:0")!).ShouldBe(["gpu-1"]);
        report["warnings"]!.AsArray().Count(w => w!["code"]!.GetValue<string>() == "gpu-hidden").ShouldBe(1);
    }

    [NativeFact]
    public void Numbers_that_are_not_certain_are_said_and_report_asks_for_them()
    {
        int program = Sleep(null);
        string target = folder.At("run");
        CliResult run = Run(target, program, $"gpu 0 name Other card\ngpu 0 compute {program} 1\n");
        run.Error.ShouldContain("the GPUs differ");
        Manifest(target)["gpus"]!.AsArray().ShouldAllBe(g => g!["index"] == null);
        WriteTrace(target, 0);
        CliResult report = Support.Cli.Run("report", target);
        report.Code.ShouldBe(4);
        report.Error.ShouldContain("--map gpu-0=GPU:0");
        Fed(Support.Cli.Json(target, "--map", "gpu-1=GPU:0")["devices"]!.AsArray().Single(d => d!["device"]!.GetValue<string>() == "GPU:0")!).ShouldBe(["gpu-1"]);
    }

    [NativeFact]
    public void A_counter_with_power_beside_it_counts_once()
    {
        int program = Sleep(null);
        string target = folder.At("run");
        CliResult run = Run(target, program, "gpu 0 field 83 0 3 1000 3000 5000 7000 9000 11000 13000 15000 17000 19000 21000 23000 25000 27000 29000 31000\n");
        run.Error.ShouldContain("gpu-0 by nvml counter and nvml instant, gpu-1 by nvml instant");
        string info = Support.Cli.Run("info", target).Output;
        info.ShouldContain("gpu-0 (measured, nvml counter");
        info.ShouldNotContain("gpu-0 (measured, nvml instant");
        info.Split('\n').Count(l => l.TrimStart().StartsWith("gpu-0 ", StringComparison.Ordinal)).ShouldBe(2);
        info.ShouldNotContain("warning");
        Support.Cli.Json(target)["run"]!["by_domain"]!.AsObject().Select(d => d.Key).Where(d => d.StartsWith("gpu", StringComparison.Ordinal)).ShouldBe(["gpu-0", "gpu-1"]);
    }

    private string Record(int program, string script)
    {
        string target = folder.At("run");
        CliResult run = Run(target, program, script);
        run.Error.ShouldNotContain("certain");
        return target;
    }

    private CliResult Run(string target, int program, string script)
    {
        string library = stubs.Library("driver 550\n" + Card(0, "a", "65", 100) + Card(1, "b", "B3", 200) + script);
        Directory.CreateDirectory(folder.At("machine"));
        CliResult run = Support.Cli.Record(new()
        {
            Pid = program,
            Output = target,
            Root = new(folder.At("machine")) { NvmlLibrary = library },
            Duration = Duration.FromMilliseconds(400),
        });
        run.Code.ShouldBe(0, run.Error);
        return run;
    }

    private static string Card(int index, string uuid, string bus, int watts) =>
        $"gpu {index} name Card\ngpu {index} uuid GPU-{uuid}\ngpu {index} pci 00000000:{bus}:00.0 268410DE\ngpu {index} arch 8\ngpu {index} field 186 0 1 {watts}000\n";

    private int Sleep(string? visible)
    {
        ProcessStartInfo start = new("sleep", ["60"]);
        start.Environment.Remove("CUDA_DEVICE_ORDER");
        start.Environment["CUDA_VISIBLE_DEVICES"] = visible;
        started.Add(Process.Start(start)!);
        return started[^1].Id;
    }

    private static JsonNode Manifest(string target) => JsonNode.Parse(File.ReadAllText(Path.Combine(target, "manifest.json")))!;

    /// <summary>On each GPU two operations of 30 ms with 40 ms between them, in the middle of the run.</summary>
    private static void WriteTrace(string target, params int[] gpus)
    {
        long start = (Manifest(target)["run"]!["start_unix_ns"]!.GetValue<long>() / 1000) + 150_000;
        IEnumerable<string> events = gpus.SelectMany(gpu => (string[])
        [
            string.Create(CultureInfo.InvariantCulture, $$$"""{"name": "process_name", "ph": "M", "pid": {{{gpu}}}, "args": {"name": "/device:GPU:{{{gpu}}}/stream:all Compute"}}"""),
            .. ((long[])[start, start + 70_000]).Select(ts => string.Create(CultureInfo.InvariantCulture,
                $$$"""{"ph": "X", "cat": "Op", "name": "Relu", "pid": {{{gpu}}}, "tid": 0, "ts": {{{ts}}}, "dur": 30000, "args": {"name": "m/dense/Relu", "op": "Relu"}}""")),
        ]);
        File.WriteAllText(Path.Combine(target, "timeline-1.json"), $$"""{"traceEvents": [{{string.Join(", ", events)}}]}""");
    }

    private static IEnumerable<string> Fed(JsonNode device) => device["domains"]!.AsArray().Select(d => d!["domain"]!.GetValue<string>());

    private static double Joules(JsonNode device, string field) => Math.Round(device[field]!.GetValue<double>(), 6);
}
