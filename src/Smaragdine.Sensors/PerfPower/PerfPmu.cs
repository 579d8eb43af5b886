using System.Globalization;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.PerfPower;

/// <summary>One energy event of the PMU `power` (arch/x86/events/rapl.c).</summary>
/// <param name="Name">`energy-pkg`.</param>
/// <param name="Config">What `perf_event_attr.config` takes.</param>
/// <param name="Scale">What a count is worth; null where it or the unit is not understood.</param>
/// <param name="Path">Its file.</param>
internal sealed record PerfEnergyEvent(string Name, ulong Config, EnergyScale? Scale, string Path);

/// <summary>The PMU `power` as /sys describes it.</summary>
/// <param name="Type">What `perf_event_attr.type` takes: assigned at boot.</param>
/// <param name="Cpus">One CPU for each package (or die) that has counters of its own.</param>
/// <param name="Events">In the order of their names.</param>
internal sealed record PerfPmu(uint Type, IReadOnlyList<int> Cpus, IReadOnlyList<PerfEnergyEvent> Events)
{
    /// <summary>Null where there is no such PMU, or its type or CPUs cannot be read.</summary>
    public static PerfPmu? Find(SystemRoot root)
    {
        string folder = root.At("sys", "bus", "event_source", "devices", "power");
        if (!uint.TryParse(AttributeText.Find(Path.Combine(folder, "type")), NumberStyles.None, null, out uint type)
            || ParseCpus(AttributeText.Find(Path.Combine(folder, "cpumask"))) is not { Count: > 0 } cpus)
        {
            return null;
        }

        List<PerfEnergyEvent> events = [];
        foreach (string path in Folders.In(Path.Combine(folder, "events"), "energy-*"))
        {
            if (path.EndsWith(".scale", StringComparison.Ordinal) || path.EndsWith(".unit", StringComparison.Ordinal)
                || ParseEvent(AttributeText.Find(path)) is not { } config)
            {
                continue;
            }

            bool joules = AttributeText.Find(path + ".unit") == "Joules";
            bool scaled = EnergyScale.TryParse(AttributeText.Find(path + ".scale"), out EnergyScale scale);
            events.Add(new(Path.GetFileName(path), config, joules && scaled ? scale : null, path));
        }

        return new(type, cpus, events);
    }

    /// <summary>`event=0x02` (format/event is config:0-7). Null for anything else.</summary>
    public static ulong? ParseEvent(string? text)
    {
        const string Prefix = "event=0x";
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, null, out ulong config)
            ? config
            : null;
    }

    /// <summary>A kernel's list of CPUs, `0,18` or `0-3,8`; empty where it is none.</summary>
    public static IReadOnlyList<int> ParseCpus(string? text)
    {
        const int MostCpus = 8192;
        List<int> cpus = [];
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, null, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, null, out int last) || last < first || last >= MostCpus)
            {
                return [];
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                cpus.Add(cpu);
            }
        }

        return cpus;
    }
}
