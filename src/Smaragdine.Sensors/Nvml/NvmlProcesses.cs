namespace Smaragdine.Sensors.Nvml;

/// <summary>A process that has a context on a GPU.</summary>
/// <param name="Pid">In the PID namespace that the driver sees: in a container mostly the host's numbers, or no process at all.</param>
/// <param name="UsedBytes">GPU memory; null where the driver does not say.</param>
/// <param name="GpuInstance">The MIG instance that it runs on; null on a GPU that is not divided.</param>
/// <param name="Graphics">It draws (X server, compositor) and does not compute.</param>
public readonly record struct NvmlProcess(int Pid, ulong? UsedBytes, int? GpuInstance, bool Graphics);

/// <summary>Who uses a GPU. A context is no work: a process may be listed and idle.</summary>
public static class NvmlProcesses
{
    /// <summary>Processes are started between asking how many there are and asking which.</summary>
    private const int Attempts = 4;

    /// <summary>The processes with a context on a GPU, those that compute first. Of a GPU divided by MIG: those of all its instances.</summary>
    /// <param name="library">An open library.</param>
    /// <param name="gpu">A GPU of it.</param>
    /// <param name="code">Why the list is not known; success where it is.</param>
    public static IReadOnlyList<NvmlProcess> On(NvmlLibrary library, NvmlGpu gpu, out NvmlReturn code)
    {
        List<NvmlProcess> processes = [];
        code = library.Open(gpu, out nint device);
        if (code != NvmlReturn.Success)
        {
            return processes;
        }

        code = Collect(library, device, graphics: false, processes);

        // Graphics is asked only for what it adds: where it is not to be had, the compute list stands.
        if (code == NvmlReturn.Success)
        {
            _ = Collect(library, device, graphics: true, processes);
        }

        return processes;
    }

    private static NvmlReturn Collect(NvmlLibrary library, nint device, bool graphics, List<NvmlProcess> processes)
    {
        NvmlProcessInfo[] infos = new NvmlProcessInfo[32];
        NvmlReturn code = NvmlReturn.InsufficientSize;
        int count = 0;
        for (int attempt = 0; attempt < Attempts && code == NvmlReturn.InsufficientSize; attempt++)
        {
            code = library.Processes(device, graphics, infos, out count);
            if (code == NvmlReturn.InsufficientSize)
            {
                infos = new NvmlProcessInfo[Math.Max(count + 16, infos.Length * 2)];
            }
        }

        if (code != NvmlReturn.Success)
        {
            return code;
        }

        foreach (NvmlProcessInfo info in infos.AsSpan(0, Math.Min(count, infos.Length)))
        {
            processes.Add(new(
                (int)info.Pid,
                info.UsedGpuMemory == ulong.MaxValue ? null : info.UsedGpuMemory,
                info.GpuInstanceId == uint.MaxValue ? null : (int)info.GpuInstanceId,
                graphics));
        }

        return code;
    }
}
