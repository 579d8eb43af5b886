namespace Smaragdine.Cli.Commands;

/// <summary>The recording that a command means when none is named.</summary>
internal static class NewestRecording
{
    /// <summary>The newest directory below that holds a manifest or a timeline; null where there is none.</summary>
    public static string? In(string directory) => new DirectoryInfo(directory)
        .EnumerateDirectories()
        .Where(d => d.EnumerateFiles("manifest.json").Any() || d.EnumerateFiles("timeline-*").Any())
        .OrderByDescending(d => d.LastWriteTimeUtc)
        .ThenBy(d => d.Name, StringComparer.Ordinal)
        .Select(d => d.Name)
        .FirstOrDefault();
}
