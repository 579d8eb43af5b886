using System.IO.Compression;
using System.Text;
using Smaragdine.Formats.Files;

namespace Smaragdine.Tests.Support;

/// <summary>Bytes as the readers take them.</summary>
public static class Inputs
{
    public static BoundedStream Text(string text, string name = "log.csv") => Bytes(Encoding.UTF8.GetBytes(text), name);

    public static BoundedStream Bytes(byte[] bytes, string name) => InputFile.Wrap(new MemoryStream(bytes), name);

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static BoundedStream SharedFile(string path) => InputFile.Open(Path.Combine(SharedData.Shared, path));
}
