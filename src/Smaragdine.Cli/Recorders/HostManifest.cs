using Smaragdine.Formats.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Host;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What the manifest says of the machine and the program.</summary>
internal static class HostManifest
{
    public static ManifestFacts Of(IReadOnlyList<string>? command, int pid, IReadOnlyDictionary<string, Watts> baseline, GpuCensus gpus) => new()
    {
        Recorder = $"smaragdine {typeof(HostManifest).Assembly.GetName().Version?.ToString(3)}",
        Baseline = baseline,
        Host = HostProbe.Read(SystemRoot.Real) with { Gpus = gpus.Facts(out _) },
        Program = new()
        {
            Command = command,
            ProcessId = pid,
            Rank = RankVariables.Read(Environment.GetEnvironmentVariable),
        },
    };
}
