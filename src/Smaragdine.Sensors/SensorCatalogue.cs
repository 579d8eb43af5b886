using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Sensors.Ipmi;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Sensors.PerfPower;
using Smaragdine.Sensors.PowerSupply;
using Smaragdine.Sensors.Rapl;

namespace Smaragdine.Sensors;

/// <summary>A finding, and why it is used or not.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Why">One sentence.</param>
/// <param name="IsBeside">It is not what the domain's joules come from, and is recorded all the same, beside the counter that is.</param>
public sealed record SensorChoice(SensorFinding Finding, string Why, bool IsBeside = false);

/// <summary>What a machine has.</summary>
/// <param name="Used">At most one for each domain, none of which covers another except the whole machine.</param>
/// <param name="Others">The rest: second to another sensor, contained in another domain, or not to be read.</param>
public sealed record SensorSurvey(IReadOnlyList<SensorChoice> Used, IReadOnlyList<SensorChoice> Others);

/// <summary>Asks all probes and takes the best sensor for each domain.</summary>
/// <param name="probes">In the order of preference among equals, which also numbers GPUs: the first that claims `gpu-0` keeps it.</param>
public sealed class SensorCatalogue(IReadOnlyList<ISensorProbe> probes)
{
    /// <summary>The probes of the machine: /sys, /proc, ipmitool and the NVIDIA driver's library. NVIDIA's GPUs are numbered first.</summary>
    public static IReadOnlyList<ISensorProbe> SystemProbes { get; } =
    [
        new PerfPowerProbe(), new PowercapProbe(),
        new NvmlProbe(), new AmdGpuProbe(), new IntelGpuProbe(),
        new Ina3221Probe(), new HwmonProbe(),
        new PowerSupplyProbe(), new IpmiProbe(),
    ];

    /// <summary>Looks for sensors now. Never throws.</summary>
    public SensorSurvey Survey(SystemRoot root)
    {
        List<SensorFinding> found = [];
        foreach (ISensorProbe probe in probes)
        {
            found.AddRange(probe.Find(root));
        }

        return Choose(GpuNumbers.Distinct(found));
    }

    /// <summary>The choice itself: depends on nothing but the findings.</summary>
    internal static SensorSurvey Choose(IReadOnlyList<SensorFinding> found)
    {
        List<SensorChoice> used = [];
        List<SensorChoice> others = [];
        foreach (IGrouping<Domain, SensorFinding> group in found.GroupBy(f => f.Domain))
        {
            List<SensorFinding> usable = [];
            foreach (SensorFinding finding in group)
            {
                if (finding.State == SensorState.Ok && finding.Open is not null)
                {
                    usable.Add(finding);
                }
                else
                {
                    others.Add(new(finding, finding.Note));
                }
            }

            if (usable.Count == 0)
            {
                continue;
            }

            SensorFinding best = usable[0];
            foreach (SensorFinding finding in usable.Skip(1))
            {
                best = Prefer(best, finding) ? best : finding;
            }

            SensorFinding? second = usable.FirstOrDefault(f => !ReferenceEquals(f, best));
            used.Add(new(best, second is null ? "the only sensor that can be read" : WhyNot(second, best)));
            others.AddRange(usable.Where(f => !ReferenceEquals(f, best)).Select(f => f.Sensor == best.Beside?.Sensor
                ? new SensorChoice(f, $"recorded beside {best.Sensor}, whose joules count", IsBeside: true)
                : new SensorChoice(f, WhyNot(f, best))));
        }

        DropContained(used, others);
        return new(used, others);
    }

    /// <summary>True where the first (earlier found) is at least as good.</summary>
    private static bool Prefer(SensorFinding first, SensorFinding second)
    {
        if (first.Doubtful != second.Doubtful)
        {
            return second.Doubtful;
        }

        if (first.Kind != second.Kind)
        {
            SensorFinding counter = first.Kind is StreamKind.Energy ? first : second;
            SensorFinding power = first.Kind is StreamKind.Energy ? second : first;
            if (counter.Beside?.Sensor == power.Sensor)
            {
                return ReferenceEquals(counter, first);
            }

            return ReferenceEquals(IsSlower(counter, power) ? power : counter, first);
        }

        return first.Sensor == PerfPowerProbe.SensorName || second.Sensor != PerfPowerProbe.SensorName;
    }

    private static bool IsSlower(SensorFinding counter, SensorFinding power) =>
        counter.UpdatePeriod is { } slow && power.UpdatePeriod is { } fast && slow > fast;

    /// <summary>Why <paramref name="loser"/> comes second to <paramref name="best"/>; said of both.</summary>
    private static string WhyNot(SensorFinding loser, SensorFinding best)
    {
        if (loser.Doubtful && !best.Doubtful)
        {
            return $"{best.Sensor} is used, as {loser.Sensor} is known to be wrong on some hardware: {loser.Note}";
        }

        if (loser.Kind != best.Kind)
        {
            return best.Kind is StreamKind.Energy
                ? $"the energy counter of {best.Sensor} misses nothing between readings, the power of {loser.Sensor} does"
                : $"the power of {best.Sensor} is updated more often than the energy counter of {loser.Sensor}";
        }

        return best.Sensor == PerfPowerProbe.SensorName
            ? $"perf and {loser.Sensor} show the same register; perf adds it up in 64 bits and never wraps"
            : $"{best.Sensor} comes before {loser.Sensor} where both can be read";
    }

    /// <summary>A domain that another one holds would be counted twice: core and uncore lie in the package, package and card in an APU or a module.</summary>
    private static void DropContained(List<SensorChoice> used, List<SensorChoice> others)
    {
        bool anyPackage = used.Any(u => u.Finding.Domain.Kind is DomainKind.Package);
        foreach (SensorChoice choice in used.ToArray())
        {
            Domain domain = choice.Finding.Domain;
            string? why = null;
            if (domain.Kind is DomainKind.InsidePackage && used.Any(u => u.Finding.Domain is { Kind: DomainKind.Package } p && p.Index == domain.Index))
            {
                why = $"lies inside package-{domain.Index}, whose counter has it already";
            }
            else if (domain.Kind is DomainKind.Unknown && IsHolder(domain.Name) && anyPackage)
            {
                why = $"{domain.Name} covers the processor as well, which is read on its own: both would count it twice";
            }

            if (why is not null)
            {
                used.Remove(choice);
                others.Add(new(choice.Finding, why));
            }
        }
    }

    private static bool IsHolder(string name) =>
        name.StartsWith(AmdGpuProbe.ApuPrefix, StringComparison.Ordinal) || name.StartsWith(HwmonProbe.ModulePrefix, StringComparison.Ordinal)
        || name.StartsWith(HwmonProbe.GracePrefix, StringComparison.Ordinal);
}
