using System.Globalization;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Rapl;

/// <summary>One zone of the powercap framework (Documentation/power/powercap/powercap.rst).</summary>
/// <param name="Id">`intel-rapl:0:a`: control type, then a number in hexadecimal for each level (`%s:%x` in powercap_sys.c).</param>
/// <param name="Path">Its folder.</param>
/// <param name="Name">`package-0`, `dram`: what it is. The numbers of its id only say in which order zones were registered.</param>
/// <param name="ParentName">Name of the zone that holds it; null for a zone at the top, as packages and psys are.</param>
internal sealed record PowercapZone(string Id, string Path, string Name, string? ParentName)
{
    public bool IsMmio => Id.StartsWith("intel-rapl-mmio:", StringComparison.Ordinal);

    public string EnergyPath => System.IO.Path.Combine(Path, "energy_uj");

    /// <summary>All RAPL zones under a root, parents before children; and the ids whose folders cannot be entered (a container runtime masks them).</summary>
    public static (IReadOnlyList<PowercapZone> Zones, IReadOnlyList<string> Masked) Find(SystemRoot root)
    {
        Dictionary<string, string> folders = new(StringComparer.Ordinal);

        // The class lists all zones flat, as links; where it is missing (it can be masked on its own) the devices are nested.
        Collect(root.At("sys", "class", "powercap"), folders);
        string devices = root.At("sys", "devices", "virtual", "powercap");
        foreach (string control in Folders.In(devices, "intel-rapl*"))
        {
            CollectNested(control, folders);
        }

        List<string> ids = [.. folders.Keys];
        ids.Sort(CompareIds);

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        List<PowercapZone> zones = [];
        List<string> masked = [];
        foreach (string id in ids)
        {
            if (AttributeText.Find(System.IO.Path.Combine(folders[id], "name")) is not { Length: > 0 } name)
            {
                masked.Add(id);
                continue;
            }

            names[id] = name;
            zones.Add(new(id, folders[id], name, ParentId(id) is { } parent ? names.GetValueOrDefault(parent) : null));
        }

        return (zones, masked);
    }

    /// <summary>The id of the zone that holds this one: `intel-rapl:0` of `intel-rapl:0:1`; null at the top.</summary>
    public static string? ParentId(string id)
    {
        int last = id.LastIndexOf(':');
        return id.IndexOf(':') < last ? id[..last] : null;
    }

    /// <summary>The numbers of an id, read as hexadecimal; null where it is no zone's (`intel-rapl` is the control type).</summary>
    public static IReadOnlyList<int>? Numbers(string id)
    {
        string[] parts = id.Split(':');
        if (parts.Length < 2 || !parts[0].StartsWith("intel-rapl", StringComparison.Ordinal))
        {
            return null;
        }

        int[] numbers = new int[parts.Length - 1];
        for (int i = 1; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.AllowHexSpecifier, null, out numbers[i - 1]))
            {
                return null;
            }
        }

        return numbers;
    }

    private static void Collect(string folder, Dictionary<string, string> folders)
    {
        foreach (string path in Folders.In(folder, "intel-rapl*"))
        {
            string id = System.IO.Path.GetFileName(path);
            if (Numbers(id) is not null)
            {
                folders.TryAdd(id, path);
            }
        }
    }

    private static void CollectNested(string folder, Dictionary<string, string> folders)
    {
        Collect(folder, folders);
        foreach (string path in Folders.In(folder, "intel-rapl*"))
        {
            CollectNested(path, folders);
        }
    }

    /// <summary>MSR zones first, then by their numbers; a parent before its children.</summary>
    private static int CompareIds(string left, string right)
    {
        int byControl = string.CompareOrdinal(left[..left.IndexOf(':')], right[..right.IndexOf(':')]);
        if (byControl != 0)
        {
            return byControl;
        }

        IReadOnlyList<int> a = Numbers(left)!;
        IReadOnlyList<int> b = Numbers(right)!;
        for (int i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (a[i] != b[i])
            {
                return a[i].CompareTo(b[i]);
            }
        }

        return a.Count.CompareTo(b.Count);
    }
}
