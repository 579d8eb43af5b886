using System.Text;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors;

/// <summary>A file of the kernel's with one number, opened anew at each reading: for those that are many and read seldom, and that go when a CPU does.</summary>
/// <remarks>Errors come back as values and nothing is allocated; see <see cref="PolledFile"/> for what is read often.</remarks>
internal sealed class ReopenedFile(string path)
{
    private readonly byte[] name = Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>Its number; false where there is none.</summary>
    public bool TryRead(out long value)
    {
        value = 0;
        int file = LinuxCalls.Open(name);
        if (file < 0)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[64];
        int length = LinuxCalls.ReadFromStart(file, text);
        _ = LinuxCalls.Close(file);
        return length > 0 && AsciiInteger.TryParse(text[..length], out value);
    }
}
