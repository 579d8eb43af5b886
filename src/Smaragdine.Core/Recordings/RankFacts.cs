namespace Smaragdine.Recordings;

/// <summary>Which part of a distributed job a recording is of.</summary>
/// <param name="Launcher">`torchrun`, `slurm`, `openmpi`, `pmi`.</param>
/// <param name="Rank">Among all processes of the job.</param>
/// <param name="LocalRank">Among those of the host; null where the launcher does not say.</param>
/// <param name="WorldSize">How many there are; null where the launcher does not say.</param>
/// <param name="Job">The scheduler's number of the job, else the launcher's name for it.</param>
public sealed record RankFacts(string Launcher, int Rank, int? LocalRank, int? WorldSize, string? Job);
