using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Rapl;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.PerfPower;

/// <summary>RAPL energy counters through perf events: the PMU `power` (arch/x86/events/rapl.c). The kernel adds the register up in 64 bits, so it never wraps.</summary>
public sealed class PerfPowerProbe : ISensorProbe
{
    internal const string SensorName = "perf";

    private const int NotPermitted = 1;
    private const int AccessDenied = 13;

    private readonly IPerfEvents? events;

    public PerfPowerProbe()
    {
    }

    internal PerfPowerProbe(IPerfEvents events) => this.events = events;

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        if (PerfPmu.Find(root) is not { } pmu)
        {
            return [];
        }

        // The type of a PMU is a number of the kernel that described it: a captured tree's would open some other PMU of this machine.
        IPerfEvents? kernel = events ?? (root.IsReal && OperatingSystem.IsLinux() ? new LinuxPerfEvents() : null);
        IReadOnlyList<(int Cpu, int Socket, int? Die)> places = Places(root, pmu.Cpus);
        List<SensorFinding> findings = [];
        foreach (PerfEnergyEvent energy in pmu.Events)
        {
            foreach ((int cpu, int socket, int? die) in places)
            {
                if (DomainOf(energy.Name, socket, die) is not { } domain)
                {
                    continue;
                }

                // Several sockets show the same platform counter.
                if (domain.Kind is DomainKind.Whole && cpu != places[0].Cpu)
                {
                    continue;
                }

                findings.Add(Look(root, kernel, pmu.Type, energy, cpu, domain));
            }
        }

        return findings;
    }

    private static SensorFinding Look(SystemRoot root, IPerfEvents? kernel, uint type, PerfEnergyEvent energy, int cpu, Domain domain)
    {
        double? resolution = energy.Scale is { } known ? known.Numerator / Math.Pow(2, known.Shift) / 1e6 : null;

        SensorFinding Finding(SensorState state, string note, string? unlock = null, Func<ISensor>? open = null) =>
            new(domain, SensorName, StreamKind.Energy, state, note, unlock, resolution, PowercapProbe.UpdatePeriod, energy.Path, open);

        if (energy.Scale is not { } scale)
        {
            return Finding(SensorState.Faulty, $"the unit or scale of {energy.Name} is not understood: joules were expected");
        }

        if (kernel is null)
        {
            return Finding(SensorState.NotSupported, "perf events are of the running kernel, not of a captured tree");
        }

        using (IPerfCounter? counter = kernel.Open(type, energy.Config, cpu, out int error))
        {
            if (counter is null)
            {
                if (error is not (NotPermitted or AccessDenied))
                {
                    return Finding(SensorState.Faulty, $"perf_event_open failed on CPU {cpu} (errno {error})");
                }

                long? paranoid = AttributeText.FindInteger(root.At("proc", "sys", "kernel", "perf_event_paranoid"));
                return paranoid is > 0
                    ? Finding(SensorState.Unreadable,
                        $"kernel.perf_event_paranoid is {paranoid}: from 1 on, events of a whole CPU need CAP_PERFMON",
                        "sudo sysctl kernel.perf_event_paranoid=0")
                    : Finding(SensorState.Unreadable,
                        "perf_event_open is refused although kernel.perf_event_paranoid would allow it: a container's seccomp profile, or lockdown",
                        "docker run --cap-add PERFMON …");
            }
        }

        RecordedStream stream = new(domain.Name, StreamKind.Energy, SensorName, Quality.Measured, Duration.Zero) { UpdatePeriod = PowercapProbe.UpdatePeriod };
        return Finding(SensorState.Ok, "", open: () =>
            kernel.Open(type, energy.Config, cpu, out int failed) is { } counter
                ? new PerfPowerSensor(stream, counter, scale)
                : throw new IOException($"{energy.Path}: perf_event_open failed on CPU {cpu} (errno {failed}), though it succeeded before"));
    }

    private static Domain? DomainOf(string energyEvent, int socket, int? die) => energyEvent switch
    {
        "energy-pkg" => RaplDomains.Of(die is { } one ? $"package-{socket}-die-{one}" : $"package-{socket}", null),
        "energy-ram" => RaplDomains.Part("dram", socket, die),
        "energy-cores" => RaplDomains.Part("core", socket, die),

        // The graphics part of the package, which powercap calls uncore; never a card.
        "energy-gpu" => RaplDomains.Part("uncore", socket, die),
        "energy-psys" => RaplDomains.Of("psys", null),
        _ => null,
    };

    /// <summary>Socket of each CPU of the mask, and die where a socket has several CPUs in it.</summary>
    private static IReadOnlyList<(int Cpu, int Socket, int? Die)> Places(SystemRoot root, IReadOnlyList<int> cpus)
    {
        List<(int Cpu, int Socket, int Die)> all = [];
        for (int i = 0; i < cpus.Count; i++)
        {
            string topology = root.At("sys", "devices", "system", "cpu", $"cpu{cpus[i]}", "topology");
            long socket = AttributeText.FindInteger(Path.Combine(topology, "physical_package_id")) ?? -1;
            long die = AttributeText.FindInteger(Path.Combine(topology, "die_id")) ?? -1;

            // A virtual machine without topology says -1: then the order of the mask is all there is.
            all.Add((cpus[i], socket >= 0 ? (int)socket : i, die >= 0 ? (int)die : 0));
        }

        return
        [
            .. all.DistinctBy(p => (p.Socket, p.Die))
                .Select(p => (p.Cpu, p.Socket, all.Any(q => q.Socket == p.Socket && q.Die != p.Die) ? p.Die : (int?)null)),
        ];
    }
}
