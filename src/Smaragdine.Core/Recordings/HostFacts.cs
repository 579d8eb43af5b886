namespace Smaragdine.Recordings;

/// <summary>A processor package.</summary>
public sealed record SocketFacts(int Id, int LogicalCpus);

/// <summary>The machine that a recording was made on; what is not known is null and left out.</summary>
public sealed record HostFacts
{
    /// <summary>Host name.</summary>
    public string? Name { get; init; }

    public string? OperatingSystem { get; init; }

    /// <summary>`6.8.0-45-generic`.</summary>
    public string? Kernel { get; init; }

    /// <summary>`x64`, `arm64`.</summary>
    public string? Architecture { get; init; }

    /// <summary>`AMD EPYC 7763 64-Core Processor`; on arm64 implementer and part where there is no name.</summary>
    public string? CpuModel { get; init; }

    /// <summary>Logical CPUs online.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>Processor packages; empty where the kernel does not say.</summary>
    public IReadOnlyList<SocketFacts> Sockets { get; init; } = [];

    /// <summary>Of the first CPU: `performance`, `schedutil`, …: how the kernel picks its frequency.</summary>
    public string? Governor { get; init; }

    public double? MinMegahertz { get; init; }

    public double? MaxMegahertz { get; init; }

    public bool? Turbo { get; init; }

    public long? MemoryBytes { get; init; }

    /// <summary>Of the monotonic clock: `tsc`, `kvm-clock`.</summary>
    public string? ClockSource { get; init; }

    /// <summary>Jiffies per second.</summary>
    public int? ClockTicks { get; init; }

    /// <summary>How a container shows: `docker`, `podman`, `kubepods`, `lxc`, …; null where nothing shows one.</summary>
    public string? Container { get; init; }

    /// <summary>`kvm`, `vmware`: energy counters of a guest are made up or absent.</summary>
    public string? Hypervisor { get; init; }

    public IReadOnlyList<GpuFacts> Gpus { get; init; } = [];

    /// <summary>The kernel's random id of this boot: two names with one id are one machine, as containers have them.</summary>
    public string? BootId { get; init; }
}
