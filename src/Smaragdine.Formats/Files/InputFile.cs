using System.IO.Compression;

namespace Smaragdine.Formats.Files;

/// <summary>Opens a file for reading, gzipped or not (told by its first bytes, not by its name), with a bound on what comes out.</summary>
public static class InputFile
{
    /// <summary>The largest size of one input, unpacked, that is read unless `--max-size` says otherwise: 4 GiB.</summary>
    public const long DefaultMaxBytes = 4L << 30;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Bytes, unpacked, after which reading is refused.</param>
    /// <exception cref="RefusedInputException">it does not exist, may not be read, or is empty.</exception>
    public static BoundedStream Open(string path, long maxBytes = DefaultMaxBytes)
    {
        FileStream file;
        try
        {
            file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RefusedInputException($"{path}: no such file", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RefusedInputException($"{path}: may not be read (permission denied, or a directory)", e);
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"{path}: cannot be read: {e.Message}", e);
        }

        return Wrap(file, path, maxBytes);
    }

    /// <summary>Refuses what gives its bytes only once, where they are read twice: to recognise them, then to read them.</summary>
    /// <exception cref="RefusedInputException">it is a pipe, or cannot be opened.</exception>
    public static void RequireRereadable(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            if (!file.CanSeek)
            {
                throw new RefusedInputException($"{path}: is a pipe, and a trace is read from a file; write it into one first");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Opening it in earnest says what is wrong.
        }
    }

    /// <summary>The same for bytes that are already at hand.</summary>
    /// <exception cref="RefusedInputException">there are none.</exception>
    public static BoundedStream Wrap(Stream stream, string name, long maxBytes = DefaultMaxBytes)
    {
        byte[] magic = new byte[2];
        int read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            stream.Dispose();
            throw new RefusedInputException($"{name}: the file is empty");
        }

        if (stream.CanSeek)
        {
            stream.Seek(0, SeekOrigin.Begin);
        }
        else
        {
            // A pipe, as `<(zcat power.csv.gz)` is.
            stream = new HeadedStream(magic.AsMemory(0, read), stream, leaveOpen: false);
        }

        bool gzip = read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        return new(gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream, name, maxBytes, gzip);
    }
}
