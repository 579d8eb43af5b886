namespace Smaragdine.Sensors;

/// <summary>Where `/sys` and `/proc` begin: `/`, or a captured tree. Product code knows no other switch for tests.</summary>
public sealed record SystemRoot(string Path)
{
    public static SystemRoot Real { get; } = new("/");

    public bool IsReal => Path == "/";

    /// <summary>A path under the root: `At("sys", "class", "powercap")`.</summary>
    public string At(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
