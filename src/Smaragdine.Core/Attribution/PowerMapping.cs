using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>What `--map domain=…` says of a domain.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Device">The device that it feeds; null where it feeds none.</param>
/// <param name="Whole">It covers the whole machine.</param>
public sealed record DomainMapping(string Domain, DeviceId? Device, bool Whole);

/// <summary>What is known for mapping domains to devices.</summary>
/// <param name="Devices">Of the trace.</param>
/// <param name="Sources">Power from the most to the least trusted: a given log, the recording's sensors, an estimate.</param>
/// <param name="Mappings">What the user said.</param>
/// <param name="Gpus">What is known of the host's GPUs: how the program numbers them, and whether others use them too.</param>
/// <param name="Activity">Who used the processors; null where nobody watched.</param>
/// <param name="Baseline">Idle power by domain.</param>
public sealed record PowerMappingRequest(
    IReadOnlyList<DeviceId> Devices,
    IReadOnlyList<IReadOnlyList<DomainPower>> Sources,
    IReadOnlyList<DomainMapping> Mappings,
    IReadOnlyList<GpuFacts> Gpus,
    ActivityInput? Activity,
    IReadOnlyDictionary<string, Watts> Baseline)
{
    /// <summary>Nothing was traced: without activity no rule says whether the program or nobody used a device.</summary>
    public bool IsUntraced { get; init; }
}

/// <summary>Power by device, and the domains that cover the whole machine.</summary>
public sealed record MappedPower(IReadOnlyDictionary<DeviceId, DevicePower> Devices, IReadOnlyList<DomainPower> WholeMachine);

/// <summary>Decides which domains feed which device of the trace (docs/measurement-model.md).</summary>
public static class PowerMapping
{
    /// <summary>For each device on its own, the first source that has a domain for it.</summary>
    /// <exception cref="RefusedInputException">a domain could feed one device or another, or its name says nothing.</exception>
    public static MappedPower Map(PowerMappingRequest request, Action<Warning> warn)
    {
        Dictionary<DeviceId, DevicePower> devices = [];
        List<DomainPower> whole = [];
        List<string> unused = [];
        List<string> hidden = [];
        foreach (IReadOnlyList<DomainPower> source in request.Sources)
        {
            Dictionary<DeviceId, List<DomainPower>> feeding = [];
            foreach (DomainPower domain in source)
            {
                Target target = TargetOf(domain, source, request);
                if (target.Whole)
                {
                    whole.Add(domain);
                }
                else if (target.Device is { } device && request.Devices.Contains(device))
                {
                    (feeding.TryGetValue(device, out List<DomainPower>? list) ? list : feeding[device] = []).Add(domain);
                }
                else if (target.Hidden)
                {
                    hidden.Add(domain.Domain.Name);
                }
                else if (!target.Ignored)
                {
                    unused.Add(domain.Domain.Name);
                }
            }

            foreach ((DeviceId device, List<DomainPower> domains) in feeding)
            {
                devices.TryAdd(device, Feed(device, domains, request, warn));
            }
        }

        if (unused.Count > 0)
        {
            warn(new("domain-unused",
                $"{string.Join(", ", unused.Distinct(StringComparer.Ordinal))}: the trace has no device that {(unused.Count == 1 ? "it feeds" : "they feed")}; not counted. `--map domain=device` says otherwise."));
        }

        if (hidden.Count > 0)
        {
            warn(new("gpu-hidden",
                $"{string.Join(", ", hidden.Distinct(StringComparer.Ordinal))}: the program was started so that it does not see {(hidden.Count == 1 ? "this GPU" : "these GPUs")} (CUDA_VISIBLE_DEVICES or the like); not counted. `--map domain=device` says otherwise."));
        }

        return new(devices, whole);
    }

    private readonly record struct Target(DeviceId? Device, bool Whole, bool Ignored, bool Hidden = false);

    private static Target TargetOf(DomainPower power, IReadOnlyList<DomainPower> source, PowerMappingRequest request)
    {
        Domain domain = power.Domain;
        if (request.Mappings.FirstOrDefault(m => string.Equals(m.Domain, domain.Name, StringComparison.OrdinalIgnoreCase)) is { } said)
        {
            return new(said.Device, said.Whole, said.Device is null && !said.Whole);
        }

        switch (domain.Kind)
        {
            case DomainKind.Package or DomainKind.Dram:
                return new(CpuOf(domain, request), Whole: false, Ignored: false);
            case DomainKind.InsidePackage:
                return new(null, Whole: false, Ignored: true);
            case DomainKind.Whole:
                return new(null, Whole: true, Ignored: false);
            case DomainKind.Gpu:
                return FactsOf(power, request) is { Visible: false }
                    ? new(null, Whole: false, Ignored: false, Hidden: true)
                    : new(GpuOf(power, source, request), Whole: false, Ignored: false);
            default:
                throw new RefusedInputException(
                    $"the power log's domain `{domain.Name}` does not say what it covers. Say so: `--map {domain.Name}=CPU:0` (or another device of the trace), `--map {domain.Name}=machine` for the whole machine, `--map {domain.Name}=none` to leave it out");
        }
    }

    /// <summary>All packages together are the trace's `CPU:0`; with ranks, somebody must say whose.</summary>
    private static DeviceId CpuOf(Domain domain, PowerMappingRequest request)
    {
        List<DeviceId> processors = [.. request.Devices.Where(d => d.Kind is DeviceKind.Cpu && d.Index == 0)];
        return processors.Count <= 1
            ? processors.FirstOrDefault(DeviceId.Cpu())
            : throw new RefusedInputException(
                $"the trace has the processors of several ranks ({string.Join(", ", processors)}), the power is of {domain}: whose is it? Say so: `--map {domain}={processors[0]}`");
    }

    private static GpuFacts? FactsOf(DomainPower power, PowerMappingRequest request) => request.Gpus.FirstOrDefault(g => g.Is(power.DeviceUuid));

    private static DeviceId? GpuOf(DomainPower power, IReadOnlyList<DomainPower> source, PowerMappingRequest request)
    {
        List<DeviceId> gpus = [.. request.Devices.Where(d => d.Kind is DeviceKind.Gpu)];
        switch (FactsOf(power, request))
        {
            case { Index: { } index }:
                return DeviceId.Gpu(index);
            case not null when !request.IsUntraced:
                // Whoever recorded it looked and could not tell: its own number would be a guess.
                List<DeviceId> open = [.. gpus.Except(Claimed(source, request))];
                return open.Count == 0 ? null : throw new RefusedInputException(
                    $"the power of {power.Domain} is of a GPU whose number in the program is not known, and the trace has {string.Join(", ", open)}: which is which? Say so: `--map {power.Domain}={open[0]}`, or `--map {power.Domain}=none`");
        }

        DeviceId byIndex = DeviceId.Gpu(power.Domain.Index);
        if (gpus.Count == 0 || gpus.Contains(byIndex))
        {
            return byIndex;
        }

        List<string> domains = [.. source.Where(d => d.Domain.Kind is DomainKind.Gpu).Select(d => d.Domain.Name)];
        bool anyFits = source.Any(d => d.Domain.Kind is DomainKind.Gpu && gpus.Contains(DeviceId.Gpu(d.Domain.Index)));
        if (anyFits)
        {
            return byIndex;
        }

        throw new RefusedInputException(
            $"the trace has {string.Join(", ", gpus)}, the power is of {string.Join(", ", domains)}: which is which? Programs number GPUs anew under CUDA_VISIBLE_DEVICES. Say so: `--map {domains[0]}={gpus[0].Name}`");
    }

    /// <summary>Devices of which it is certain what feeds them.</summary>
    private static IEnumerable<DeviceId> Claimed(IReadOnlyList<DomainPower> source, PowerMappingRequest request) =>
        request.Mappings.Select(m => m.Device).OfType<DeviceId>()
            .Concat(source.Select(d => FactsOf(d, request)?.Index).OfType<int>().Select(i => DeviceId.Gpu(i)));

    private static DevicePower Feed(DeviceId device, List<DomainPower> domains, PowerMappingRequest request, Action<Warning> warn)
    {
        if (device.Kind is DeviceKind.Gpu)
        {
            bool shared = request.Gpus.Any(g => g.Shared is true && (g.Index == device.Index || domains.Exists(d => g.Is(d.DeviceUuid))));
            GapRule gaps = request.IsUntraced || shared ? GapRule.Unattributed : GapRule.Idle;
            return new([.. domains.Select(d => new FeedingDomain(d))], gaps);
        }

        if (request.Activity is not { Timelines.Count: > 0 } activity)
        {
            return new([.. domains.Select(d => new FeedingDomain(d, Baseline: BaselineOf(d, request)))], request.IsUntraced ? GapRule.Unattributed : GapRule.Idle);
        }

        // One socket of several says nothing about another: what none of them covers is unattributed.
        ActivityTimeline? pooled = activity.Timelines.FirstOrDefault(t => t.Socket is null)
            ?? (activity.Timelines.Count == 1 ? activity.Timelines[0] : null);
        List<FeedingDomain> feeding = [];
        List<string> strangers = [];
        foreach (DomainPower domain in domains)
        {
            ActivityTimeline? own = activity.Timelines.FirstOrDefault(t => t.Socket == domain.Domain.Index);
            feeding.Add(new(domain, own ?? pooled, BaselineOf(domain, request)));
            if (own is null && domain.Domain.Kind is DomainKind.Package)
            {
                strangers.Add(domain.Domain.Name);
            }
        }

        int packages = domains.Count(d => d.Domain.Kind is DomainKind.Package);
        if (pooled is null && strangers.Count > 0)
        {
            warn(new("socket-unknown",
                $"{string.Join(", ", strangers)}: the activity knows other sockets only, so nobody can tell who used {(strangers.Count == 1 ? "it" : "them")}: unattributed."));
        }
        else if (packages > 1 && strangers.Count > 0)
        {
            warn(new("sockets-pooled",
                $"the activity does not tell sockets apart: each of the {packages} packages is shared by the whole host's on-CPU time, which is wrong where the program used one more than another."));
        }

        return new(feeding, GapRule.ByActivity);
    }

    private static Watts? BaselineOf(DomainPower domain, PowerMappingRequest request) =>
        request.Baseline.TryGetValue(domain.Domain.Name, out Watts watts) ? watts : null;
}
