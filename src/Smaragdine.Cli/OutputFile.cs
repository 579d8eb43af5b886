using Smaragdine.Formats.Files;

namespace Smaragdine.Cli;

/// <summary>
/// Writes a file whole or not at all: into a temporary one beside it, renamed when done. What is there and is no regular file, such as `/dev/stdout` or a
/// pipe, is written to as it is: a rename would put a file in its place. A link stays one; the file that it leads to is written.
/// </summary>
internal static class OutputFile
{
    /// <summary>Makes a directory to write into; one that is there is fine.</summary>
    /// <exception cref="RefusedInputException">it cannot be made.</exception>
    public static void CreateDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedInputException($"{path}: cannot be made a directory: {e.Message}", e);
        }
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="RefusedInputException">it cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            // The links of /dev/stdout lead to what is no path: they are opened, not followed.
            string target = OfTheSystem(path) || new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (IsDevice(target))
            {
                using FileStream device = new(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
                write(device);
                return;
            }

            AtomicFile.Write(target, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedInputException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>A device, a terminal or a pipe is at the path: what stands in the system's own folders, or cannot be sought in.</summary>
    private static bool IsDevice(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        if (OfTheSystem(path))
        {
            return true;
        }

        using FileStream there = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        return !there.CanSeek;
    }

    private static bool OfTheSystem(string path) => Path.GetFullPath(path) is var full
        && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal))
        && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
