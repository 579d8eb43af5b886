namespace Smaragdine.Sensors;

/// <summary>Where `/sys` and `/proc` begin (`/`, or a captured tree) and where a driver's library lies. Product code knows no other switch for tests.</summary>
public sealed record SystemRoot(string Path)
{
    public static SystemRoot Real { get; } = new("/");

    /// <summary>NVML's file; null for the driver's own, which only the real root has.</summary>
    public string? NvmlLibrary { get; init; }

    /// <summary>There may be an NVIDIA driver to ask.</summary>
    public bool MayHaveNvml => IsReal || NvmlLibrary is not null;

    public bool IsReal => Path == "/";

    /// <summary>A path under the root: `At("sys", "class", "powercap")`.</summary>
    public string At(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
