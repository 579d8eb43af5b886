using System.Globalization;

namespace Smaragdine.Sensors.Nvml;

/// <summary>A GPU as a CUDA program numbers it.</summary>
/// <param name="ProgramIndex">The program's number: `cuda:0`, `GPU:0`.</param>
/// <param name="Gpu">NVML's GPU; of a MIG instance the whole that it is part of, for only that has power.</param>
/// <param name="MigUuid">The instance as the list names it; null for a whole GPU.</param>
public sealed record CudaDevice(int ProgramIndex, NvmlGpu Gpu, string? MigUuid);

/// <summary>Which GPUs a CUDA program sees, and what is not certain about it.</summary>
/// <param name="Devices">In the program's order.</param>
/// <param name="Doubt">Why the numbers may be others, and what would settle it; null where they are certain.</param>
public sealed record CudaNumbering(IReadOnlyList<CudaDevice> Devices, string? Doubt);

/// <summary>
/// `CUDA_VISIBLE_DEVICES`, which chooses and renumbers a program's GPUs (CUDA C++ Programming Guide, environment variables): numbers, UUIDs or unique beginnings of them, and
/// MIG instances (`MIG-&lt;uuid&gt;`, before driver 470 `MIG-GPU-&lt;uuid&gt;/&lt;instance&gt;/&lt;compute instance&gt;`); the first entry that names no GPU (-1 by custom) ends the list.
/// </summary>
public static class CudaVisibleDevices
{
    /// <summary>Maps a program's GPU numbers to NVML's GPUs.</summary>
    /// <param name="visible">`CUDA_VISIBLE_DEVICES` of the program; null where it is not set, which is another thing than empty.</param>
    /// <param name="order">`CUDA_DEVICE_ORDER` of the program; null where it is not set.</param>
    /// <param name="gpus">NVML's GPUs.</param>
    public static CudaNumbering Map(string? visible, string? order, IReadOnlyList<NvmlGpu> gpus)
    {
        // CUDA counts the GPUs that it may open, by PCI address if told so; else the fastest comes first, which among equals leaves that order.
        NvmlGpu[] counted = [.. gpus.Where(g => g.Access == NvmlReturn.Success).OrderBy(g => g.PciAddress, StringComparer.Ordinal).ThenBy(g => g.Index)];
        bool byPci = string.Equals(order?.Trim(), "PCI_BUS_ID", StringComparison.OrdinalIgnoreCase);
        bool alike = counted.Select(g => g.Name).Distinct().Count() <= 1;
        string? orderDoubt = byPci || alike
            ? null
            : "the GPUs differ and CUDA numbers the fastest first: set CUDA_DEVICE_ORDER=PCI_BUS_ID, or name them by UUID in CUDA_VISIBLE_DEVICES";

        if (visible is null)
        {
            return new([.. counted.Select((gpu, i) => new CudaDevice(i, gpu, FirstInstance(gpu)))], orderDoubt ?? MigDoubt(counted, null));
        }

        List<CudaDevice> devices = [];
        string? doubt = null;
        foreach (string entry in visible.Split(',', StringSplitOptions.TrimEntries))
        {
            bool isNumber = int.TryParse(entry, NumberStyles.AllowLeadingSign, null, out int number);
            (NvmlGpu Gpu, string? Mig)? found = isNumber
                ? number >= 0 && number < counted.Length ? (counted[number], FirstInstance(counted[number])) : null
                : Named(entry, counted);
            if (found is not { } device)
            {
                break;
            }

            if (devices.Exists(d => d.Gpu == device.Gpu && d.MigUuid == device.Mig))
            {
                return new(devices, $"CUDA_VISIBLE_DEVICES names {entry} twice, which CUDA may take for an error");
            }

            doubt ??= isNumber ? orderDoubt : null;
            devices.Add(new(devices.Count, device.Gpu, device.Mig));
        }

        return new(devices, doubt ?? MigDoubt([.. devices.Select(d => d.Gpu)], devices));
    }

    /// <summary>CUDA uses one instance only, the first that it may see.</summary>
    private static string? MigDoubt(IReadOnlyList<NvmlGpu> seen, List<CudaDevice>? devices)
    {
        bool several = devices is null ? seen.Count > 1 && seen.Any(g => g.Mig is NvmlMigMode.On) : devices.Count > 1 && devices.Exists(d => d.MigUuid is not null);
        return several ? "with MIG a CUDA program uses one instance only: which of these it took is not certain" : null;
    }

    private static string? FirstInstance(NvmlGpu gpu) => gpu.Mig is NvmlMigMode.On && gpu.MigUuids.Count > 0 ? gpu.MigUuids[0] : null;

    private static (NvmlGpu Gpu, string? Mig)? Named(string entry, NvmlGpu[] gpus)
    {
        const string OldMig = "MIG-GPU-";
        if (entry.StartsWith(OldMig, StringComparison.OrdinalIgnoreCase))
        {
            string uuid = entry["MIG-".Length..].Split('/')[0];
            return Only(gpus.Where(g => Begins(g.Uuid, uuid)).Select(g => (g, (string?)entry)));
        }

        if (entry.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase))
        {
            return Only(gpus.SelectMany(g => g.MigUuids.Where(m => Begins(m, entry)).Select(m => (g, (string?)m))));
        }

        return entry.StartsWith("GPU-", StringComparison.OrdinalIgnoreCase)
            ? Only(gpus.Where(g => Begins(g.Uuid, entry)).Select(g => (g, FirstInstance(g))))
            : null;
    }

    private static bool Begins(string uuid, string entry) => uuid.StartsWith(entry, StringComparison.OrdinalIgnoreCase);

    /// <summary>A beginning that fits two GPUs names none.</summary>
    private static (NvmlGpu Gpu, string? Mig)? Only(IEnumerable<(NvmlGpu Gpu, string? Mig)> candidates)
    {
        (NvmlGpu Gpu, string? Mig)[] two = [.. candidates.Take(2)];
        return two.Length == 1 ? two[0] : null;
    }
}
