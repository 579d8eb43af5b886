using Smaragdine.Formats.Recordings;

namespace Smaragdine.Cli.Recorders;

/// <summary>Copies the traces that a program wrote into its recording.</summary>
internal static class TraceGathering
{
    /// <summary>
    /// Files that match a pattern (`traces/timeline-*.json`; `*` and `?` in the last part) and were written since. Those that the program wrote into the recording
    /// itself are there already; the recording's own files never make way for one of the same name.
    /// </summary>
    public static void Gather(IReadOnlyList<string> patterns, string directory, DateTime sinceUtc, Action<string> say)
    {
        string target = Path.GetFullPath(directory);
        foreach (string pattern in patterns)
        {
            string folder = Path.GetDirectoryName(pattern) is { Length: > 0 } given ? given : ".";
            bool inPlace = Path.GetFullPath(folder).TrimEnd('/') == target.TrimEnd('/');
            try
            {
                List<string> files = [.. Directory.EnumerateFiles(folder, Path.GetFileName(pattern))
                    .Where(f => File.GetLastWriteTimeUtc(f) >= sinceUtc && !(inPlace && IsOwn(f)))
                    .Order(StringComparer.Ordinal)];
                if (files.Count == 0)
                {
                    say($"--trace {pattern}: the program wrote no such file");
                }

                foreach (string file in inPlace ? [] : files)
                {
                    Copy(file, target, say);
                }
            }
            catch (DirectoryNotFoundException)
            {
                say($"--trace {pattern}: there is no directory {folder}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                say($"--trace {pattern}: cannot be listed: {e.Message}");
            }
        }
    }

    private static void Copy(string file, string directory, Action<string> say)
    {
        if (IsOwn(file))
        {
            say($"--trace: {file} is left where it is, for the recording has a file of this name");
            return;
        }

        try
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say($"--trace: {file} cannot be copied, and stays where it is: {e.Message}");
        }
    }

    private static bool IsOwn(string file) => Path.GetFileName(file) is RecordingFolder.Samples or RecordingLayout.ManifestName;
}
