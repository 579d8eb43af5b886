using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>What one period's readings come to.</summary>
/// <param name="Host">The machine's name; null where not known.</param>
/// <param name="Cpus">Logical CPUs.</param>
/// <param name="Baseline">Idle power by domain's name, where it was measured.</param>
/// <param name="IsKernelThread">Of a process.</param>
/// <param name="Who">A process by its id; null where it cannot be seen.</param>
internal sealed record TopFrames(
    string? Host, int Cpus, IReadOnlyDictionary<string, Watts> Baseline, Func<ProcessKey, bool> IsKernelThread, Func<int, ProcessFacts?> Who)
{
    /// <summary>Shares the power of this moment among processes.</summary>
    public TopFrame Build(Instant time, IReadOnlyList<TopDomain> domains, ProcessUse use, IReadOnlyList<GpuUsers> gpus)
    {
        double seconds = use.Period.TotalSeconds;
        List<TopDomain> processors = [.. domains.Where(d => d.Domain.Kind is DomainKind.Package or DomainKind.Dram)];
        Power? power = null;

        // Missing is not zero: with one socket's power unknown the machine's is.
        if (processors.Count > 0 && processors.All(d => d.Power is not null))
        {
            power = new(
                Watts.From(processors.Sum(d => d.Power!.Value.Value)),
                processors.Select(d => d.Quality).Aggregate(Qualities.Worst));
        }

        Watts? baseline = processors.Count > 0 && processors.All(d => Baseline.ContainsKey(d.Domain.Name))
            ? Watts.From(processors.Sum(d => Baseline[d.Domain.Name].Value))
            : null;
        ProcessShares? shares = power is { } p ? ProcessShares.Of(p.Amount * use.Period, use, Cpus, baseline) : null;
        List<TopGpu> boards = [.. gpus.Select(g => Board(g, domains))];
        return new(time, use.Period, Host)
        {
            Domains = domains,
            Processors = new(
                Cpus, use.Busy.TotalSeconds / seconds, use.Unseen.TotalSeconds / seconds, power, shares?.Unseen / use.Period, shares?.Idle / use.Period),
            Processes = Processes(use, shares, power?.Quality, OnGpus(gpus, boards)),
            Gpus = boards,
        };
    }

    private List<TopProcess> Processes(ProcessUse use, ProcessShares? shares, Quality? quality, ILookup<int, TopGpuUse> onGpus)
    {
        List<TopProcess> processes = [];
        HashSet<int> listed = [];
        int threads = 0;
        double threadsBusy = 0;
        double threadsWatts = 0;
        for (int i = 0; i < use.Processes.Count; i++)
        {
            ProcessTime time = use.Processes[i];
            double busy = time.OnCpu / use.Period;
            Watts? watts = shares?.Processes[i] / use.Period;
            if (IsKernelThread(time.Process))
            {
                threads++;
                threadsBusy += busy;
                threadsWatts += watts?.Value ?? 0;
                continue;
            }

            int pid = time.Process.Pid;
            listed.Add(pid);
            processes.Add(Row(pid, busy, Share(watts)) with { Gpus = [.. onGpus[pid]] });
        }

        if (threads > 0)
        {
            processes.Add(new(null, $"{threads} kernel thread{(threads == 1 ? "" : "s")}", null, null, threadsBusy, Share(shares is null ? null : Watts.From(threadsWatts))));
        }

        foreach (IGrouping<int, TopGpuUse> on in onGpus.Where(g => !listed.Contains(g.Key)))
        {
            // It was at rest, or is of another namespace: the driver's ids are the host's.
            bool seen = Who(on.Key) is not null;
            processes.Add(Row(on.Key, seen ? 0 : null, seen ? Share(shares is null ? null : Watts.Zero) : null) with { Gpus = [.. on] });
        }

        return processes;

        Power? Share(Watts? watts) => watts is { } amount && quality is { } of ? new(amount, Qualities.OfShare(of)) : null;
    }

    private TopProcess Row(int pid, double? busy, Power? power)
    {
        ProcessFacts? facts = Who(pid);
        return new(pid, facts?.Name ?? "(not visible here)", facts?.CommandLine, facts?.User, busy, power);
    }

    private static TopGpu Board(GpuUsers users, IReadOnlyList<TopDomain> domains)
    {
        TopDomain? domain = domains.FirstOrDefault(d => d.Domain.Kind is DomainKind.Gpu && d.DeviceId is not null && d.DeviceId == users.Gpu.DeviceId)
            ?? domains.FirstOrDefault(d => d.Domain == Domain.Gpu(users.Gpu.Index) && d.DeviceId is null);
        Watts? power = domain?.Power;
        return new(
            domain?.Domain.Name ?? Domain.Gpu(users.Gpu.Index).Name,
            users.Gpu.Name,
            power is { } amount ? new(amount, domain!.Quality) : null,
            (users.Processes ?? []).Select(p => p.Pid).Distinct().Count(),
            users.SoleUser,
            users.IsFree ? power : Zero(power),
            users.IsFree || users.SoleUser is not null ? Zero(power) : power);
    }

    private static Watts? Zero(Watts? power) => power is null ? null : Watts.Zero;

    private static ILookup<int, TopGpuUse> OnGpus(IReadOnlyList<GpuUsers> gpus, List<TopGpu> boards) => gpus
        .SelectMany((g, i) => (g.Processes ?? []).GroupBy(p => p.Pid).Select(p => (Pid: p.Key, Use: new TopGpuUse(
            boards[i].Gpu,
            p.First().UsedBytes,
            p.All(x => x.Graphics),
            boards[i].SoleUser == p.Key && boards[i].Power is { } power ? power with { Quality = Qualities.OfShare(power.Quality) } : null))))
        .ToLookup(u => u.Pid, u => u.Use);
}
