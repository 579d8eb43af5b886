using System.Globalization;
using System.Text;

namespace Smaragdine.Tests.Support;

/// <summary>
/// A recording made in a temporary folder: two or more steps of 100 ms, a CPU and (if wanted) a GPU, and power logs beside it.
/// On the CPU, in ms of each step: dense/MatMul 0–40, its gradient 40–70, dense/BiasAdd 70–80, `extra` 80–90.
/// On the GPU: dense/Relu 10–60, a copy 60–70.
/// </summary>
public static class SmallRecording
{
    /// <summary>Start of step 1, Unix ns.</summary>
    public const long Start = 1_795_247_904_000_000_000;

    private const long Ms = 1_000_000;

    /// <summary>Writes it; the folder's path.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="steps">How many steps; the n-th is n × 10 % longer in its MatMul than none.</param>
    /// <param name="gpu">With a GPU.</param>
    /// <param name="extra">The name of one more operation of the CPU.</param>
    /// <param name="manifest">The manifest; null for a small one.</param>
    public static string Write(TempFolder folder, int steps = 2, bool gpu = false, string extra = "model/extra/Add", string? manifest = null)
    {
        for (int step = 1; step <= steps; step++)
        {
            long start = (Start / 1000) + ((step - 1) * 200_000);
            StringBuilder json = new("""{"traceEvents": [""");
            json.Append("""{"name": "process_name", "ph": "M", "pid": 1, "args": {"name": "/job:localhost/replica:0/task:0/device:CPU:0 Compute"}}""");
            Event(json, "model/dense/MatMul", "MatMul", start, 40_000, 1, ", \"input0\": \"x\", \"input1\": \"model/dense/kernel/read\"");
            Event(json, "gradients/model/dense/MatMul_grad/MatMul", "MatMul", start + 40_000, 30_000, 1, "");
            Event(json, "model/dense/BiasAdd", "BiasAdd", start + 70_000, 10_000, 1, "");
            Event(json, extra, "AddV2", start + 80_000, 8_000 + (step * 1000), 1, "");
            if (gpu)
            {
                json.Append(""", {"name": "process_name", "ph": "M", "pid": 2, "args": {"name": "/device:GPU:0/stream:all Compute"}}""");
                Event(json, "model/dense/Relu", "Relu", start + 10_000, 50_000, 2, "");
                Event(json, "edge_1_x", "MEMCPYHtoD", start + 60_000, 10_000, 2, "");
            }

            folder.Write($"timeline-{step}.json", json.Append("]}").ToString());
        }

        folder.Write("manifest.json", manifest ?? """{"framework": "tensorflow", "version": "2.15.1", "model": "toy", "mode": "train", "batch": 4, "sequence": 8}""");
        return folder.Path;
    }

    /// <summary>A log of constant watts by domain, a reading every 10 ms from before the first step to after the last.</summary>
    public static string Power(TempFolder folder, string quality, int steps, params (string Domain, double Watts)[] domains)
    {
        StringBuilder csv = new();
        csv.Append(CultureInfo.InvariantCulture, $"# quality={quality}\n# source=a test\nunix_ns,domain,energy_uj,max_uj\n");
        for (int i = 0; i <= (steps * 20) + 20; i++)
        {
            foreach ((string domain, double watts) in domains)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{Start - (100 * Ms) + (i * 10L * Ms)},{domain},{i * 10_000 * watts:0},262143328850\n");
            }
        }

        return folder.Write($"power-{quality}.csv", csv.ToString());
    }

    private static void Event(StringBuilder json, string name, string type, long start, long duration, int pid, string more) =>
        json.Append(CultureInfo.InvariantCulture, $$$""", {"ph": "X", "cat": "Op", "name": "{{{type}}}", "pid": {{{pid}}}, "tid": 0, "ts": {{{start}}}, "dur": {{{duration}}}, "args": {"name": {{{System.Text.Json.JsonSerializer.Serialize(name)}}}, "op": "{{{type}}}"{{{more}}}}}""");
}
