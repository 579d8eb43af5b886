using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Host;

/// <summary>Variables by which launchers tell a process its rank. Of the environment nothing else is read but <see cref="Gpus.GpuVariables"/>.</summary>
public static class RankVariables
{
    private static readonly (string Launcher, string Rank, string LocalRank, string Size)[] Launchers =
    [
        // Innermost first: torchrun under Slurm is torchrun.
        ("torchrun", "RANK", "LOCAL_RANK", "WORLD_SIZE"),
        ("openmpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_SIZE"),
        ("slurm", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NTASKS"),
        ("pmi", "PMI_RANK", "PMI_LOCAL_RANK", "PMI_SIZE"),
    ];

    private const string SlurmJob = "SLURM_JOB_ID";

    /// <summary>All their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Launchers.SelectMany(l => (string[])[l.Rank, l.LocalRank, l.Size]), SlurmJob];

    /// <summary>The rank of the first launcher that gave one; null where none did.</summary>
    /// <param name="variable">Value of a variable, null where it is not set.</param>
    public static RankFacts? Read(Func<string, string?> variable)
    {
        foreach ((string launcher, string rank, string localRank, string size) in Launchers)
        {
            if (Number(variable(rank)) is { } number)
            {
                return new(launcher, number, Number(variable(localRank)), Number(variable(size)), Job(variable(SlurmJob)));
            }
        }

        return null;
    }

    private static int? Number(string? text) => int.TryParse(text, out int value) && value >= 0 ? value : null;

    /// <summary>Numbers, and the `_` and `+` of job arrays: nothing else belongs into a recording.</summary>
    private static string? Job(string? text) => text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '.') ? text : null;
}
