using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Smaragdine.Sensors.PerfPower;

/// <summary>The kernel's perf events: a seam, as a power PMU is not to be had on every machine.</summary>
internal interface IPerfEvents
{
    /// <summary>Starts counting an event on one CPU, for all processes; null and an errno where the kernel refuses.</summary>
    IPerfCounter? Open(uint type, ulong config, int cpu, out int error);
}

/// <summary>A running count.</summary>
internal interface IPerfCounter : IDisposable
{
    /// <summary>The count since it was opened. Neither allocates nor throws.</summary>
    ReadStatus Read(out ulong count);
}

/// <summary>`perf_event_open(2)` of the running kernel, x64 and arm64.</summary>
internal sealed partial class LinuxPerfEvents : IPerfEvents
{
    private const int NoSuchSystemCall = 38;
    private const nuint CloseOnExec = 8;

    // PERF_ATTR_SIZE_VER0: what the first version had is all that a plain count needs, and every kernel takes it.
    private const int AttributeBytes = 64;

    private static readonly nint PerfEventOpenCall = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.Arm64 => 241,
        _ => 0,
    };

    public unsafe IPerfCounter? Open(uint type, ulong config, int cpu, out int error)
    {
        if (PerfEventOpenCall == 0)
        {
            error = NoSuchSystemCall;
            return null;
        }

        // struct perf_event_attr (include/uapi/linux/perf_event.h): u32 type, u32 size, u64 config; the rest, all zero, is a count that runs.
        ulong* attributes = stackalloc ulong[AttributeBytes / sizeof(ulong)];
        new Span<ulong>(attributes, AttributeBytes / sizeof(ulong)).Clear();
        attributes[0] = type | ((ulong)AttributeBytes << 32);
        attributes[1] = config;
        nint file = SystemCall(PerfEventOpenCall, attributes, -1, cpu, -1, CloseOnExec);
        error = file < 0 ? Marshal.GetLastPInvokeError() : 0;
        return file < 0 ? null : new Counter(new SafeFileHandle(file, ownsHandle: true));
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint SystemCall(nint number, ulong* attributes, nint process, nint cpu, nint group, nuint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint ReadFile(SafeFileHandle file, void* buffer, nuint count);

    private sealed class Counter(SafeFileHandle handle) : IPerfCounter
    {
        public unsafe ReadStatus Read(out ulong count)
        {
            ulong value = 0;
            nint length = ReadFile(handle, &value, sizeof(ulong));
            count = length == sizeof(ulong) ? value : 0;

            // 0 bytes: the event is in an error state (its CPU went offline) and stays so.
            return length switch
            {
                sizeof(ulong) => ReadStatus.Value,
                0 => ReadStatus.Gone,
                _ => ReadStatus.Missed,
            };
        }

        public void Dispose() => handle.Dispose();
    }
}
