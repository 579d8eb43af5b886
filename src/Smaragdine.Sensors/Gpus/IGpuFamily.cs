using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Gpus;

/// <summary>A card as its driver describes it.</summary>
/// <param name="Facts">What the manifest says of it; not yet its number, nor whether it is shared.</param>
/// <param name="Divided">Its instances (MIG) share its power.</param>
internal sealed record GpuCard(GpuFacts Facts, bool Divided);

/// <summary>How a program numbers the cards of a family.</summary>
/// <param name="Numbers">Card by card; null where the program does not see it.</param>
/// <param name="Doubt">Why they may be others, and what would settle it; null where they are certain.</param>
internal sealed record GpuNumbering(IReadOnlyList<int?> Numbers, string? Doubt);

/// <summary>The GPUs that one driver has. Not thread safe.</summary>
internal interface IGpuFamily : IDisposable
{
    /// <summary>`NVIDIA`, `AMD`.</summary>
    string Vendor { get; }

    IReadOnlyList<GpuCard> Cards { get; }

    /// <summary>The numbers that a process which was started with these variables gives to <see cref="Cards"/>.</summary>
    GpuNumbering Number(GpuVariables variables);

    /// <summary>Adds the processes that compute on a card; false where that is not to be known at the moment.</summary>
    /// <param name="card">Index of <see cref="Cards"/>.</param>
    /// <param name="pids">Takes ids as the driver has them; 0 for a process that it does not name.</param>
    bool TryListProcesses(int card, List<int> pids);
}
