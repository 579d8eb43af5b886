namespace Smaragdine.Traces;

/// <summary>What kind of device runs spans.</summary>
public enum DeviceKind
{
    Cpu,
    Gpu,
}

/// <summary>
/// A device as the trace knows it: `CPU:0`, `GPU:1`; with ranks, the rank that uses it, and the host that it is in. Of a job's host the processors are used by
/// all ranks there: each of them has a `node1/CPU:0` of its own, its part of them.
/// </summary>
public readonly record struct DeviceId(DeviceKind Kind, int Index, int? Rank = null, string? Host = null) : IComparable<DeviceId>
{
    /// <summary>`CPU:0`, `GPU:1`.</summary>
    public string Name => $"{(Kind is DeviceKind.Cpu ? "CPU" : "GPU")}:{Index}";

    /// <summary>As it is printed, and the rank where that does not tell one from another: `node1/CPU:0 rank 3`.</summary>
    public string Label => Host is not null && Kind is DeviceKind.Cpu && Rank is { } rank ? $"{this} rank {rank}" : ToString();

    /// <summary>With the rank that uses it, of processors too: `3/CPU:0`. No two devices of a job are the same so.</summary>
    public string RankName => Rank is { } rank ? $"{rank}/{Name}" : ToString();

    public static DeviceId Cpu(int index = 0, int? rank = null, string? host = null) => new(DeviceKind.Cpu, index, rank, host);

    public static DeviceId Gpu(int index, int? rank = null, string? host = null) => new(DeviceKind.Gpu, index, rank, host);

    /// <summary>Reads `CPU:0`, `gpu:1`; with ranks `2/GPU:0`, of a host `node1/CPU:0`.</summary>
    public static bool TryParse(string text, out DeviceId device)
    {
        device = default;
        int slash = text.IndexOf('/');
        int? rank = null;
        string? host = null;
        if (slash >= 0)
        {
            string owner = text[..slash];
            if (TryNumber(owner, out int number))
            {
                rank = number;
            }
            else if (owner.Length > 0 && owner.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            {
                host = owner;
            }
            else
            {
                return false;
            }
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
        device = new(kind ?? default, index, rank, host);
        return kind is not null;
    }

    /// <summary>Whether this, as somebody wrote it, means that device: what it leaves open (rank, host) may be anything.</summary>
    public bool Means(DeviceId other) =>
        (Kind, Index) == (other.Kind, other.Index) && (Rank is null || Rank == other.Rank) && (Host is null || Host == other.Host);

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out number);

    /// <summary>By rank, kind, number; what only a host owns comes last.</summary>
    public int CompareTo(DeviceId other)
    {
        int order = (Owner, Kind, Index).CompareTo((other.Owner, other.Kind, other.Index));
        return order != 0 ? order : string.CompareOrdinal(Host, other.Host);
    }

    private int Owner => Rank ?? (Host is null ? -1 : int.MaxValue);

    /// <summary>Processors are their host's, graphics cards their rank's.</summary>
    public override string ToString() =>
        Host is { } host && (Kind is DeviceKind.Cpu || Rank is null) ? $"{host}/{Name}" : Rank is { } rank ? $"{rank}/{Name}" : Name;
}
