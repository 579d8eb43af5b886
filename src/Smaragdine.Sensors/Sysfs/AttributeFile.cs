using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Smaragdine.Sensors.Sysfs;

/// <summary>
/// A file of /sys with one number in it, kept open: each <see cref="Read"/> is one `pread` from its beginning, upon which the driver makes the text anew.
/// </summary>
/// <remarks>
/// `pread` itself and not <see cref="RandomAccess"/>, which throws where a device is gone: an exception allocates, and its type does not tell
/// "try again" from "gone".
/// </remarks>
internal sealed partial class AttributeFile : IDisposable
{
    // errno of asm-generic, the same on x64 and arm64.
    private const int NoSuchFile = 2;
    private const int NoSuchProcess = 3;
    private const int NoSuchAddress = 6;
    private const int NoSuchDevice = 19;

    private readonly SafeFileHandle handle;

    // Pinned, so that the kernel may write to it without the collector being told at each read.
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(64, pinned: true);

    private AttributeFile(SafeFileHandle handle) => this.handle = handle;

    /// <exception cref="IOException">it is not there, or cannot be opened.</exception>
    public static AttributeFile Open(string path)
    {
        try
        {
            // Sharing everything keeps .NET from locking the file.
            return new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} may no longer be read: {e.Message}", e);
        }
    }

    /// <summary>Reads its number. Neither allocates nor throws.</summary>
    /// <param name="value">As the file says it; 0 unless there is a value.</param>
    public ReadStatus Read(out long value)
    {
        ReadStatus status = ReadText(out ReadOnlySpan<byte> text);
        if (status != ReadStatus.Value)
        {
            value = 0;
            return status;
        }

        return AsciiInteger.TryParse(text, out value) ? ReadStatus.Value : ReadStatus.Missed;
    }

    /// <summary>Reads its text, valid until the next reading. Neither allocates nor throws.</summary>
    public unsafe ReadStatus ReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        nint length = PRead(handle, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0), (nuint)buffer.Length, 0);
        if (length < 0)
        {
            return Marshal.GetLastPInvokeError() is NoSuchFile or NoSuchProcess or NoSuchAddress or NoSuchDevice
                ? ReadStatus.Gone
                : ReadStatus.Missed;
        }

        text = buffer.AsSpan(0, (int)length);
        return ReadStatus.Value;
    }

    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static unsafe partial nint PRead(SafeFileHandle file, byte* buffer, nuint count, long offset);
}
