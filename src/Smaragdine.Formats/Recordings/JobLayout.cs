using System.Globalization;
using Smaragdine.Formats.Files;
using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings;

/// <summary>The recording of one rank, where it lies and what its manifest says.</summary>
/// <param name="Folder">The directory.</param>
/// <param name="Rank">Which rank it is of.</param>
/// <param name="Manifest">What it says.</param>
public sealed record RankFolder(string Folder, RankFacts Rank, Manifest Manifest)
{
    /// <summary>What tells one machine from another: the boot's id, else the host's name.</summary>
    internal string Machine => Manifest.BootId ?? $"name {Host}";

    /// <summary>The host's name as a directory has it.</summary>
    public string Host => JobLayout.FolderName(Manifest.Host ?? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(Folder))));
}

/// <summary>
/// The recordings of a job's ranks below one directory, `HOST/RANK/` or (one host's) `RANK/`: told by the ranks' numbers as names and by the rank in each manifest.
/// </summary>
public sealed record JobLayout
{
    /// <summary>More directories than any job has ranks on a host, or hosts.</summary>
    private const int MostFolders = 100_000;

    /// <summary>Enough to see whether it is a job's: directories of other things may have any number.</summary>
    private const int FewFolders = 64;

    public required string Root { get; init; }

    /// <summary>In the order of their numbers; no number is there twice.</summary>
    public required IReadOnlyList<RankFolder> Ranks { get; init; }

    /// <summary>The directory of one of several hosts: that others are missing is no surprise.</summary>
    public required bool IsOneHost { get; init; }

    /// <summary>The job in a directory; null where there is none (it is a recording itself, or neither).</summary>
    /// <exception cref="RefusedInputException">recordings of different jobs are mixed in it, or a rank is there twice.</exception>
    public static JobLayout? Of(string path, long maxBytes, Action<Warning> warn)
    {
        if (!Directory.Exists(path) || IsRecording(path))
        {
            return null;
        }

        List<RankFolder> ranks = [];
        List<string> folders = [.. NumberedBelow(path, MostFolders)];
        bool oneHost = folders.Count > 0;
        if (!oneHost)
        {
            folders.AddRange(Below(path, MostFolders).SelectMany(d => NumberedBelow(d, MostFolders)));
        }

        foreach (string folder in folders)
        {
            if (ManifestOf(folder, maxBytes, warn) is { Rank: { } rank } manifest)
            {
                ranks.Add(new(folder, rank, manifest));
            }
        }

        return ranks.Count == 0 ? null : new() { Root = path, Ranks = OneJob(path, ranks), IsOneHost = oneHost };
    }

    /// <summary>Whether a directory looks like a job's: a numbered directory one or two levels below holds a manifest. Nothing is opened.</summary>
    public static bool Looks(string path) => NumberedBelow(path, FewFolders).Any() || Below(path, FewFolders).SelectMany(d => NumberedBelow(d, FewFolders)).Any();

    /// <summary>A name as a directory can have it, and as a device is called by; never a number, which would be taken for a rank's.</summary>
    public static string FolderName(string? name)
    {
        string plain = string.Concat((name ?? "").Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).Trim('.');
        return plain.Length == 0 ? "host" : plain.All(char.IsAsciiDigit) ? $"host-{plain}" : plain.Length > 100 ? plain[..100] : plain;
    }

    private static bool IsRecording(string directory) =>
        File.Exists(Path.Combine(directory, RecordingLayout.ManifestName))
        || RecordingLayout.OfDirectory(directory) is not { Recorded: null, Timelines: [], RunMetadata: [], Samples: [] };

    private static List<RankFolder> OneJob(string path, List<RankFolder> ranks)
    {
        foreach (IGrouping<int, RankFolder> twice in ranks.GroupBy(r => r.Rank.Rank).Where(g => g.Count() > 1))
        {
            throw new RefusedInputException(
                $"{path}: rank {twice.Key} is there {twice.Count()} times ({string.Join(", ", twice.Select(t => t.Folder).Take(3))}): recordings of several jobs in one directory? Move all but one away");
        }

        Refuse(path, ranks, "job", r => r.Rank.Job);
        Refuse(path, ranks, "number of ranks", r => r.Rank.WorldSize?.ToString(CultureInfo.InvariantCulture));
        return [.. ranks.OrderBy(r => r.Rank.Rank)];
    }

    private static void Refuse(string path, List<RankFolder> ranks, string what, Func<RankFolder, string?> of)
    {
        List<RankFolder> different = [.. ranks.Where(r => of(r) is not null).DistinctBy(of)];
        if (different.Count > 1)
        {
            throw new RefusedInputException(
                $"{path}: recordings of different jobs: {string.Join("; ", different.Take(3).Select(r => $"{r.Folder} has the {what} {Excerpt.Of(of(r)!)}"))}. Move one job's ranks to another directory");
        }
    }

    private static Manifest? ManifestOf(string folder, long maxBytes, Action<Warning> warn)
    {
        string file = Path.Combine(folder, RecordingLayout.ManifestName);
        try
        {
            using BoundedStream stream = InputFile.Open(file, maxBytes);
            return Manifest.Read(stream, file);
        }
        catch (RefusedInputException e)
        {
            warn(new("rank-left-out", $"{e.Message.TrimEnd('.')}. The rank is left out.", Incomplete: true));
            return null;
        }
    }

    /// <summary>Directories with a rank's number as their name and a manifest in them.</summary>
    private static IEnumerable<string> NumberedBelow(string directory, int most) => Below(directory, most).Where(d =>
        int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out _) && File.Exists(Path.Combine(d, RecordingLayout.ManifestName)));

    private static List<string> Below(string directory, int most)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).Take(most).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // What may not be listed holds nothing that could be read.
            return [];
        }
    }
}
