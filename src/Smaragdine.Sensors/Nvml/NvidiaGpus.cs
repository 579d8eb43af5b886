using Smaragdine.Sensors.Gpus;

namespace Smaragdine.Sensors.Nvml;

/// <summary>NVIDIA's GPUs by NVML: those that may be opened.</summary>
internal sealed class NvidiaGpus : IGpuFamily
{
    private readonly NvmlLibrary library;
    private readonly NvmlGpu[] gpus;

    private NvidiaGpus(NvmlLibrary library, NvmlGpu[] gpus)
    {
        this.library = library;
        this.gpus = gpus;
        string? driver = library.DriverVersion is { Length: > 0 } version ? $"nvidia {version}" : null;
        Cards = [.. gpus.Select(g => new GpuCard(
            new()
            {
                Name = Known(g.Name),
                Uuid = Known(g.Uuid),
                PciBusId = Known(g.PciAddress),
                Driver = driver,
            },
            Divided: g.Mig is NvmlMigMode.On))];
    }

    public string Vendor => "NVIDIA";

    public IReadOnlyList<GpuCard> Cards { get; }

    /// <summary>Null where there is no driver, or no GPU of it.</summary>
    public static NvidiaGpus? TryOpen(SystemRoot root)
    {
        if (!root.MayHaveNvml || NvmlLibrary.TryOpen(root.NvmlLibrary, out _) is not { } open)
        {
            return null;
        }

        NvmlGpu[] accessible = [.. open.Gpus(out _).Where(g => g.Access == NvmlReturn.Success)];
        if (accessible.Length > 0)
        {
            return new(open, accessible);
        }

        open.Dispose();
        return null;
    }

    public GpuNumbering Number(GpuVariables variables)
    {
        CudaNumbering numbering = CudaVisibleDevices.Map(variables.CudaVisible, variables.CudaOrder, gpus);
        return new([.. gpus.Select(g => numbering.Devices.FirstOrDefault(d => d.Gpu == g)?.ProgramIndex)], numbering.Doubt);
    }

    public bool TryListProcesses(int card, List<int> pids)
    {
        IReadOnlyList<NvmlProcess> processes = NvmlProcesses.On(library, gpus[card], out NvmlReturn code);

        // What only draws (X server, compositor) is on every desktop and computes nothing.
        pids.AddRange(processes.Where(p => !p.Graphics).Select(p => p.Pid));
        return code == NvmlReturn.Success;
    }

    public void Dispose() => library.Dispose();

    private static string? Known(string text) => text.Length > 0 ? text : null;
}
