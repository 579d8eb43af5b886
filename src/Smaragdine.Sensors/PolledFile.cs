using System.Text;

namespace Smaragdine.Sensors;

/// <summary>A small file of the kernel's that is kept open and read again from its beginning: half the cost of opening it each time.</summary>
/// <remarks>Errors come back as values and nothing is allocated, which `FileStream` and `RandomAccess` do not promise.</remarks>
internal sealed class PolledFile : IDisposable
{
    private int file;

    private PolledFile(int file) => this.file = file;

    /// <summary>Null where it cannot be opened.</summary>
    public static PolledFile? TryOpen(string path)
    {
        int opened = LinuxCalls.Open(Encoding.UTF8.GetBytes(path + '\0'));
        return opened < 0 ? null : new(opened);
    }

    /// <summary>Bytes from the beginning; negative where it cannot be read.</summary>
    public int Read(Span<byte> buffer) => file < 0 ? -1 : LinuxCalls.ReadFromStart(file, buffer);

    public void Dispose()
    {
        if (file >= 0)
        {
            _ = LinuxCalls.Close(file);
            file = -1;
        }
    }
}
