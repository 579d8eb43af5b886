using System.Globalization;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Rapl;

/// <summary>RAPL energy counters through the powercap framework: `/sys/class/powercap/intel-rapl:*/energy_uj`, µJ, Intel and AMD.</summary>
public sealed class PowercapProbe : ISensorProbe
{
    internal const string SensorName = "powercap";

    /// <summary>Intel SDM vol. 3B 14.9, amd_energy.rst: about 1 ms, and not exactly.</summary>
    internal static readonly Duration UpdatePeriod = Duration.FromMilliseconds(1);

    private const string UnlockCommand = "sudo chmod a+r /sys/class/powercap/intel-rapl*/energy_uj";

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        (IReadOnlyList<PowercapZone> zones, IReadOnlyList<string> masked) = PowercapZone.Find(root);
        List<SensorFinding> findings = [];
        HashSet<Domain> seen = [];
        HashSet<int> sockets = [];
        bool onePerSocket = SocketHasOneCounter(root);
        foreach (PowercapZone zone in zones)
        {
            Domain domain = RaplDomains.Of(zone.Name, zone.ParentName);

            // Linux 6.9 to 6.12 list an AMD socket's one counter once for each die.
            if (onePerSocket && domain.Kind is DomainKind.Package)
            {
                domain = Domain.Package(domain.Index);
                if (!sockets.Add(domain.Index))
                {
                    continue;
                }
            }

            // The same counter through another door (intel-rapl-mmio); MSR zones come first.
            if (!seen.Add(domain))
            {
                continue;
            }

            findings.Add(Look(zone, domain));
        }

        if (findings.Count == 0)
        {
            findings.Add(Nothing(root, masked));
        }

        return findings;
    }

    private static SensorFinding Look(PowercapZone zone, Domain domain)
    {
        string rangePath = Path.Combine(zone.Path, "max_energy_range_uj");
        ulong? range = ulong.TryParse(AttributeText.Find(rangePath), NumberStyles.None, null, out ulong parsed) && parsed > 0 ? parsed : null;
        double? resolution = range is { } max ? max / (double)uint.MaxValue / 1e6 : null;
        AttributeText energy = AttributeText.Read(zone.EnergyPath);
        string note = zone.IsMmio ? "through MMIO: there is no MSR zone for it" : "";

        SensorFinding Finding(SensorState state, string text, string? unlock = null, Func<ISensor>? open = null) =>
            new(domain, SensorName, StreamKind.Energy, state, text, unlock, resolution, UpdatePeriod, zone.EnergyPath, open);

        switch (energy.Access)
        {
            case AttributeAccess.Denied:
                return Finding(SensorState.Unreadable,
                    "only root may read energy_uj since Linux 5.10, as fine-grained energy gives away what other programs compute (CVE-2020-8694)",
                    UnlockCommand);
            case AttributeAccess.Absent:
                return Finding(SensorState.NotSupported, "the zone has no energy_uj: it limits power and does not count energy");
            case AttributeAccess.Failed:
                return Finding(SensorState.Faulty, $"energy_uj cannot be read: {energy.Error}");
        }

        if (!ulong.TryParse(energy.Text, NumberStyles.None, null, out ulong value))
        {
            return Finding(SensorState.Faulty, "energy_uj holds no number");
        }

        if (value == 0)
        {
            // The kernel does not register a zone whose counter is 0, and a counter is at 0 for a millisecond in minutes.
            return Finding(SensorState.Faulty, "energy_uj stands at 0: the register is not counted (as under some hypervisors)");
        }

        CounterRange? wraps = range is { } stated && value <= stated ? new CounterRange(stated) : null;
        if (wraps is null)
        {
            note = range is null
                ? "max_energy_range_uj cannot be read: where it wraps is guessed"
                : "energy_uj is above max_energy_range_uj, which is ignored: where it wraps is guessed";
        }

        RecordedStream stream = new(domain.Name, StreamKind.Energy, SensorName, Quality.Measured, Duration.Zero)
        {
            Range = wraps,
            UpdatePeriod = UpdatePeriod,
        };
        return Finding(SensorState.Ok, note, open: () => new AttributeSensor(stream, AttributeFile.Open(zone.EnergyPath), factor: 1, mayBlock: false));
    }

    private static SensorFinding Nothing(SystemRoot root, IReadOnlyList<string> masked)
    {
        string path = root.At("sys", "class", "powercap");
        Domain domain = new("package", DomainKind.Unknown, 0);
        return masked.Count > 0
            ? new(domain, SensorName, StreamKind.Energy, SensorState.Unreadable,
                $"{masked[0]} is listed and its folder is hidden: container runtimes mask /sys/devices/virtual/powercap (CVE-2020-8694)",
                "docker run --security-opt systempaths=unconfined …", null, UpdatePeriod, path, null)
            : new(domain, SensorName, StreamKind.Energy, SensorState.NotSupported,
                "no RAPL zone: a virtual machine, a processor without RAPL, or the module intel_rapl_msr is not loaded", null, null, null, path, null);
    }

    /// <summary>AMD and Hygon count energy by socket, whatever the number of dies (rapl_msrs_are_pkg_scope of intel_rapl_common.c).</summary>
    private static bool SocketHasOneCounter(SystemRoot root)
    {
        string? cpus = AttributeText.Find(root.At("proc", "cpuinfo"));
        return cpus is not null && (cpus.Contains("AuthenticAMD", StringComparison.Ordinal) || cpus.Contains("HygonGenuine", StringComparison.Ordinal));
    }
}
