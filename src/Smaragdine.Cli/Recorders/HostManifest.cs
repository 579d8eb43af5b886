using Smaragdine.Formats.Recordings;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What the manifest says of the machine and the program.</summary>
internal static class HostManifest
{
    public static ManifestFacts Of(HostFacts host, RankFacts? rank, IReadOnlyList<string>? command, int? pid, IReadOnlyDictionary<string, Watts> baseline) => new()
    {
        Recorder = $"smaragdine {typeof(HostManifest).Assembly.GetName().Version?.ToString(3)}",
        Baseline = baseline,
        Host = host,
        Program = new()
        {
            Command = command,
            ProcessId = pid,
            Rank = rank,
        },
    };
}
