using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>What `top` knows after one period.</summary>
/// <param name="Time">The period's end.</param>
/// <param name="Period">Its length: energies are power times this.</param>
/// <param name="Host">The machine's name; null where not known.</param>
internal sealed record TopFrame(Instant Time, Duration Period, string? Host)
{
    /// <summary>All that is read or estimated.</summary>
    public required IReadOnlyList<TopDomain> Domains { get; init; }

    public required TopProcessors Processors { get; init; }

    /// <summary>Those that used a processor or have a context on a GPU; threads of the kernel as one.</summary>
    public required IReadOnlyList<TopProcess> Processes { get; init; }

    public required IReadOnlyList<TopGpu> Gpus { get; init; }
}

/// <summary>A domain's power now; null where it is not known.</summary>
internal sealed record TopDomain(Domain Domain, Watts? Power, Quality Quality, string Source, string? DeviceId);

/// <summary>All processors together: <c>power = Σ processes + unseen + idle</c>.</summary>
/// <param name="Cpus">Logical CPUs.</param>
/// <param name="Busy">CPUs that were busy.</param>
/// <param name="UnseenBusy">CPUs that were busy with what no process is known for.</param>
/// <param name="Power">Packages and memory; null where it is not known of all of them.</param>
/// <param name="Unseen">The power of what no process is known for.</param>
/// <param name="Idle">The power of nobody.</param>
internal sealed record TopProcessors(int Cpus, double Busy, double UnseenBusy, Power? Power, Watts? Unseen, Watts? Idle);

/// <summary>Power with what it stands on.</summary>
internal readonly record struct Power(Watts Amount, Quality Quality);

/// <summary>A process, or several as one.</summary>
/// <param name="Pid">Its id; null of several.</param>
/// <param name="Name">Its name: foreign text.</param>
/// <param name="CommandLine">Foreign text; null where it has none.</param>
/// <param name="User">Null where not known.</param>
/// <param name="Busy">CPUs that it kept busy; null where it is not known (a process of another namespace).</param>
/// <param name="Power">Its share of the processors' power; null where that is not known.</param>
internal sealed record TopProcess(int? Pid, string Name, string? CommandLine, string? User, double? Busy, Power? Power)
{
    /// <summary>What it has on GPUs.</summary>
    public IReadOnlyList<TopGpuUse> Gpus { get; init; } = [];

    /// <summary>All that is known to be its: its share of the processors and of GPUs.</summary>
    public double KnownWatts => (Power?.Amount.Value ?? 0) + Gpus.Sum(g => g.Power?.Amount.Value ?? 0);
}

/// <summary>A process on a GPU.</summary>
/// <param name="Gpu">`gpu-0`.</param>
/// <param name="MemoryBytes">Null where the driver does not say.</param>
/// <param name="Graphics">It draws and does not compute.</param>
/// <param name="Power">The GPU's, where this is its sole user; null otherwise: nothing says who took how much.</param>
internal sealed record TopGpuUse(string Gpu, ulong? MemoryBytes, bool Graphics, Power? Power);

/// <summary>A GPU of which it is known who uses it: <c>power = the sole user's + idle + unattributed</c>, one of which has all.</summary>
internal sealed record TopGpu(string Gpu, string Name, Power? Power, int Users, int? SoleUser, Watts? Idle, Watts? Unattributed);
