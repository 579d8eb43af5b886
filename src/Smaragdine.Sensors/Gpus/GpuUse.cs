namespace Smaragdine.Sensors.Gpus;

/// <summary>Who was seen on a card while it was watched.</summary>
internal sealed class GpuUse
{
    /// <summary>The driver listed its processes at least once.</summary>
    public bool Listed { get; set; }

    /// <summary>A process that is not the program's was among them.</summary>
    public bool Others { get; set; }

    /// <summary>What the program's processes that were among them were started with.</summary>
    public HashSet<GpuVariables> Programs { get; } = [];

    /// <summary>One of the program's was among them.</summary>
    public bool Own { get; set; }

    /// <summary>Whether others than the program used it; null where that cannot be told.</summary>
    /// <param name="divided">Into instances, of which the program has one.</param>
    /// <param name="idsAgree">The driver's process ids are those of this PID namespace.</param>
    public bool? Shared(bool divided, bool idsAgree) => divided ? true : !Listed || !idsAgree ? null : Others;
}
