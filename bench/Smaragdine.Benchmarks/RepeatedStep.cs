using System.Globalization;
using System.IO.Compression;
using System.Text;
using Smaragdine.Attribution;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Power;
using Smaragdine.Traces;

namespace Smaragdine.Benchmarks;

/// <summary>A timeline of any size, made as bench/make_timeline.py makes it: a real step over and over, later each time.</summary>
internal static class RepeatedStep
{
    private const long PeriodMicroseconds = 2_150_000;

    private const string TimeKey = "            \"ts\": ";

    /// <summary>The timeline's text, indented as TensorFlow writes it.</summary>
    public static byte[] Timeline(int events)
    {
        List<string[]> blocks = Blocks();
        using MemoryStream bytes = new();
        using StreamWriter writer = new(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        writer.Write("{\n    \"traceEvents\": [\n        {}");
        int written = 0;
        for (long shift = 0; written < events; shift += PeriodMicroseconds)
        {
            foreach (string[] block in blocks)
            {
                bool operation = block.Contains("            \"cat\": \"Op\",");
                bool fixedInTime = !block.Any(IsTime);
                if ((operation && written == events) || (fixedInTime && shift > 0))
                {
                    continue;
                }

                writer.Write(",\n");
                writer.Write(string.Join('\n', block.Select(l => IsTime(l) ? Later(l, shift) : l)));
                written += operation ? 1 : 0;
            }
        }

        writer.Write("\n    ]\n}");
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The trace of a timeline.</summary>
    public static Trace Read(byte[] timeline)
    {
        TensorFlowTraceBuilder builder = new(static _ => { });
        using BoundedStream stream = InputFile.Wrap(new MemoryStream(timeline), "timeline.json");
        builder.AddTimeline(stream, step: null);
        return builder.Build(stepWindows: null);
    }

    /// <summary>A counter read every 4 ms while the trace lasts, as a log.</summary>
    public static string PowerLog(Trace trace)
    {
        StringBuilder log = new("unix_ns,domain,energy_uj,max_uj\n");
        long energy = 0;
        long end = trace.Extent()!.Value.End.UnixNanoseconds + 400_000_000;
        for (long time = trace.Extent()!.Value.Start.UnixNanoseconds - 400_000_000; time <= end; time += 4_000_000)
        {
            _ = log.Append(CultureInfo.InvariantCulture, $"{time},package-0,{energy % 65_532_610_987},65532610987\n");
            energy += 80_000 + (time / 4_000_000 % 50 * 2_000);
        }

        return log.ToString();
    }

    /// <summary>That log as the power of the trace's processor.</summary>
    public static DevicePower Power(Trace trace)
    {
        using BoundedStream stream = InputFile.Wrap(new MemoryStream(Encoding.ASCII.GetBytes(PowerLog(trace))), "power.csv");
        IReadOnlyList<DomainPower> log = PowerLogReader.Read(stream, new("power.csv", null), static _ => { });
        return new(
            [.. log.Select(d => new FeedingDomain(d))],
            GapRule.Idle);
    }

    private static bool IsTime(string line) => line.StartsWith(TimeKey, StringComparison.Ordinal);

    private static string Later(string line, long shift)
    {
        string number = line[TimeKey.Length..].TrimEnd(',');
        string comma = line.EndsWith(',') ? "," : "";
        return string.Create(CultureInfo.InvariantCulture, $"{TimeKey}{long.Parse(number, CultureInfo.InvariantCulture) + shift}{comma}");
    }

    /// <summary>The lines of each event of the step.</summary>
    private static List<string[]> Blocks()
    {
        using StreamReader reader = new(new GZipStream(System.IO.File.OpenRead(Path.Combine(Samples(), "timeline-5.json.gz")), CompressionMode.Decompress));
        List<string[]> blocks = [];
        List<string> block = [];
        while (reader.ReadLine() is { } line)
        {
            if (line == "        {")
            {
                block.Clear();
            }

            block.Add(line.StartsWith("        }", StringComparison.Ordinal) ? "        }" : line);
            if (line.StartsWith("        }", StringComparison.Ordinal))
            {
                blocks.Add([.. block]);
            }
        }

        return blocks;
    }

    /// <summary>samples/bert-base-finetune, looked for from the program upwards.</summary>
    public static string Samples()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "samples", "bert-base-finetune");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        throw new DirectoryNotFoundException("samples/bert-base-finetune: not above the program; run the benchmarks from the repository");
    }
}
