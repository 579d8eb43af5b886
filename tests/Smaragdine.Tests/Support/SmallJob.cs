using System.Globalization;
using Smaragdine.Recordings;
using Smaragdine.Tests.Formats.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Tests.Support;

/// <summary>One rank of a made-up job, whose recorder sampled for two seconds, every 10 ms.</summary>
/// <param name="Number">Its rank.</param>
/// <param name="Host">Its host.</param>
/// <param name="Cpus">CPUs that its program kept busy.</param>
internal sealed record SmallRank(int Number, string Host, double Cpus)
{
    /// <summary>CPUs that everybody on the host kept busy, as this rank's recorder saw it.</summary>
    public double Busy { get; init; } = 3;

    /// <summary>Which of the 200 samples it has of the host's `package-0`, a counter at 40 W; null for none.</summary>
    public Range? Package { get; init; }

    /// <summary>Domains of GPUs by UUID at 100 W, read all the time.</summary>
    public IReadOnlyList<(string Domain, string Uuid)> GpuSensors { get; init; } = [];

    /// <summary>The UUIDs of the program's GPUs.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Its traces by step.</summary>
    public IReadOnlyDictionary<int, string> Timelines { get; init; } = new Dictionary<int, string>();

    public string Job { get; init; } = "77";

    public string? BootId { get; init; }
}

/// <summary>A job's directory in a temporary folder. Ranks of a host share one monotonic clock and one counter.</summary>
internal static class SmallJob
{
    /// <summary>Unix ns of the first sample.</summary>
    public const long Epoch = SmallTimeline.Epoch * 1000;

    public const int Samples = 200;

    private const long Boot = 5_000_000_000;
    private const long Ms = 1_000_000;

    /// <summary>Writes all ranks; the job's directory.</summary>
    public static string Write(TempFolder folder, string name, params SmallRank[] ranks)
    {
        foreach (SmallRank rank in ranks)
        {
            WriteRank(folder, Path.Combine(name, rank.Host, rank.Number.ToString(CultureInfo.InvariantCulture)), rank, ranks.Length);
        }

        return folder.At(name);
    }

    private static void WriteRank(TempFolder folder, string path, SmallRank rank, int of)
    {
        folder.Write(Path.Combine(path, "manifest.json"), Manifest(rank, of));
        folder.Write(Path.Combine(path, "samples.smrg"), Bytes(rank));
        foreach ((int step, string timeline) in rank.Timelines)
        {
            folder.Write(Path.Combine(path, $"timeline-{step}.json"), timeline);
        }
    }

    private static string Manifest(SmallRank rank, int of) =>
        $$"""
        {"schema":"smaragdine.recording/1","host":"{{rank.Host}}","cpu":{"model":"EPYC","logical":4},"holds_sensors":{{(rank.Package is null ? "false" : "true")}},
        {{(rank.BootId is { } boot ? $"\"boot_id\":\"{boot}\"," : "")}}
        "gpus":[{{string.Join(",", rank.Gpus.Select((g, i) => $"{{\"index\":{i},\"uuid\":\"{g}\"}}"))}}],
        "run":{"start_unix_ns":{{Epoch}},"end_unix_ns":{{Epoch + ((Samples - 1) * 10 * Ms)}} },
        "rank":{"launcher":"slurm","rank":{{rank.Number}},"local_rank":0,"world_size":{{of}},"job":"{{rank.Job}}"} }
        """;

    private static byte[] Bytes(SmallRank rank)
    {
        List<RecordedStream> streams =
        [
            new("program", StreamKind.ProgramTime, "clock_gettime", Quality.Measured, Duration.FromMilliseconds(10)),
            new("busy", StreamKind.BusyTime, "/proc/stat", Quality.Measured, Duration.FromMilliseconds(10)),
            .. rank.GpuSensors.Select(g => SampleFiles.Power(g.Domain) with { DeviceId = g.Uuid }),
        ];
        int package = streams.Count;
        if (rank.Package is not null)
        {
            streams.Add(SampleFiles.Energy());
        }

        return SampleFiles.Write(streams, writer =>
        {
            writer.Clock(Boot, Epoch);
            for (int i = 0; i < Samples; i++)
            {
                long time = Boot + (i * 10 * Ms);
                writer.Append(0, time, (long)(i * 10 * Ms * rank.Cpus));
                writer.Append(1, time, (long)(i * 10 * Ms * rank.Busy));
                for (int g = 0; g < rank.GpuSensors.Count; g++)
                {
                    writer.Append(2 + g, time, 100_000_000 + (i % 2));
                }

                if (rank.Package is { } range && i >= range.Start.GetOffset(Samples) && i < range.End.GetOffset(Samples))
                {
                    writer.Append(package, time, 7_000_000 + (i * 400_000L));
                }
            }
        });
    }
}
