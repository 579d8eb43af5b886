using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>A processor package.</summary>
public sealed record SocketFacts(int Id, int LogicalCpus);

/// <summary>A GPU of the host.</summary>
/// <param name="Index">The program's number.</param>
/// <param name="Shared">Other processes or MIG instances use it too.</param>
public sealed record GpuFacts(int Index, string? Name, string? Uuid, string? PciBusId, string? Driver, bool Shared);

/// <summary>The machine that a recording was made on; what is not known is null and left out.</summary>
public sealed record HostFacts
{
    public string? Name { get; init; }

    public string? OperatingSystem { get; init; }

    public string? Kernel { get; init; }

    /// <summary>`x64`, `arm64`.</summary>
    public string? Architecture { get; init; }

    public string? CpuModel { get; init; }

    public int? LogicalCpus { get; init; }

    public IReadOnlyList<SocketFacts> Sockets { get; init; } = [];

    /// <summary>`performance`, `powersave`, …: how the kernel picks the processors' frequency.</summary>
    public string? Governor { get; init; }

    public double? MinMegahertz { get; init; }

    public double? MaxMegahertz { get; init; }

    public bool? Turbo { get; init; }

    public long? MemoryBytes { get; init; }

    /// <summary>Of the monotonic clock: `tsc`, `kvm-clock`.</summary>
    public string? ClockSource { get; init; }

    /// <summary>Jiffies per second.</summary>
    public int? ClockTicks { get; init; }

    /// <summary>`docker`, `podman`, `apptainer`, `slurm`; null outside of any.</summary>
    public string? Container { get; init; }

    /// <summary>`kvm`, `vmware`: energy counters of a guest are made up or absent.</summary>
    public string? Hypervisor { get; init; }

    public IReadOnlyList<GpuFacts> Gpus { get; init; } = [];

    /// <summary>The kernel's random id of this boot: two names with one id are one machine.</summary>
    public string? BootId { get; init; }
}

/// <summary>Which part of a distributed job a recording is of.</summary>
/// <param name="Launcher">`torchrun`, `slurm`, `openmpi`, `pmi`.</param>
/// <param name="Rank">Among all processes of the job.</param>
/// <param name="LocalRank">Among those of the host.</param>
/// <param name="WorldSize">How many there are.</param>
/// <param name="Job">The scheduler's number of the job, else the launcher's name for it.</param>
public sealed record RankFacts(string Launcher, int Rank, int? LocalRank, int? WorldSize, string? Job);

/// <summary>The program that was recorded.</summary>
/// <remarks>There is no field for environment variables: they hold secrets, and what counts of them (ranks) has fields of its own.</remarks>
public sealed record ProgramFacts
{
    /// <summary>Its command line; null where it is not to be kept (`--no-command`).</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public string? Framework { get; init; }

    public string? FrameworkVersion { get; init; }

    /// <summary>Versions of what else counts: `python`, `cuda`, `cudnn`.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? Model { get; init; }

    /// <summary>`pretrain`, `finetune`, `predict`, …</summary>
    public string? Mode { get; init; }

    /// <summary>Samples per step.</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens per sample.</summary>
    public int? Sequence { get; init; }

    public RankFacts? Rank { get; init; }

    public IReadOnlyList<ManifestStep> Steps { get; init; } = [];

    public IReadOnlyList<Interval> UntracedSteps { get; init; } = [];
}

/// <summary>What the caller of a recorder knows for the manifest.</summary>
public sealed record ManifestFacts
{
    public HostFacts Host { get; init; } = new();

    public ProgramFacts Program { get; init; } = new();

    /// <summary>The recorder and its version: `smaragdine 0.1.0`.</summary>
    public string? Recorder { get; init; }

    /// <summary>Of a rank's recording: whether it was (or became) the one on its host that read the host's sensors. Null where there are no ranks.</summary>
    public bool? HoldsSensors { get; init; }

    /// <summary>Idle power by domain, measured before the run.</summary>
    public IReadOnlyDictionary<string, Watts> Baseline { get; init; } = new Dictionary<string, Watts>(StringComparer.Ordinal);
}
