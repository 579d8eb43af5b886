namespace Smaragdine.Sensors.Host;

/// <summary>What the kernel's texts say of a host; apart from reading them.</summary>
internal static class HostText
{
    private static readonly string[] ContainerMarks = ["kubepods", "docker", "libpod", "containerd", "crio", "lxc", "garden", "machine.slice"];

    /// <summary>The model in `/proc/cpuinfo`; null where there is none.</summary>
    public static string? CpuModel(string cpuinfo)
    {
        string? Field(string name) => cpuinfo.Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2 && parts[0].Trim() == name && parts[1].Trim().Length > 0)
            .Select(parts => parts[1].Trim())
            .FirstOrDefault();

        return Field("model name") ?? Field("Model") ?? Field("Hardware")
            ?? (Field("CPU implementer") is { } implementer && Field("CPU part") is { } part ? $"arm implementer {implementer} part {part}" : null);
    }

    /// <summary>How many `processor : n` lines `/proc/cpuinfo` has.</summary>
    public static int LogicalCpus(string cpuinfo) => cpuinfo.Split('\n').Count(line => line.StartsWith("processor", StringComparison.Ordinal) && line.Contains(':'));

    /// <summary>How many CPUs a kernel's list names: `0-3,8` is 5; null where it is none.</summary>
    public static int? CountList(string list)
    {
        int count = 0;
        foreach (string range in list.Trim().Split(','))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || ends.Length > 2 || last < first || last > 65536)
            {
                return null;
            }

            count += last - first + 1;
        }

        return count;
    }

    /// <summary>The container that `/proc/self/cgroup` or `/proc/1/cgroup` shows; null where it shows none (with cgroup namespaces it never does).</summary>
    public static string? Container(string cgroup) => ContainerMarks.FirstOrDefault(mark => cgroup.Contains(mark, StringComparison.Ordinal));
}
