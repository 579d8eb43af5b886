using System.Runtime.InteropServices;

namespace Smaragdine.Sensors.Host;

/// <summary>Looks at the machine once, at the beginning of a recording.</summary>
public static class HostProbe
{
    /// <summary>Reads what is known of the host; what cannot be read is null.</summary>
    /// <param name="root">Where `/sys` and `/proc` are.</param>
    /// <param name="variable">An environment variable's value; asked for <see cref="RankVariables.Names"/> only.</param>
    public static HostFacts Read(SystemRoot root, Func<string, string?> variable)
    {
        string cpuinfo = Text(root.At("proc", "cpuinfo")) ?? "";
        int? online = Text(root.At("sys", "devices", "system", "cpu", "online")) is { } list ? HostText.CountList(list) : null;
        int sockets = Activity.CpuTopology.Read(root).Sockets.Count;
        return new(
            Line(root.At("proc", "sys", "kernel", "hostname")),
            HostText.CpuModel(cpuinfo),
            online ?? Math.Max(1, HostText.LogicalCpus(cpuinfo)),
            sockets == 0 ? null : sockets,
            Line(root.At("proc", "sys", "kernel", "osrelease")),
            RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Line(root.At("sys", "devices", "system", "cpu", "cpu0", "cpufreq", "scaling_governor")),
            root.IsReal && OperatingSystem.IsLinux() ? LinuxCalls.ReadClockTicks() : 100,
            Line(root.At("sys", "devices", "system", "clocksource", "clocksource0", "current_clocksource")),
            Container(root),
            RankVariables.Read(variable))
        {
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
