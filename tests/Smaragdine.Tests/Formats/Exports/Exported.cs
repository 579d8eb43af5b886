using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Smaragdine.Formats.Exports.Pprof.Wire;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>Runs `export` and reads what it wrote, each format by its own rules.</summary>
internal static class Exported
{
    /// <summary>The recordings and choices that sums are compared on.</summary>
    public static readonly string[][] Ways =
    [
        [], ["--steps", "2"], ["--skip-first", "1"], ["--pass", "forward"], ["--device", "CPU:0"], ["--module", "model/dense"], ["--device", "GPU:0", "--pass", "forward"],
    ];

    /// <summary>Three steps on a CPU and a GPU, both with power of two qualities.</summary>
    public static string[] Small(TempFolder folder, string extra = "model/extra/Add")
    {
        string recording = SmallRecording.Write(folder, steps: 3, gpu: true, extra: extra);
        string power = SmallRecording.Power(folder, "measured", 3, ("package-0", 50), ("dram-0", 5.3), ("gpu-0", 211.7));
        return [recording, "--power", power];
    }

    public static byte[] Bytes(TempFolder folder, string format, params string[] arguments)
    {
        string file = folder.At($"export.{format}");
        CliResult result = Support.Cli.Run(["export", "--format", format, "-o", file, .. arguments]);
        result.Code.ShouldBeOneOf([0, 3], result.Error);
        result.Output.ShouldBeEmpty();
        return File.ReadAllBytes(file);
    }

    public static string Text(TempFolder folder, string format, params string[] arguments) => System.Text.Encoding.UTF8.GetString(Bytes(folder, format, arguments));

    /// <summary>Lines of folded stacks: frames and value.</summary>
    public static List<(string[] Frames, long Value)> Folded(string text)
    {
        List<(string[] Frames, long Value)> lines = [];
        foreach (string line in text.TrimEnd('\n').Split('\n').Where(l => l.Length > 0))
        {
            // As flamegraph.pl does it: what follows the last white space is the value.
            int space = line.LastIndexOf(' ');
            lines.Add((line[..space].Split(';'), long.Parse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture)));
        }

        return lines;
    }

    public static Profile Pprof(byte[] gzipped)
    {
        using GZipStream gzip = new(new MemoryStream(gzipped), CompressionMode.Decompress);
        return Profile.Parser.ParseFrom(gzip);
    }

    /// <summary>A sample's label.</summary>
    public static string Label(this Profile profile, Sample sample, string key) =>
        profile.StringTable[(int)sample.Label.Single(l => profile.StringTable[(int)l.Key] == key).Str];

    public static JsonObject Speedscope(byte[] json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>Values by full name with labels, in order; samples only.</summary>
    public static List<(string Name, Dictionary<string, string> Labels, double Value)> OpenMetrics(string text)
    {
        List<(string Name, Dictionary<string, string> Labels, double Value)> samples = [];
        foreach (string line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            int at = line.IndexOf('{', StringComparison.Ordinal);
            Dictionary<string, string> labels = [];
            int i = at + 1;
            while (line[i] != '}')
            {
                int equals = line.IndexOf('=', i);
                System.Text.StringBuilder value = new();
                int c = equals + 2;
                for (; line[c] != '"'; c++)
                {
                    value.Append(line[c] != '\\' ? line[c] : line[++c] == 'n' ? '\n' : line[c]);
                }

                labels.Add(line[i..equals], value.ToString());
                i = line[c + 1] == ',' ? c + 2 : c + 1;
            }

            samples.Add((line[..at], labels, double.Parse(line.AsSpan(i + 1), CultureInfo.InvariantCulture)));
        }

        return samples;
    }

    /// <summary>The report's operations, and how many steps its means are over.</summary>
    public static (List<JsonObject> Operations, int Steps, JsonObject Report) Report(params string[] arguments)
    {
        JsonObject report = Support.Cli.Json(arguments);
        return ([.. report["operations"]!.AsArray().Select(o => o!.AsObject())], report["steps"]!.AsArray().Count, report);
    }

    /// <summary>Σ of a figure of the report over its steps.</summary>
    public static double Total(this IEnumerable<JsonObject> operations, string figure, int steps) => operations.Sum(o => (o[figure]?.GetValue<double>() ?? 0) * steps);

    public static void Near(double actual, double expected, string what, double absolute = 1e-12) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(Math.Max(absolute, 1e-9 * Math.Abs(expected)), $"{what}: {actual:R} instead of {expected:R}");
}
