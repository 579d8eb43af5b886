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

    /// <summary>Reads `CPU:0`, `gpu:1`; with ranks `2/GPU:0`.</summary>
    public static bool TryParse(string text, out DeviceId device)
    {
        device = default;
        int slash = text.IndexOf('/');
        int? rank = null;
        if (slash >= 0)
        {
            if (!TryNumber(text[..slash], out int number))
            {
                return false;
            }

            rank = number;
        }

        string[] parts = text[(slash + 1)..].Split(':');
        if (parts.Length != 2 || !TryNumber(parts[1], out int index))
        {
            return false;
        }

        DeviceKind? kind = parts[0].ToUpperInvariant() switch
        {
            "CPU" => DeviceKind.Cpu,
            "GPU" => DeviceKind.Gpu,
            _ => null,
        };
        device = new(kind ?? default, index, rank);
        return kind is not null;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out number);

    public int CompareTo(DeviceId other) =>
        (Rank ?? -1, Kind, Index).CompareTo((other.Rank ?? -1, other.Kind, other.Index));

    public override string ToString() => Rank is { } rank ? $"{rank}/{Name}" : Name;
}
