using Smaragdine.Formats.Recordings;

namespace Smaragdine.Cli.Commands;

/// <summary>The recording that a command means when none is named.</summary>
internal static class NewestRecording
{
    /// <summary>The newest directory below that holds a manifest or a timeline, or a job's ranks; null where there is none.</summary>
    public static string? In(string directory) => new DirectoryInfo(directory)
        .EnumerateDirectories()
        .Where(Holds)
        .OrderByDescending(d => d.LastWriteTimeUtc)
        .ThenBy(d => d.Name, StringComparer.Ordinal)
        .Select(d => d.Name)
        .FirstOrDefault();

    /// <summary>Whether a directory holds a recording; one that may not be looked into holds none that could be read.</summary>
    private static bool Holds(DirectoryInfo directory)
    {
        try
        {
            return directory.EnumerateFiles("manifest.json").Any() || directory.EnumerateFiles("timeline-*").Any() || JobLayout.Looks(directory.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
