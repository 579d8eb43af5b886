using System.Security.Cryptography;
using System.Text;

namespace Smaragdine.Sensors.Host;

/// <summary>
/// Held by one process of a host at a time, by a kernel's lock on a file: it is gone with the process, however that ends, and the programs that the process
/// started do not inherit it.
/// </summary>
/// <remarks>
/// `flock`, not the locks of .NET's files: those are taken in passing, on some file systems not at all, and tell "held" from "cannot be" by nothing. A file system without locks
/// (Lustre without `-o flock`) gets a file in the host's temporary directory instead; only processes of one host need to agree.
/// </remarks>
public sealed class HostLock : IDisposable
{
    private int file;

    private HostLock(int file) => this.file = file;

    /// <summary>Takes the lock; null where another process has it.</summary>
    /// <param name="path">Made where it is not there; kept afterwards, for a file that is removed while others wait for it is another file for each.</param>
    /// <exception cref="IOException">the file cannot be made, or locked nowhere.</exception>
    public static HostLock? TryTake(string path)
    {
        (HostLock? taken, int error) = TryFile(path);
        if (error is 0 or LinuxCalls.WouldBlock)
        {
            return taken;
        }

        string local = OnThisHost(path);
        (taken, int second) = TryFile(local);
        return second is 0 or LinuxCalls.WouldBlock
            ? taken
            : throw new IOException($"{path} cannot be locked (error {error}), nor can {local} (error {second})");
    }

    /// <summary>What stands in for a file whose file system has no locks: the same for all processes of a user on this host.</summary>
    internal static string OnThisHost(string path)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..32];
        return Path.Combine(Path.GetTempPath(), $"smaragdine-{Environment.UserName}-{name}.lock");
    }

    /// <summary>Lets go of it; another may take it at once.</summary>
    public void Dispose()
    {
        if (file >= 0)
        {
            _ = LinuxCalls.Close(file);
            file = -1;
        }
    }

    /// <summary>0, "another has it", or why the file system cannot.</summary>
    private static (HostLock? Taken, int Error) TryFile(string path)
    {
        int opened = LinuxCalls.OpenOrCreate(Encoding.UTF8.GetBytes(path + "\0"));
        if (opened < 0)
        {
            throw new IOException($"{path} cannot be made or opened (error {-opened})");
        }

        int error = LinuxCalls.LockNow(opened);
        if (error == 0)
        {
            return (new(opened), 0);
        }

        _ = LinuxCalls.Close(opened);
        return (null, error);
    }
}
