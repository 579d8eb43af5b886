namespace Smaragdine.Sensors.Host;

/// <summary>The machine that a recording was made on. What is not known is null.</summary>
/// <param name="Name">Host name.</param>
/// <param name="CpuModel">`AMD EPYC 7763 64-Core Processor`; on arm64 implementer and part where there is no name.</param>
/// <param name="LogicalCpus">Logical CPUs online.</param>
/// <param name="Sockets">Processor packages; null where the kernel does not say.</param>
/// <param name="Kernel">`6.8.0-45-generic`.</param>
/// <param name="Architecture">`x64`, `arm64`.</param>
/// <param name="Governor">Frequency governor of the first CPU: `performance`, `schedutil`.</param>
/// <param name="ClockTicks">Jiffies per second.</param>
/// <param name="ClockSource">What the kernel's clocks stand on: `tsc`.</param>
/// <param name="Container">How a container shows: `docker`, `podman`, `kubepods`, `lxc`, …; null where nothing shows one.</param>
/// <param name="Rank">Place in a distributed job; null outside of one.</param>
public sealed record HostFacts(
    string? Name,
    string? CpuModel,
    int LogicalCpus,
    int? Sockets,
    string? Kernel,
    string Architecture,
    string? Governor,
    long ClockTicks,
    string? ClockSource,
    string? Container,
    RankFacts? Rank)
{
    /// <summary>The kernel's random id of this boot: containers on one machine share it, whatever they call themselves.</summary>
    public string? BootId { get; init; }
}

/// <summary>Place of a process in a distributed job, from what its launcher told it.</summary>
/// <param name="Launcher">`torchrun`, `slurm`, `openmpi`, `pmi`.</param>
/// <param name="Rank">Among all processes of the job.</param>
/// <param name="LocalRank">Among those on this host; null where the launcher does not say.</param>
/// <param name="Size">Processes of the job; null where the launcher does not say.</param>
/// <param name="Job">The scheduler's number of the job, else the launcher's name for it.</param>
public sealed record RankFacts(string Launcher, int Rank, int? LocalRank, int? Size, string? Job);
