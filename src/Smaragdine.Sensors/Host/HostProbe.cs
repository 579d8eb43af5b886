using System.Runtime.InteropServices;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Activity;

namespace Smaragdine.Sensors.Host;

/// <summary>Looks at the machine once, at the beginning of a recording.</summary>
public static class HostProbe
{
    /// <summary>Reads what is known of the host; what cannot be read is null.</summary>
    public static HostFacts Read(SystemRoot root)
    {
        string cpuinfo = Text(root.At("proc", "cpuinfo")) ?? "";
        int? online = Text(root.At("sys", "devices", "system", "cpu", "online")) is { } list ? HostText.CountList(list) : null;
        CpuTopology topology = CpuTopology.Read(root);
        return new()
        {
            Name = Line(root.At("proc", "sys", "kernel", "hostname")),
            OperatingSystem = RuntimeInformation.OSDescription,
            Kernel = Line(root.At("proc", "sys", "kernel", "osrelease")),
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            CpuModel = HostText.CpuModel(cpuinfo),
            LogicalCpus = online ?? Math.Max(1, HostText.LogicalCpus(cpuinfo)),
            Sockets = [.. topology.Sockets.Select(s => new SocketFacts(s, topology.SocketOf.Count(x => x == s)))],
            Governor = Line(root.At("sys", "devices", "system", "cpu", "cpu0", "cpufreq", "scaling_governor")),
            ClockSource = Line(root.At("sys", "devices", "system", "clocksource", "clocksource0", "current_clocksource")),
            ClockTicks = root.IsReal && OperatingSystem.IsLinux() ? (int)LinuxCalls.ReadClockTicks() : 100,
            Container = Container(root),
            BootId = Line(root.At("proc", "sys", "kernel", "random", "boot_id")),
        };
    }

    private static string? Container(SystemRoot root) =>
        File.Exists(root.At(".dockerenv")) ? "docker"
        : File.Exists(root.At("run", ".containerenv")) ? "podman"
        : HostText.Container(Text(root.At("proc", "self", "cgroup")) ?? "") ?? HostText.Container(Text(root.At("proc", "1", "cgroup")) ?? "");

    private static string? Line(string path) => Text(path)?.Trim() is { Length: > 0 } line ? line : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
