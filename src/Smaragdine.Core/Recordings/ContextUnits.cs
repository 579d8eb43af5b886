namespace Smaragdine.Recordings;

/// <summary>Units of context streams as a recording names them. A later version may have others: they are kept as text.</summary>
public static class ContextUnits
{
    public const string Hertz = "Hz";

    /// <summary>Thousandths of a degree Celsius.</summary>
    public const string Millidegrees = "m°C";

    public const string Percent = "%";

    /// <summary>How often something has happened so far: only differences count.</summary>
    public const string Events = "events";

    public const string Processes = "processes";

    public const string Threads = "threads";

    /// <summary>Why NVML holds a GPU's clocks down at the moment: a set of <see cref="ClockLimits"/>.</summary>
    public const string NvmlClockLimits = "nvml clock limits";

    /// <summary>A moment, µs since 1970.</summary>
    public const string UnixMicroseconds = "unix µs";
}
