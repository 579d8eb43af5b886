using System.Globalization;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>
/// AMD's GPUs as ROCm counts them: the nodes of `/sys/class/kfd/kfd/topology/nodes` that have SIMD units, in their order. Processes come from
/// `/sys/class/kfd/kfd/proc/PID/vram_GPUID`, bytes of a GPU's memory that a process holds (kfd_process.c, kfd_topology.c).
/// </summary>
internal sealed class RocmGpus : IGpuFamily
{
    private readonly string processes;
    private readonly long[] ids;

    private RocmGpus(string processes, IReadOnlyList<(GpuCard Card, long Id)> cards)
    {
        this.processes = processes;
        Cards = [.. cards.Select(c => c.Card)];
        ids = [.. cards.Select(c => c.Id)];
    }

    public string Vendor => "AMD";

    public IReadOnlyList<GpuCard> Cards { get; }

    /// <summary>Null where ROCm's driver (kfd) is not there, or has no GPU.</summary>
    public static RocmGpus? TryOpen(SystemRoot root)
    {
        string kfd = root.At("sys", "class", "kfd", "kfd");
        string driver = AttributeText.Find(root.At("sys", "module", "amdgpu", "version")) is { Length: > 0 } version ? $"amdgpu {version}" : "amdgpu";
        List<(GpuCard, long)> cards = [];
        foreach (string node in Folders.In(Path.Combine(kfd, "topology", "nodes")))
        {
            Dictionary<string, ulong> properties = Properties(AttributeText.Find(Path.Combine(node, "properties")) ?? "");
            long id = AttributeText.FindInteger(Path.Combine(node, "gpu_id")) ?? 0;
            if (id <= 0 || properties.GetValueOrDefault("simd_count") == 0)
            {
                // A processor is a node too.
                continue;
            }

            ulong location = properties.GetValueOrDefault("location_id");
            string pci = $"{properties.GetValueOrDefault("domain"):x4}:{(location >> 8) & 0xFF:x2}:{(location >> 3) & 0x1F:x2}.{location & 7}";
            cards.Add((new(
                new()
                {
                    Name = AttributeText.Find(root.At("sys", "bus", "pci", "devices", pci, "product_name")) is { Length: > 0 } name ? name : null,
                    Uuid = properties.GetValueOrDefault("unique_id") is > 0 and var unique ? $"GPU-{unique:x16}" : null,
                    PciBusId = pci,
                    Driver = driver,
                },
                Divided: false), id));
        }

        return cards.Count == 0 ? null : new(Path.Combine(kfd, "proc"), cards);
    }

    /// <summary>`ROCR_VISIBLE_DEVICES` chooses first; of what it leaves, `HIP_VISIBLE_DEVICES`, or `CUDA_VISIBLE_DEVICES` where that is not set (ROCm, "GPU isolation techniques").</summary>
    public GpuNumbering Number(GpuVariables variables)
    {
        List<int> seen = Choose([.. Enumerable.Range(0, Cards.Count)], variables.RocrVisible);
        seen = Choose(seen, variables.HipVisible ?? variables.CudaVisible);
        string? doubt = variables.DeviceOrdinal is null ? null : "GPU_DEVICE_ORDINAL is set: use HIP_VISIBLE_DEVICES or ROCR_VISIBLE_DEVICES in its place";
        return new([.. Enumerable.Range(0, Cards.Count).Select(card => seen.IndexOf(card) is >= 0 and var number ? number : (int?)null)], doubt);
    }

    public bool TryListProcesses(int card, List<int> pids)
    {
        if (!Directory.Exists(processes))
        {
            return false;
        }

        foreach (string folder in Folders.In(processes))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, null, out int pid) && AttributeText.FindInteger(Path.Combine(folder, $"vram_{ids[card]}")) is > 0)
            {
                pids.Add(pid);
            }
        }

        return true;
    }

    public void Dispose()
    {
    }

    /// <summary>A list of numbers and UUIDs; null leaves all, the first entry that names none ends it.</summary>
    private List<int> Choose(List<int> cards, string? list)
    {
        if (list is null)
        {
            return cards;
        }

        List<int> chosen = [];
        foreach (string entry in list.Split(',', StringSplitOptions.TrimEntries))
        {
            int card = int.TryParse(entry, NumberStyles.AllowLeadingSign, null, out int number)
                ? (number >= 0 && number < cards.Count ? cards[number] : -1)
                : cards.FindIndex(c => string.Equals(Cards[c].Facts.Uuid, entry, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? cards[at] : -1;
            if (card < 0)
            {
                break;
            }

            if (!chosen.Contains(card))
            {
                chosen.Add(card);
            }
        }

        return chosen;
    }

    private static Dictionary<string, ulong> Properties(string text)
    {
        Dictionary<string, ulong> properties = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            if (line.Split(' ') is [var name, var value] && ulong.TryParse(value, NumberStyles.None, null, out ulong number))
            {
                properties[name] = number;
            }
        }

        return properties;
    }
}
