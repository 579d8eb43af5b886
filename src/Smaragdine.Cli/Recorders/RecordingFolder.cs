using Smaragdine.Formats.Recordings;

namespace Smaragdine.Cli.Recorders;

/// <summary>The directory that a recording is written to.</summary>
internal static class RecordingFolder
{
    public const string Samples = "samples.smrg";

    /// <summary>Makes it before the program starts: an hour of training must not end in a directory that cannot be written.</summary>
    /// <exception cref="RefusedInputException">it cannot be made or written, or holds a recording.</exception>
    public static void Make(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            RefuseRecording(directory);
            string probe = Path.Combine(directory, ".smaragdine");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedInputException($"{directory}: cannot be written: {e.Message}", e);
        }
    }

    /// <exception cref="RefusedInputException">the directory holds one.</exception>
    public static void RefuseRecording(string directory)
    {
        if (File.Exists(Path.Combine(directory, Samples)) || File.Exists(Path.Combine(directory, RecordingLayout.ManifestName)))
        {
            throw new RefusedInputException($"{directory}: there is a recording already; name another directory with `-o`");
        }
    }

    /// <summary>Of a program that could not be started nothing was recorded: the directory goes away again, unless something else is in it.</summary>
    public static void Unmake(string directory)
    {
        try
        {
            File.Delete(Path.Combine(directory, Samples));
            File.Delete(Path.Combine(directory, RecordingLayout.ManifestName));
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be taken away is a recording of nothing; why there is no program was said.
        }
    }
}
