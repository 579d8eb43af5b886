using System.Runtime.InteropServices;

namespace Smaragdine.Sensors.External;

/// <summary>
/// Starting a process in a session of its own, and asking after it without reaping it: .NET's Process does neither. Layouts and numbers are those of
/// 64-bit Linux (x64, arm64), glibc and musl alike.
/// </summary>
internal static unsafe partial class ShellCalls
{
    public const int Terminate = 15;
    public const int Kill = 9;
    private const int CloseOnExec = 0x80000;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int ByPid = 1;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int LeaveWaitable = 0x01000000;

    /// <summary>Room for `posix_spawnattr_t` (336 bytes) and `posix_spawn_file_actions_t` (80 bytes), and some for a later C library.</summary>
    private const int OpaqueBytes = 1024;

    /// <summary>`sigset_t`.</summary>
    private const int SignalSetBytes = 128;

    /// <summary>
    /// Starts a program in a session of its own (no terminal, so no ^C of it): stdin is /dev/null, signals are as in a shell's child.
    /// </summary>
    /// <param name="path">The program, absolute.</param>
    /// <param name="arguments">The first is its name.</param>
    /// <param name="environment">`NAME=value`.</param>
    /// <param name="output">Takes its stdout: a descriptor for writing.</param>
    /// <param name="error">Takes its stderr.</param>
    /// <param name="pid">Its id, that of its session and of its process group.</param>
    /// <returns>0, or an errno.</returns>
    public static int Spawn(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int output, int error, out int pid)
    {
        byte* actions = stackalloc byte[OpaqueBytes];
        byte* attributes = stackalloc byte[OpaqueBytes];
        byte* defaults = stackalloc byte[SignalSetBytes];
        byte* mask = stackalloc byte[SignalSetBytes];
        new Span<byte>(defaults, SignalSetBytes).Clear();
        new Span<byte>(mask, SignalSetBytes).Clear();

        // Signals 1 to 31. .NET ignores SIGPIPE, and what is ignored stays so through exec: a command whose reader is gone would run for ever.
        *(ulong*)defaults = 0x7FFF_FFFF;
        int started = 0;
        int result = ActionsInit(actions);
        if (result != 0)
        {
            pid = 0;
            return result;
        }

        result = AttributesInit(attributes);
        using NativeStrings argv = new(arguments);
        using NativeStrings envp = new(environment);
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            nint file = Marshal.StringToCoTaskMemUTF8(path);
            result = FirstError(
                result,
                ActionsAddOpen(actions, 0, nothing, 0, 0),
                ActionsAddDuplicate(actions, output, 1),
                ActionsAddDuplicate(actions, error, 2),
                SetDefaults(attributes, defaults),
                SetMask(attributes, mask),
                SetFlags(attributes, SetSession | SetSignalDefaults | SetSignalMask));
            if (result == 0)
            {
                result = PosixSpawn(&started, (byte*)file, actions, attributes, argv.Pointer, envp.Pointer);
            }

            Marshal.FreeCoTaskMem(file);
        }

        _ = ActionsDestroy(actions);
        _ = AttributesDestroy(attributes);
        pid = started;
        return result;
    }

    /// <summary>A pipe whose ends no other child inherits; false where there is none to be had.</summary>
    public static bool TryPipe(out int read, out int write)
    {
        int* ends = stackalloc int[2];
        bool ok = Pipe(ends, CloseOnExec) == 0;
        read = ok ? ends[0] : -1;
        write = ok ? ends[1] : -1;
        return ok;
    }

    /// <summary>Whether a child has ended, and how; it stays a zombie, whose id is nobody else's and whose time is charged to nobody yet.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="status">Its exit status; 128 + n where signal n ended it; null where it is not known (reaped by somebody else).</param>
    public static bool HasEnded(int pid, out int? status)
    {
        // siginfo_t: signal, errno, code, padding, then pid, uid, status.
        int* info = stackalloc int[32];
        new Span<int>(info, 32).Clear();
        status = null;
        if (WaitId(ByPid, pid, info, Exited | NoHang | LeaveWaitable) != 0)
        {
            return true;
        }

        if (info[4] == 0)
        {
            return false;
        }

        const int ExitedByItself = 1;
        status = info[2] == ExitedByItself ? info[6] : 128 + info[6];
        return true;
    }

    /// <summary>Frees the id of a child that has ended.</summary>
    public static void Reap(int pid) => _ = WaitPid(pid, null, NoHang);

    /// <summary>Sends a signal to all processes of a group.</summary>
    public static void SignalGroup(int group, int signal) => _ = LinuxCalls.Kill(-group, signal);

    private static int FirstError(params ReadOnlySpan<int> results)
    {
        foreach (int result in results)
        {
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }

    /// <summary>A `char*[]` with a null at its end.</summary>
    private readonly ref struct NativeStrings
    {
        private readonly int count;

        public NativeStrings(IReadOnlyList<string> texts)
        {
            count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (int i = 0; i < count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int ActionsAddOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "waitid")]
    private static partial int WaitId(int kind, int id, int* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, int* status, int options);
}
