using System.Runtime.InteropServices;

namespace Smaragdine.Sensors;

/// <summary>The few calls of the C library that .NET has no equal for: errors come back as values, nothing is allocated.</summary>
/// <remarks>The layouts are those of 64-bit Linux (x64, arm64), glibc and musl alike.</remarks>
internal static unsafe partial class LinuxCalls
{
    public const int ClockRealtime = 0;
    public const int ClockMonotonic = 1;
    public const int ClockThreadCpuTime = 3;
    public const int Interrupted = 4;
    public const int TimerAbsolute = 1;
    public const int ReadOnlyCloseOnExec = 0x80000;
    public const int WouldBlock = 11;
    public const int SetTimerSlack = 29;
    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;
    private const int NoFollow = 0x20000;
    private const int NoFollowOnArm = 0x8000;
    private const int OwnerOnly = 0b110_000_000;
    private const int LockExclusiveNow = 2 | 4;
    public const int SetChildSubreaper = 36;
    private const int ClockTicksPerSecond = 2;
    private const int NoHang = 1;
    private const int Children = -1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>`struct timespec`.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;

        public readonly long Total => (Seconds * NanosecondsPerSecond) + Nanoseconds;

        public static Timespec From(long nanoseconds) =>
            new() { Seconds = nanoseconds / NanosecondsPerSecond, Nanoseconds = nanoseconds % NanosecondsPerSecond };
    }

    /// <summary>`struct rusage`, of which the first two fields count here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        private fixed long others[14];
    }

    /// <summary>On-CPU time of all children that this process waited for, and of theirs, ns (in whole µs).</summary>
    public static long ReadChildrenTime()
    {
        ResourceUsage usage;
        return GetResourceUsage(Children, &usage) == 0
            ? ((usage.UserSeconds + usage.SystemSeconds) * NanosecondsPerSecond) + ((usage.UserMicroseconds + usage.SystemMicroseconds) * 1000)
            : 0;
    }

    /// <summary>Waits for a child that has ended; nothing happens where it has not, or is no child.</summary>
    public static void Reap(int pid)
    {
        int status;
        _ = WaitPid(pid, &status, NoHang);
    }

    /// <summary>Reads a clock that the vDSO answers without a system call.</summary>
    public static long ReadFastClock(int clock)
    {
        Timespec time;
        return ClockGetTimeFast(clock, &time) == 0 ? time.Total : throw new PlatformNotSupportedException($"clock {clock} cannot be read");
    }

    /// <summary>Reads any clock; false where there is none such (the process is gone).</summary>
    public static bool TryReadClock(int clock, out long nanoseconds)
    {
        Timespec time;
        bool ok = ClockGetTime(clock, &time) == 0;
        nanoseconds = ok ? time.Total : 0;
        return ok;
    }

    /// <summary>Sleeps until a moment of the monotonic clock, whatever signals come.</summary>
    public static void SleepUntil(long monotonicNs)
    {
        Timespec time = Timespec.From(Math.Max(0, monotonicNs));
        while (ClockNanosleep(ClockMonotonic, TimerAbsolute, &time, null) == Interrupted)
        {
        }
    }

    /// <summary>Opens a file for reading; negative where it cannot be.</summary>
    /// <param name="path">UTF-8 with a zero at its end.</param>
    public static int Open(ReadOnlySpan<byte> path)
    {
        fixed (byte* p = path)
        {
            return OpenFile(p, ReadOnlyCloseOnExec);
        }
    }

    /// <summary>Opens a file for reading and writing, made where it is not there; never through a link, and closed when a program is started.</summary>
    /// <param name="path">UTF-8 with a zero at its end.</param>
    /// <returns>The file, or minus the error's number.</returns>
    public static int OpenOrCreate(ReadOnlySpan<byte> path)
    {
        // One of the few flags that processors number differently.
        int noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? NoFollowOnArm : NoFollow;
        fixed (byte* p = path)
        {
            int file = CreateFile(p, ReadWriteCreateCloseOnExec | noFollow, OwnerOnly);
            return file >= 0 ? file : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Takes an exclusive lock of an open file, which the kernel holds until the file is closed, be it by the end of the process.</summary>
    /// <returns>0, or the error's number: <see cref="WouldBlock"/> where another has it.</returns>
    public static int LockNow(int file) => FileLock(file, LockExclusiveNow) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Reads from the beginning of an open file; the bytes read, or negative.</summary>
    public static int ReadFromStart(int file, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            return (int)PositionedRead(file, p, buffer.Length, 0);
        }
    }

    /// <summary>Jiffies per second as user space sees them: 100 on every Linux that .NET runs on, but the system is asked.</summary>
    public static long ReadClockTicks()
    {
        long ticks = SystemConfiguration(ClockTicksPerSecond);
        return ticks > 0 ? ticks : 100;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int ProcessControl(int option, long argument, long unused3, long unused4, long unused5);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "opendir")]
    public static partial nint OpenDirectory(byte* path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    public static partial byte* ReadDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int CloseDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, ResourceUsage* usage);

    /// <summary>Far below a microsecond, so the switch of the garbage collector's mode would be most of its cost.</summary>
    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTimeFast(int clock, Timespec* time);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, Timespec* time);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, Timespec* request, Timespec* remain);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int OpenFile(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int CreateFile(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FileLock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "pread")]
    private static partial nint PositionedRead(int file, byte* buffer, nint length, nint offset);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);
}
