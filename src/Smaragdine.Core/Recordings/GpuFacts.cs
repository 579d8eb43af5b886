namespace Smaragdine.Recordings;

/// <summary>A GPU of the host; what is not known is null and left out.</summary>
public sealed record GpuFacts
{
    /// <summary>The program's number (`cuda:0`, `GPU:0`), which is not the driver's under `CUDA_VISIBLE_DEVICES`.</summary>
    public int? Index { get; init; }

    /// <summary>False where the program was started so that it does not see this GPU.</summary>
    public bool Visible { get; init; } = true;

    /// <summary>`NVIDIA A100-SXM4-40GB`.</summary>
    public string? Name { get; init; }

    /// <summary>`GPU-8932f937-…`.</summary>
    public string? Uuid { get; init; }

    /// <summary>As Linux writes it: `0000:65:00.0`.</summary>
    public string? PciBusId { get; init; }

    /// <summary>The driver and its version: `nvidia 550.54.15`.</summary>
    public string? Driver { get; init; }

    /// <summary>Other programs or MIG instances used it too while the program ran.</summary>
    public bool? Shared { get; init; }

    /// <summary>Whether a power stream's device is this one.</summary>
    /// <param name="device">UUID or PCI bus id; null where the stream does not say.</param>
    public bool Is(string? device) => device is not null
        && (string.Equals(device, Uuid, StringComparison.OrdinalIgnoreCase) || string.Equals(device, PciBusId, StringComparison.OrdinalIgnoreCase));
}
