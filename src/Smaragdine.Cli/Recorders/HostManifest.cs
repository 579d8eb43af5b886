using Smaragdine.Formats.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Host;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>What the manifest says of the machine and the program.</summary>
internal static class HostManifest
{
    public static ManifestFacts Of(IReadOnlyList<string>? command, int? pid, IReadOnlyDictionary<string, Watts> baseline)
    {
        Sensors.Host.HostFacts host = HostProbe.Read(SystemRoot.Real, Environment.GetEnvironmentVariable);
        CpuTopology topology = CpuTopology.Read(SystemRoot.Real);
        return new()
        {
            Recorder = $"smaragdine {typeof(HostManifest).Assembly.GetName().Version?.ToString(3)}",
            Baseline = baseline,
            Host = new()
            {
                Name = host.Name,
                OperatingSystem = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
                Kernel = host.Kernel,
                Architecture = host.Architecture,
                CpuModel = host.CpuModel,
                LogicalCpus = host.LogicalCpus,
                Sockets = [.. topology.Sockets.Select(s => new SocketFacts(s, topology.SocketOf.Count(x => x == s)))],
                Governor = host.Governor,
                ClockSource = host.ClockSource,
                ClockTicks = (int)host.ClockTicks,
                Container = host.Container,
            },
            Program = new()
            {
                Command = command,
                ProcessId = pid,
                Rank = host.Rank is { } rank ? new(rank.Launcher, rank.Rank, rank.LocalRank, rank.Size, rank.Job) : null,
            },
        };
    }
}
