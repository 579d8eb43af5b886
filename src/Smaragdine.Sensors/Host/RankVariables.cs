using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Host;

/// <summary>Variables by which launchers and schedulers tell a process its rank and its job. Of the environment nothing else is read but <see cref="Gpus.GpuVariables"/>.</summary>
public static class RankVariables
{
    private static readonly (string Launcher, string Rank, string LocalRank, string[] Size)[] Launchers =
    [
        // Innermost first: torchrun under Slurm is torchrun.
        ("torchrun", "RANK", "LOCAL_RANK", ["WORLD_SIZE"]),
        ("openmpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", ["OMPI_COMM_WORLD_SIZE"]),
        // What SLURM_NTASKS counts is the allocation's, which a step need not fill.
        (Slurm, SlurmRank, "SLURM_LOCALID", [SlurmStepTasks, "SLURM_NTASKS"]),
        ("pmi", "PMI_RANK", "PMI_LOCAL_RANK", ["PMI_SIZE"]),
    ];

    private const string Slurm = "slurm";
    private const string SlurmRank = "SLURM_PROCID";
    private const string SlurmStep = "SLURM_STEP_ID";
    private const string SlurmStepTasks = "SLURM_STEP_NUM_TASKS";

    /// <summary>Schedulers' numbers of a job, then what launchers call theirs where no scheduler has one.</summary>
    private static readonly string[] Jobs = ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "FLUX_JOB_ID", "TORCHELASTIC_RUN_ID", "PMIX_NAMESPACE"];

    /// <summary>All their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Launchers.SelectMany(l => (string[])[l.Rank, l.LocalRank, .. l.Size]), SlurmStep, .. Jobs];

    /// <summary>The rank of the first launcher that gave one; null where none did.</summary>
    /// <param name="variable">Value of a variable, null where it is not set.</param>
    public static RankFacts? Read(Func<string, string?> variable)
    {
        foreach ((string launcher, string rank, string localRank, string[] size) in Launchers)
        {
            if (Number(variable(rank)) is { } number && !(launcher == Slurm && IsBatchScript(variable)))
            {
                return new(launcher, number, Number(variable(localRank)), size.Select(s => Number(variable(s))).FirstOrDefault(s => s is not null), Job(launcher, variable));
            }
        }

        return null;
    }

    /// <summary>Slurm gives its batch script the rank 0 of as many as were asked for, though it is one process and no task of a step.</summary>
    private static bool IsBatchScript(Func<string, string?> variable) =>
        Number(variable(SlurmRank)) == 0 && variable(SlurmStep) is null && variable(SlurmStepTasks) is null;

    private static int? Number(string? text) => int.TryParse(text, out int value) && value >= 0 ? value : null;

    /// <summary>The job, of Slurm's own ranks the step within it (`123.0`), as its accounts call it: steps of a job may run at once.</summary>
    private static string? Job(string launcher, Func<string, string?> variable)
    {
        string? job = Jobs.Select(name => Plain(variable(name))).FirstOrDefault(j => j is not null);
        return launcher == Slurm && job is not null && Number(variable(SlurmStep)) is { } step ? $"{job}.{step}" : job;
    }

    /// <summary>Numbers, and what job arrays, UUIDs and host names are made of: nothing else belongs into a recording. `none` is torchrun's word for none.</summary>
    private static string? Plain(string? text) => text is { Length: > 0 and <= 128 } and not "none" && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '.' or '-' or '@') ? text : null;
}
