using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Activity;

/// <summary>A machine of two sockets, 0 and 3, with two CPUs each (0, 2 and 1, 3); the program is process 100.</summary>
public sealed class ThreadPlacementTests : IDisposable
{
    private readonly FakeProc proc = new();
    private readonly OneProcess process = new();
    private readonly ProgramPlacement placement = new([0, 3]);
    private readonly ProgramTimeSensor program;
    private ThreadPlacementSensor? threads;
    private int looks;

    public ThreadPlacementTests()
    {
        for (int cpu = 0; cpu < 4; cpu++)
        {
            proc.Socket(cpu, cpu % 2 == 0 ? 0 : 3);
        }

        program = new(new ProcessTree(process, null, adopts: false, 100), Duration.FromMilliseconds(10), new SocketSplit(placement));
        program.Follow(100);
    }

    public void Dispose()
    {
        program.Dispose();
        proc.Dispose();
    }

    [LinuxFact]
    public void Time_goes_to_the_sockets_on_which_threads_used_theirs_and_adds_up_to_the_total()
    {
        proc.Thread(100, 100, 50, cpu: 0);
        proc.Thread(100, 101, 50, cpu: 3);
        Look().ShouldBe(2);
        program.Streams.Select(s => (s.Name, s.Socket, s.Quality)).ShouldBe([("program", null, Quality.Measured), ("program-0", 0, Quality.Derived), ("program-3", 3, Quality.Derived)]);
        Used(1_000_000_000).ShouldBe((500_000_000, 500_000_000));

        proc.Thread(100, 100, 80, cpu: 2);
        proc.Thread(100, 101, 60, cpu: 1);
        Look();
        Used(400_000_000).ShouldBe((300_000_000, 100_000_000));

        // All of it moves; then nothing that a jiffy would show.
        proc.Thread(100, 100, 90, cpu: 3);
        Look();
        Used(100_000_000).ShouldBe((0, 100_000_000));
        Look();
        Used(7).ShouldBe((0, 7));
    }

    [LinuxFact]
    public void A_program_that_has_not_used_anything_yet_is_where_its_threads_are()
    {
        proc.Thread(100, 100, 0, cpu: 1);
        Look();
        Used(5_000_001).ShouldBe((0, 5_000_001));
    }

    [LinuxFact]
    public void Without_any_look_at_threads_each_socket_has_an_equal_part() => Used(31).ShouldBe((15, 16));

    [LinuxFact]
    public void A_thread_that_ended_and_one_that_got_its_id_are_not_mixed_up()
    {
        proc.Thread(100, 100, 0, cpu: 0);
        proc.Thread(100, 101, 1000, cpu: 1);
        Look();
        proc.Thread(100, 100, 30, cpu: 0);
        proc.Thread(100, 101, 10, cpu: 1, start: 2000);
        Look();
        Used(400).ShouldBe((300, 100));
        proc.EndThread(100, 101);
        proc.Thread(100, 100, 31, cpu: 0);
        Look().ShouldBe(1);
        Used(400).ShouldBe((400, 0));
    }

    [LinuxFact]
    public void Of_many_threads_each_reading_looks_at_some_and_none_is_forgotten()
    {
        for (int i = 0; i < 600; i++)
        {
            proc.Thread(100, 1000 + i, 0, cpu: 0);
        }

        Look().ShouldBe(600);
        threads!.Known.ShouldBe(ThreadPlacementSensor.MostThreads);
        Look();
        threads.Known.ShouldBe(2 * ThreadPlacementSensor.MostThreads);
        Look();
        threads.Known.ShouldBe(600);

        proc.Thread(100, 1500, 200, cpu: 3);
        for (int i = 0; i < 3; i++)
        {
            Look();
        }

        Used(1000).ShouldBe((0, 1000));
        for (int i = 1; i < 600; i++)
        {
            proc.EndThread(100, 1000 + i);
        }

        Look().ShouldBe(1);
        Look();
        threads.Known.ShouldBe(1);
    }

    [LinuxFact]
    public void Looking_does_not_allocate_once_its_lists_have_their_size()
    {
        for (int i = 0; i < 20; i++)
        {
            proc.Thread(100, 100 + i, i, cpu: i % 4);
        }

        long[] values = new long[3];
        ReadStatus[] statuses = new ReadStatus[3];
        Look();
        Look();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            threads!.Read(values, statuses);
            program.Read(values, statuses);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [LinuxFact]
    public void On_a_machine_of_one_socket_nobody_looks()
    {
        using FakeProc one = new();
        one.Socket(0, 0);
        one.Socket(1, 0);
        one.Process(Environment.ProcessId, 1);
        one.Busy(0, 0);
        IReadOnlyList<ISensor> sensors = ActivitySensors.OfRunning(one.Root, Environment.ProcessId);
        sensors.SelectMany(s => s.Streams).Select(s => s.Name).ShouldBe(["program", "busy-0"]);
        foreach (ISensor sensor in sensors)
        {
            sensor.Dispose();
        }
    }

    private long Look()
    {
        threads ??= new(proc.Root, CpuTopology.Read(proc.Root), placement);
        long[] value = new long[1];
        ReadStatus[] status = new ReadStatus[1];
        if (looks++ > 0)
        {
            threads.Read(value, status);
            status[0].ShouldBe(ReadStatus.Value);
            return value[0];
        }

        // The first look was the constructor's.
        return Directory.GetDirectories(proc.Root.At("proc", "100", "task")).Length;
    }

    /// <summary>The program uses so much; what each socket got of it.</summary>
    private (long First, long Second) Used(long nanoseconds)
    {
        long[] before = Read();
        process.Clock += nanoseconds;
        long[] after = Read();
        after[0].ShouldBe(after[1] + after[2]);
        (after[0] - before[0]).ShouldBe(nanoseconds);
        return (after[1] - before[1], after[2] - before[2]);
    }

    private long[] Read()
    {
        long[] values = new long[3];
        ReadStatus[] statuses = new ReadStatus[3];
        program.Read(values, statuses);
        statuses.ShouldAllBe(s => s == ReadStatus.Value);
        return values;
    }

    /// <summary>Process 100 and nobody else.</summary>
    private sealed class OneProcess : IProcessSource
    {
        public long Clock { get; set; }

        public bool TryReadClock(int pid, out long nanoseconds)
        {
            nanoseconds = Clock;
            return pid == 100;
        }

        public bool TryReadStat(int pid, ref int handle, out ProcessStat stat)
        {
            stat = new(100, 'S', 1, 0, 1000);
            return pid == 100;
        }

        public void Close(int handle)
        {
        }

        public void Reap(int pid)
        {
        }

        public int LastPid() => 100;

        public int List(Span<int> pids) => 0;

        public void Dispose()
        {
        }
    }
}
