namespace Smaragdine.Cli.Recorders;

/// <summary>Copies the traces that a program wrote into its recording.</summary>
internal static class TraceGathering
{
    /// <summary>Files that match a pattern (`traces/timeline-*.json`; `*` and `?` in the last part) and were written since.</summary>
    /// <returns>How many were copied.</returns>
    public static int Gather(IReadOnlyList<string> patterns, string directory, DateTime sinceUtc, Action<string> say)
    {
        int copied = 0;
        foreach (string pattern in patterns)
        {
            string folder = Path.GetDirectoryName(pattern) is { Length: > 0 } given ? given : ".";
            if (!Directory.Exists(folder))
            {
                say($"--trace {pattern}: there is no directory {folder}");
                continue;
            }

            List<string> files = [.. Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Where(f => File.GetLastWriteTimeUtc(f) >= sinceUtc).Order(StringComparer.Ordinal)];
            if (files.Count == 0)
            {
                say($"--trace {pattern}: the program wrote no such file");
            }

            foreach (string file in files)
            {
                File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
                copied++;
            }
        }

        return copied;
    }
}
