namespace Smaragdine.Cli;

/// <summary>Writes a file whole or not at all: into a temporary one beside it, renamed when done.</summary>
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
        string temporary = $"{path}.part";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                write(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new RefusedInputException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
