using System.Globalization;
using Smaragdine.Formats.Recordings;
using Smaragdine.Recordings;

namespace Smaragdine.Cli.Recorders;

/// <summary>Where one rank of a job records to: `DIR/HOST/RANK`, beside all others.</summary>
/// <param name="Root">The job's directory.</param>
/// <param name="Host">The host's, within it.</param>
/// <param name="Rank">Which rank this is.</param>
internal sealed record JobPlace(string Root, string Host, RankFacts Rank)
{
    /// <summary>This rank's directory.</summary>
    public string Directory => Path.Combine(Root, Host, Rank.Rank.ToString(CultureInfo.InvariantCulture));

    /// <summary>Who holds this file's lock reads the host's sensors.</summary>
    public string LockFile => Path.Combine(Root, Host, "sensors.lock");

    /// <summary>Null where this is no job of several ranks: no launcher says so, there is but one, or the program is another's child.</summary>
    /// <exception cref="UsageException">no directory was named, and nothing that all ranks know can name one.</exception>
    public static JobPlace? Of(RecordOptions options, string? hostName, RankFacts? rank)
    {
        if (options.Pid is not null || options.IgnoreRanks || rank is not { WorldSize: > 1 and { } size } || rank.Rank >= size)
        {
            return null;
        }

        string root = options.Output ?? (rank.Job is { } job ? JobLayout.FolderName($"smaragdine-job-{job}") : throw new UsageException(
            $"record: this is rank {rank.Rank} of {size} ({rank.Launcher}), and nothing names the job: name one directory for all ranks with `-o DIR` (`--ranks off` records this process by itself)"));
        return new(root, JobLayout.FolderName(hostName), rank);
    }

    /// <summary>A pattern of files with this rank's numbers in it.</summary>
    public string Expand(string pattern) => pattern
        .Replace("{rank}", Text(Rank.Rank), StringComparison.Ordinal)
        .Replace("{local_rank}", Text(Rank.LocalRank ?? Rank.Rank), StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
