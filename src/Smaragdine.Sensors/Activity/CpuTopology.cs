namespace Smaragdine.Sensors.Activity;

/// <summary>Which socket each logical CPU is in.</summary>
/// <param name="SocketOf">By CPU number; null where the kernel does not say (offline when it was looked at).</param>
public sealed record CpuTopology(IReadOnlyList<int?> SocketOf)
{
    /// <summary>Sockets in order; empty where the kernel says nothing about them.</summary>
    public IReadOnlyList<int> Sockets { get; } = [.. SocketOf.OfType<int>().Distinct().Order()];

    /// <summary>Reads `cpuN/topology/physical_package_id` under `/sys/devices/system/cpu`; empty where that is missing.</summary>
    public static CpuTopology Read(SystemRoot root)
    {
        List<int?> sockets = [];
        string folder = root.At("sys", "devices", "system", "cpu");
        foreach (int cpu in Numbers(folder))
        {
            while (sockets.Count <= cpu)
            {
                sockets.Add(null);
            }

            sockets[cpu] = Package(Path.Combine(folder, $"cpu{cpu}", "topology", "physical_package_id"));
        }

        return new(sockets);
    }

    private static IEnumerable<int> Numbers(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder, "cpu*")
                .Select(d => int.TryParse(Path.GetFileName(d).AsSpan(3), out int cpu) && cpu is >= 0 and < 65536 ? cpu : -1)
                .Where(cpu => cpu >= 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int? Package(string path)
    {
        try
        {
            // Some arm64 firmware says −1: it does not know, and then there is one socket.
            return int.TryParse(File.ReadAllText(path).AsSpan().Trim(), out int package) ? Math.Max(0, package) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
