namespace Smaragdine.Formats.Files;

/// <summary>Writes a file that is there as a whole or not at all: under a temporary name beside it, flushed to the disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Replaces a file.</summary>
    /// <exception cref="IOException">it cannot be written; what was there before still is.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk that would not take the file may not let go of its beginning either: the first error is the one to tell.
        }
    }
}
