using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

/// <summary>Small recordings in memory.</summary>
internal static class SampleFiles
{
    public static RecordedStream Energy(string name = "package-0") =>
        new(name, StreamKind.Energy, "powercap", Quality.Measured, Duration.FromMilliseconds(4)) { Range = new CounterRange(262_143_328_850) };

    public static RecordedStream Power(string name = "gpu-0") =>
        new(name, StreamKind.Power, "nvml instant", Quality.Measured, Duration.FromMilliseconds(20));

    public static byte[] Write(IReadOnlyList<RecordedStream> streams, Action<RecordingWriter> fill, bool finish = true, SamplingStatistics? statistics = null)
    {
        using MemoryStream bytes = new();
        using (RecordingWriter writer = new(bytes, streams))
        {
            fill(writer);
            if (finish)
            {
                writer.Finish(statistics ?? SamplingStatistics.None);
            }
        }

        return bytes.ToArray();
    }

    public static (RecordedSamples Samples, List<Warning> Warnings) Read(byte[] bytes)
    {
        List<Warning> warnings = [];
        using MemoryStream stream = new(bytes);
        return (RecordingStreamReader.Read(stream, "samples.smrg", warnings.Add), warnings);
    }

    public static void Append(this RecordingWriter writer, int stream, long monotonicNs, long value, int readNs = 0) =>
        writer.Append([new(monotonicNs, value, stream, readNs)]);

    /// <summary>A package and a GPU for a while, drained twice.</summary>
    public static byte[] Small() => Write([Energy(), Power()], w =>
    {
        w.Clock(1_000_000_000, 1_704_067_200_000_000_000);
        for (int i = 0; i < 20; i++)
        {
            w.Append(0, 1_000_000_000 + (i * 4_000_000L), 500 + (i * 80_000L), 9000);
            if (i % 5 == 0)
            {
                w.Append(1, 1_000_500_000 + (i * 4_000_000L), 70_000_000 + i);
            }

            if (i == 10)
            {
                w.Drain();
            }
        }
    });

    public static List<(long, long, int)> Samples(SampleSeries series) => [.. Enumerable.Range(0, series.Count).Select(i => (series.Times[i], series.Values[i], series.ReadNs[i]))];
}
