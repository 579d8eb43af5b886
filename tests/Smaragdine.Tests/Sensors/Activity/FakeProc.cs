using System.Globalization;
using Smaragdine.Sensors;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Activity;

/// <summary>A `/proc` of a test's own making.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly TempFolder folder = new();

    public SystemRoot Root => new(folder.Path);

    /// <summary>Its stat; `start` tells it from others that had the id.</summary>
    public void Process(int pid, int parent, long start = 1000) => folder.Write($"proc/{pid}/stat", Line(pid, parent, start, 0, 0));

    /// <summary>A thread: jiffies it has run, and the CPU on which it did last.</summary>
    public void Thread(int pid, int thread, long jiffies, int cpu, long start = 1000) =>
        folder.Write($"proc/{pid}/task/{thread}/stat", Line(thread, 1, start, jiffies, cpu));

    public void EndThread(int pid, int thread) => Directory.Delete(folder.At($"proc/{pid}/task/{thread}"), recursive: true);

    public void Environment(int pid, params string[] variables) => folder.Write($"proc/{pid}/environ", string.Concat(variables.Select(v => v + '\0')));

    /// <summary>This process's PID namespace: the first one of the machine, or another.</summary>
    public void Namespace(bool first)
    {
        Directory.CreateDirectory(folder.At("proc/self/ns"));
        File.CreateSymbolicLink(folder.At("proc/self/ns/pid"), first ? "pid:[4026531836]" : "pid:[4026532999]");
    }

    public void Socket(int cpu, int socket) => folder.Write($"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", socket.ToString(CultureInfo.InvariantCulture));

    /// <summary>`/proc/stat` with so many busy jiffies for each CPU.</summary>
    public void Busy(params long[] jiffies) =>
        folder.Write("proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\n" + string.Concat(jiffies.Select((busy, cpu) => $"cpu{cpu} {busy} 0 0 9 9 0 0 7 0 0\n")) + "intr 1\n");

    public void End(int pid) => Directory.Delete(folder.At($"proc/{pid}"), recursive: true);

    public void Dispose() => folder.Dispose();

    /// <summary>A line of stat with fields 1 to 52; names hold whatever they like.</summary>
    private static string Line(int pid, int parent, long start, long jiffies, int cpu) => string.Create(CultureInfo.InvariantCulture,
        $"{pid} (a (b) c) S {parent} {pid} {pid} 0 -1 4194304 100 200 0 0 {jiffies / 2} {jiffies - (jiffies / 2)} 7 8 20 0 1 0 {start} 12345 678 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 {cpu} 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
}
