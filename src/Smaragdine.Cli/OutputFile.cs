namespace Smaragdine.Cli;

/// <summary>Writes a file whole or not at all: into a temporary one beside it, renamed when done.</summary>
internal static class OutputFile
{
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
