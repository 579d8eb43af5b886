namespace Smaragdine.Traces;

/// <summary>What kind of device runs spans.</summary>
public enum DeviceKind
{
    Cpu,
    Gpu,
}

/// <summary>A device as the trace knows it: `CPU:0`, `GPU:1`; with ranks, the rank that owns it.</summary>
public readonly record struct DeviceId(DeviceKind Kind, int Index, int? Rank = null) : IComparable<DeviceId>
{
    /// <summary>`CPU:0`, `GPU:1`.</summary>
    public string Name => $"{(Kind is DeviceKind.Cpu ? "CPU" : "GPU")}:{Index}";

    public static DeviceId Cpu(int index = 0, int? rank = null) => new(DeviceKind.Cpu, index, rank);

    public static DeviceId Gpu(int index, int? rank = null) => new(DeviceKind.Gpu, index, rank);

    /// <summary>Reads `CPU:0`, `gpu:1`.</summary>
    public static bool TryParse(string text, out DeviceId device)
    {
        string[] parts = text.Split(':');
        device = default;
        if (parts.Length != 2 || !int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out int index))
        {
            return false;
        }

        DeviceKind? kind = parts[0].ToUpperInvariant() switch
        {
            "CPU" => DeviceKind.Cpu,
            "GPU" => DeviceKind.Gpu,
            _ => null,
        };
        device = new(kind ?? default, index);
        return kind is not null;
    }

    public int CompareTo(DeviceId other) =>
        (Rank ?? -1, Kind, Index).CompareTo((other.Rank ?? -1, other.Kind, other.Index));

    public override string ToString() => Rank is { } rank ? $"{rank}/{Name}" : Name;
}
