using System.Diagnostics;
using Smaragdine.Activity;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Tests.Sensors.Sampling;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Activity;

public sealed class ProcessWatchTests
{
    [Fact]
    public void Each_process_has_its_clock_and_its_start()
    {
        FakeProcesses processes = new() { [7] = (70, 5_000_000, false), [2] = (0, 3_000_000, true) };
        using ProcessWatch watch = Watch(processes);
        watch.Read().Processes.ShouldBe([Time(2, 0, 3_000_000), Time(7, 70, 5_000_000)]);
        watch.IsKernelThread(new(2, 0)).ShouldBeTrue();
        watch.IsKernelThread(new(7, 70)).ShouldBeFalse();
        watch.IsKernelThread(new(2, 9)).ShouldBeFalse();
    }

    [Fact]
    public void A_line_is_read_again_only_when_the_clock_has_moved()
    {
        FakeProcesses processes = new() { [7] = (70, 5_000_000, false), [8] = (80, 1, false) };
        using ProcessWatch watch = Watch(processes);
        watch.Read();
        processes.Lines.ShouldBe(2);
        processes[8] = (80, 2, false);
        watch.Read().Processes.Count.ShouldBe(2);
        processes.Lines.ShouldBe(3);
    }

    [Fact]
    public void An_id_that_is_used_again_is_another_process()
    {
        FakeProcesses processes = new() { [7] = (70, 5_000_000, false) };
        using ProcessWatch watch = Watch(processes);
        ProcessTimes before = watch.Read();
        processes[7] = (900, 6_000_000, false);
        ProcessTimes after = watch.Read();
        after.Since(before).Processes.ShouldBe([Time(7, 900, 6_000_000)]);
    }

    [Fact]
    public void One_that_ended_is_gone_and_its_time_with_it()
    {
        FakeProcesses processes = new() { [7] = (70, 5_000_000, false), [8] = (80, 1, false) };
        using ProcessWatch watch = Watch(processes);
        watch.Read();
        processes.Remove(7);
        watch.Read().Processes.ShouldBe([Time(8, 80, 1)]);
        watch.IsKernelThread(new(7, 70)).ShouldBeFalse();
    }

    [Fact]
    public void More_processes_than_there_was_room_for_are_all_read()
    {
        FakeProcesses processes = [];
        for (int pid = 1; pid <= 5000; pid++)
        {
            processes[pid] = (pid, pid, false);
        }

        using ProcessWatch watch = Watch(processes);
        watch.Read().Processes.Count.ShouldBe(5000);
    }

    [LinuxFact]
    public void Processes_of_another_root_are_read_by_jiffies()
    {
        using TempFolder folder = new();
        folder.Write("proc/stat", "cpu  100 0 50 1000 0 0 0 0 0 0\ncpu0 100 0 50 1000 0 0 0 0 0 0\nintr 1\n");
        folder.Write("proc/41/stat", "41 (train me) R 1 41 41 0 -1 4194560 1 0 0 0 30 12 0 0 20 0 4 0 777 1 1\n");
        folder.Write("proc/notes", "");
        using ProcessWatch watch = ProcessWatch.Open(new(folder.Path), MonotonicClock.Instance);
        ProcessTimes times = watch.Read();
        times.Processes.ShouldBe([Time(41, 777, 420_000_000)]);
        times.Busy.ShouldBe(Duration.FromSeconds(1.5));
    }

    [LinuxFact]
    public void This_process_s_work_is_seen_among_those_of_the_machine()
    {
        using ProcessWatch watch = ProcessWatch.Open(SystemRoot.Real, MonotonicClock.Instance);
        ProcessTimes before = watch.Read();
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 100)
        {
            Thread.SpinWait(1000);
        }

        ProcessUse use = watch.Read().Since(before);
        use.Processes.Single(p => p.Process.Pid == Environment.ProcessId).OnCpu.TotalSeconds.ShouldBeGreaterThan(0.005);
        use.Busy.ShouldBeGreaterThanOrEqualTo(use.Seen);
    }

    [LinuxFact]
    public void Names_command_lines_and_users_are_found()
    {
        using TempFolder folder = new();
        folder.Write("proc/41/status", "Name:\ttrain me\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\n");
        folder.Write("proc/41/cmdline", "python3\0train me.py\0");
        folder.Write("proc/2/status", "Name:\tkthreadd\nUid:\t0\t0\t0\t0\n");
        folder.Write("proc/2/cmdline", "");
        folder.Write("proc/3/status", "Name:\tx\nUid:\t77\t77\t77\t77\n");
        folder.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbroken\nada:x:1000:1000::/home/ada:/bin/sh\ntwin:x:1000:1::/:/bin/sh\n");
        ProcessText text = new(new(folder.Path));
        text.Find(41).ShouldBe(new("train me", "python3 train me.py", "ada"));
        text.Find(2).ShouldBe(new("kthreadd", null, "root"));
        text.Find(3).ShouldBe(new("x", null, "77"));
        text.Find(4).ShouldBeNull();
    }

    private static ProcessTime Time(int pid, long start, long ns) => new(new(pid, start), Duration.FromNanoseconds(ns));

    private static ProcessWatch Watch(FakeProcesses processes) => new(processes, new FakeSensor("busy", 10), new FakeClock(), byClock: true);

    /// <summary>Processes by id: start, on-CPU ns, of the kernel.</summary>
    private sealed class FakeProcesses : SortedDictionary<int, (long Start, long Ns, bool Kernel)>, IProcessSource
    {
        public int Lines { get; private set; }

        public bool TryReadClock(int pid, out long nanoseconds)
        {
            bool there = TryGetValue(pid, out (long Start, long Ns, bool Kernel) process);
            nanoseconds = process.Ns;
            return there;
        }

        public bool TryReadStat(int pid, ref int handle, out ProcessStat stat)
        {
            Lines++;
            bool there = TryGetValue(pid, out (long Start, long Ns, bool Kernel) process);
            stat = new(pid, 'S', 1, 0, process.Start) { IsKernelThread = process.Kernel };
            return there;
        }

        public void Close(int handle)
        {
        }

        public void Reap(int pid)
        {
        }

        public int LastPid() => -1;

        public int List(Span<int> pids)
        {
            int count = 0;
            foreach (int pid in Keys)
            {
                if (count < pids.Length)
                {
                    pids[count] = pid;
                }

                count++;
            }

            return count;
        }

        public void Dispose()
        {
        }
    }
}
