using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>A rank as the mapping of its host's power sees it.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Devices">Of its trace; empty where it has none.</param>
/// <param name="Gpus">What its manifest tells of the host's GPUs: how its program numbers them, which it does not see, which others use too.</param>
public sealed record HostRank(int Rank, IReadOnlyList<DeviceId> Devices, IReadOnlyList<GpuFacts> Gpus)
{
    public bool IsTraced => Devices.Count > 0;
}

/// <summary>What is known for mapping one host's domains to its ranks.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Ranks">In the order of <paramref name="Activity"/>.</param>
/// <param name="Sources">Power of the host from the most to the least trusted.</param>
/// <param name="Mappings">What the user said.</param>
/// <param name="Activity">Who used its processors.</param>
/// <param name="Baseline">Idle power by domain.</param>
public sealed record HostPowerRequest(
    string Host,
    IReadOnlyList<HostRank> Ranks,
    IReadOnlyList<IReadOnlyList<DomainPower>> Sources,
    IReadOnlyList<DomainMapping> Mappings,
    HostActivity Activity,
    IReadOnlyDictionary<string, Watts> Baseline);

/// <summary>
/// Decides which domains of a host feed which device of which rank. The processors feed all ranks there, each with its part; a GPU feeds the one rank
/// that has it; a GPU of which that is not known is the host's, and what it takes is unattributed.
/// </summary>
public static class HostMapping
{
    /// <summary>Power by device; devices that no trace has are among them.</summary>
    /// <exception cref="RefusedInputException">as of <see cref="PowerMapping.Map"/>; or a mapping could mean several ranks' devices.</exception>
    public static MappedPower Map(HostPowerRequest request, Action<Warning> warn)
    {
        // The host as a machine of one program: its processors CPU:0, and its GPUs numbered as they come.
        List<DeviceId> gpus = [];
        HashSet<int> nobodys = [];
        List<DomainMapping> mappings = [.. request.Mappings.SelectMany(m => Here(m, request, gpus))];
        foreach (DomainPower gpu in request.Sources.SelectMany(s => s).Where(d => d.Domain.Kind is DomainKind.Gpu))
        {
            if (mappings.Exists(m => Names(m, gpu)))
            {
                continue;
            }

            if (IsHidden(gpu, request))
            {
                // Another job's, on a host that several share.
                mappings.Add(new(gpu.Domain.Name, null, Whole: false));
                warn(new("gpu-hidden",
                    $"{gpu.Domain.On(request.Host)}: no rank of the job sees this GPU (CUDA_VISIBLE_DEVICES or the like); not counted. `--map domain=device` says otherwise."));
            }
            else
            {
                mappings.Add(new(gpu.Domain.Name, Numbered(OwnerOf(gpu, request) ?? DeviceId.Gpu(gpu.Domain.Index, host: request.Host), gpus), Whole: false));
            }
        }

        for (int i = 0; i < gpus.Count; i++)
        {
            HostRank? owner = request.Ranks.FirstOrDefault(r => r.Rank == gpus[i].Rank);
            if (owner is null || !owner.Devices.Contains(gpus[i]) || owner.Gpus.Any(g => g.Shared is true && g.Index == gpus[i].Index))
            {
                nobodys.Add(i);
            }
        }

        MappedPower mapped = PowerMapping.Map(
            new(
                [DeviceId.Cpu(), .. gpus.Select((_, i) => DeviceId.Gpu(i))],
                request.Sources,
                mappings,
                [.. nobodys.Select(i => new GpuFacts { Index = i, Shared = true })],
                request.Activity.Input,
                request.Baseline),
            warn);
        Dictionary<DeviceId, DevicePower> devices = [];
        foreach ((DeviceId device, DevicePower power) in mapped.Devices)
        {
            if (device.Kind is DeviceKind.Gpu)
            {
                devices.Add(gpus[device.Index], power);
                continue;
            }

            for (int i = 0; i < request.Ranks.Count; i++)
            {
                HostRank rank = request.Ranks[i];
                GapRule gaps = power.Gaps is GapRule.Idle && !rank.IsTraced ? GapRule.Unattributed : power.Gaps;
                devices.Add(
                    DeviceId.Cpu(0, rank.Rank, request.Host),
                    new([.. power.Domains.Select(d => d with { Share = request.Activity.ShareOf(i, d.Activity) })], gaps));
            }
        }

        return new(devices, [.. mapped.WholeMachine.Select(d => d with { Domain = d.Domain with { Name = d.Domain.On(request.Host) } })]);
    }

    /// <summary>What the user said, where it is about this host; devices by their numbers here.</summary>
    private static IEnumerable<DomainMapping> Here(DomainMapping said, HostPowerRequest request, List<DeviceId> gpus)
    {
        if (said.Device is not { } device)
        {
            return [said];
        }

        if ((device.Host is { } host && host != request.Host) || (device.Rank is { } rank && !request.Ranks.Any(r => r.Rank == rank)))
        {
            return [];
        }

        if (device.Kind is DeviceKind.Cpu)
        {
            return [said with { Device = DeviceId.Cpu(device.Index) }];
        }

        List<DeviceId> meant = [.. request.Ranks.SelectMany(r => r.Devices).Where(device.Means)];
        return meant.Count switch
        {
            1 => [said with { Device = Numbered(meant[0], gpus) }],
            0 when device.Rank is not null => [said with { Device = Numbered(device with { Host = request.Host }, gpus) }],
            0 => [],
            _ => throw new RefusedInputException(
                $"`--map {said.Domain}={device}`: of {request.Host} that may be {string.Join(", ", meant)}; say which: `--map {said.Domain}={meant[0]}`"),
        };
    }

    /// <summary>Every rank's recorder knew of it, and none of their programs could see it.</summary>
    private static bool IsHidden(DomainPower gpu, HostPowerRequest request) =>
        request.Ranks.Count > 0 && request.Ranks.All(r => FactsOf(gpu, r) is { Visible: false });

    private static GpuFacts? FactsOf(DomainPower gpu, HostRank rank) => rank.Gpus.FirstOrDefault(g => g.Is(gpu.DeviceUuid));

    /// <summary>
    /// The one rank that has a GPU, by id where manifests tell (of several that see it the one whose trace has it), else by the one trace that has one of its
    /// number; null where it is not one.
    /// </summary>
    private static DeviceId? OwnerOf(DomainPower gpu, HostPowerRequest request)
    {
        List<(HostRank Rank, DeviceId Gpu)> seeing = [];
        foreach (HostRank rank in request.Ranks)
        {
            if (FactsOf(gpu, rank) is { Visible: true, Index: { } index })
            {
                seeing.Add((rank, DeviceId.Gpu(index, rank.Rank, request.Host)));
            }
        }

        List<DeviceId> owners = [.. seeing.Where(s => seeing.Count == 1 || s.Rank.Devices.Contains(s.Gpu)).Select(s => s.Gpu)];
        if (seeing.Count == 0)
        {
            DeviceId number = DeviceId.Gpu(gpu.Domain.Index);
            owners = [.. request.Ranks.Where(r => r.Gpus.Count == 0).SelectMany(r => r.Devices).Where(number.Means)];
        }

        return owners.Count == 1 ? owners[0] : null;
    }

    private static DeviceId Numbered(DeviceId gpu, List<DeviceId> gpus)
    {
        if (!gpus.Contains(gpu))
        {
            gpus.Add(gpu);
        }

        return DeviceId.Gpu(gpus.IndexOf(gpu));
    }

    private static bool Names(DomainMapping mapping, DomainPower power) =>
        string.Equals(mapping.Domain, power.Domain.Name, StringComparison.OrdinalIgnoreCase);
}
