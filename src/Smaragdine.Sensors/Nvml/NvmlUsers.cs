namespace Smaragdine.Sensors.Nvml;

/// <summary>Who has a context on one GPU.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Processes">Each process once; those that compute first. Null where the driver does not tell.</param>
public sealed record GpuUsers(NvmlGpu Gpu, IReadOnlyList<NvmlProcess>? Processes)
{
    /// <summary>The one process that computes on it; null where there is none, several, or it is not known. What only draws does not count.</summary>
    public int? SoleUser
    {
        get
        {
            List<int> pids = [.. (Processes ?? []).Where(p => !p.Graphics).Select(p => p.Pid).Distinct()];
            return pids.Count == 1 ? pids[0] : null;
        }
    }

    /// <summary>Nobody computes on it.</summary>
    public bool IsFree => Processes is { } all && !all.Any(p => !p.Graphics);
}

/// <summary>Asks NVIDIA's driver again and again who uses its GPUs.</summary>
public sealed class NvmlUsers : IDisposable
{
    private readonly NvmlLibrary library;
    private readonly IReadOnlyList<NvmlGpu> gpus;

    private NvmlUsers(NvmlLibrary library, IReadOnlyList<NvmlGpu> gpus)
    {
        this.library = library;
        this.gpus = gpus;
    }

    /// <summary>Null where there is no driver, or it has no GPU that may be opened.</summary>
    /// <param name="libraryPath">NVML's file; null for the driver's own.</param>
    public static NvmlUsers? TryOpen(string? libraryPath = null)
    {
        NvmlLibrary? driver = NvmlLibrary.TryOpen(libraryPath, out _);
        List<NvmlGpu> found = [.. driver?.Gpus(out _).Where(g => g.Access == NvmlReturn.Success) ?? []];
        if (driver is not null && found.Count > 0)
        {
            return new(driver, found);
        }

        driver?.Dispose();
        return null;
    }

    /// <summary>Who uses them now.</summary>
    public IReadOnlyList<GpuUsers> Read()
    {
        List<GpuUsers> users = [];
        foreach (NvmlGpu gpu in gpus)
        {
            IReadOnlyList<NvmlProcess> processes = NvmlProcesses.On(library, gpu, out NvmlReturn code);
            users.Add(new(gpu, code == NvmlReturn.Success ? processes : null));
        }

        return users;
    }

    public void Dispose() => library.Dispose();
}
