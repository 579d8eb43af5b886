using System.Buffers.Text;
using System.Text;

namespace Smaragdine.Sensors.Activity;

/// <summary>The real processes: the kernel's CPU clocks, `/proc/PID/stat`, `/proc/loadavg`.</summary>
internal sealed class LinuxProcesses : IProcessSource
{
    /// <summary>Files kept open at most: a quarter of the usual limit of a process.</summary>
    private const int MostOpen = 256;

    private readonly byte[] folder;
    private readonly PolledFile? load;
    private int open;

    public LinuxProcesses(SystemRoot root)
    {
        folder = Encoding.UTF8.GetBytes(root.At("proc") + '/');
        load = PolledFile.TryOpen(root.At("proc", "loadavg"));
    }

    public bool TryReadClock(int pid, out long nanoseconds) => ProcessCpuClock.TryRead(pid, out nanoseconds);

    public bool TryReadStat(int pid, ref int handle, out ProcessStat stat)
    {
        // A line is at most 52 numbers and a name of 64 bytes.
        Span<byte> text = stackalloc byte[1200];
        if (handle >= 0)
        {
            int kept = LinuxCalls.ReadFromStart(handle, text);
            if (kept > 0 && ProcessStat.TryParse(text[..kept], out stat))
            {
                return true;
            }

            // An open file stands for the process, not for its id: whoever has that now is another.
            Close(handle);
            handle = -1;
        }

        stat = default;
        int file = OpenStat(pid);
        if (file < 0)
        {
            return false;
        }

        int length = LinuxCalls.ReadFromStart(file, text);
        bool ok = length > 0 && ProcessStat.TryParse(text[..length], out stat);
        if (ok && open < MostOpen)
        {
            open++;
            handle = file;
        }
        else
        {
            _ = LinuxCalls.Close(file);
        }

        return ok;
    }

    public void Close(int handle)
    {
        if (handle >= 0)
        {
            open--;
            _ = LinuxCalls.Close(handle);
        }
    }

    public void Reap(int pid) => LinuxCalls.Reap(pid);

    public int LastPid()
    {
        // "0.00 0.01 0.05 1/234 5678"
        Span<byte> text = stackalloc byte[128];
        int length = load?.Read(text) ?? -1;
        ReadOnlySpan<byte> line = length > 0 ? text[..length].TrimEnd((byte)'\n') : [];
        int space = line.LastIndexOf((byte)' ');
        return space > 0 && Utf8Parser.TryParse(line[(space + 1)..], out int pid, out int used) && used == line.Length - space - 1 && pid > 0
            ? pid
            : -1;
    }

    public int List(Span<int> pids)
    {
        Span<byte> path = stackalloc byte[folder.Length + 1];
        folder.CopyTo(path);
        path[^1] = 0;
        return NumberedFolder.List(path, pids);
    }

    public void Dispose() => load?.Dispose();

    private int OpenStat(int pid)
    {
        Span<byte> path = stackalloc byte[folder.Length + 24];
        folder.CopyTo(path);
        Utf8Formatter.TryFormat(pid, path[folder.Length..], out int digits);
        "/stat\0"u8.CopyTo(path[(folder.Length + digits)..]);
        return LinuxCalls.Open(path);
    }
}
