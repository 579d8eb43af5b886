using System.Text;

namespace Smaragdine.Sensors.Sysfs;

/// <summary>What became of looking at a file.</summary>
internal enum AttributeAccess
{
    Ok,
    Absent,

    /// <summary>It is there and this user may not read it.</summary>
    Denied,

    /// <summary>It is there and reading it failed.</summary>
    Failed,
}

/// <summary>A file of /sys or /proc, read once. For what is read again and again there is <see cref="AttributeFile"/>.</summary>
/// <param name="Access">What became of it.</param>
/// <param name="Text">Its text without white space around it; empty unless <see cref="AttributeAccess.Ok"/>.</param>
/// <param name="Error">What the system said; empty where all went well.</param>
internal readonly record struct AttributeText(AttributeAccess Access, string Text, string Error)
{
    /// <summary>An attribute is at most a page; cpuinfo is longer, and its first processor is enough.</summary>
    private const int MaxBytes = 64 * 1024;

    public bool IsOk => Access == AttributeAccess.Ok;

    public static AttributeText Read(string path)
    {
        (AttributeAccess access, byte[] bytes, string error) = ReadBytes(path);
        return new(access, Encoding.UTF8.GetString(bytes).Trim(), error);
    }

    /// <summary>The text; null where it cannot be read.</summary>
    public static string? Find(string path) => Read(path) is { Access: AttributeAccess.Ok } read ? read.Text : null;

    /// <summary>A whole number; null where the file is absent or holds something else.</summary>
    public static long? FindInteger(string path) =>
        long.TryParse(Find(path), System.Globalization.NumberStyles.AllowLeadingSign, null, out long value) ? value : null;

    public static (AttributeAccess Access, byte[] Bytes, string Error) ReadBytes(string path)
    {
        try
        {
            // Not File.ReadAllBytes: it locks, and takes the length that sysfs claims (4096) for the file's.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] buffer = new byte[4096];
            int length = 0;
            while (length < MaxBytes)
            {
                int read = file.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }

            return (AttributeAccess.Ok, buffer[..length], "");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (AttributeAccess.Absent, [], e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return (AttributeAccess.Denied, [], e.Message);
        }
        catch (IOException e)
        {
            return (AttributeAccess.Failed, [], e.Message);
        }
    }
}
