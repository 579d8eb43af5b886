using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.PerfPower;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.PerfPower;

public sealed class PerfPowerProbeTests
{
    private const string RaplScale = "2.3283064365386962890625e-10";

    [Fact]
    public void EnergyScale_of_rapl_is_exactly_two_to_the_minus_32()
    {
        EnergyScale.TryParse(RaplScale, out EnergyScale scale).ShouldBeTrue();
        foreach (ulong count in (ulong[])[0, 1, 4294, 4295, 1UL << 32, (1UL << 53) + 1, long.MaxValue])
        {
            scale.TryToMicrojoules(count, out long microjoules).ShouldBeTrue();
            ((BigInteger)microjoules).ShouldBe((BigInteger)count * 1_000_000 >> 32);
        }
    }

    [Fact]
    public void EnergyScale_any_scale_is_right_to_a_millionth_of_a_millionth()
    {
        Prop.ForAll<ulong, byte>((count, step) =>
        {
            double joules = 1e-12 * (1 + step);
            EnergyScale.TryParse(joules.ToString("R", null), out EnergyScale scale).ShouldBeTrue();
            scale.TryToMicrojoules(count, out long microjoules).ShouldBeTrue();
            double expected = count * joules * 1e6;
            Math.Abs(microjoules - expected).ShouldBeLessThanOrEqualTo(1 + (expected * 4e-12));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("1e-30")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("nan")]
    [InlineData("1e9")]
    [InlineData("")]
    [InlineData(null)]
    public void EnergyScale_nonsense_is_refused(string? text) => EnergyScale.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void EnergyScale_beyond_int64_is_no_value()
    {
        EnergyScale.TryParse("1", out EnergyScale scale).ShouldBeTrue();
        scale.TryToMicrojoules(9_223_372_036_854, out long most).ShouldBeTrue();
        most.ShouldBe(9_223_372_036_854_000_000);
        scale.TryToMicrojoules(9_223_372_036_855, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0,18", new[] { 0, 18 })]
    [InlineData("0-2,8", new[] { 0, 1, 2, 8 })]
    [InlineData("", new int[0])]
    [InlineData("a", new int[0])]
    [InlineData("3-1", new int[0])]
    [InlineData("0-99999999", new int[0])]
    public void ParseCpus_lists_and_ranges(string text, int[] expected) => PerfPmu.ParseCpus(text).ShouldBe(expected);

    [Theory]
    [InlineData("event=0x02", 2UL)]
    [InlineData("event=0x02,umask=0x1", null)]
    [InlineData("event=2", null)]
    [InlineData(null, null)]
    public void ParseEvent_takes_one_hexadecimal_number(string? text, ulong? expected) => PerfPmu.ParseEvent(text).ShouldBe(expected);

    [LinuxFact]
    public void Find_client_maps_events_to_domains_and_the_gpu_event_to_uncore()
    {
        using CapturedTree tree = new("intel-client");
        Events events = new();
        IReadOnlyList<SensorFinding> found = new PerfPowerProbe(events).Find(tree.Root);
        found.Select(f => f.Domain.Name).ShouldBe(["core-0", "uncore-0", "package-0", "psys"], ignoreOrder: true);
        found.ShouldAllBe(f => f.State == SensorState.Ok);
        events.Opened.ShouldContain((23u, 2ul, 0));
        events.Running.ShouldBe(0, "a probe closes what it tried");
    }

    [LinuxFact]
    public void Find_server_opens_one_cpu_of_each_socket()
    {
        using CapturedTree tree = new("intel-server-2s");
        Events events = new();
        IReadOnlyList<SensorFinding> found = new PerfPowerProbe(events).Find(tree.Root);
        found.Select(f => f.Domain).ShouldBe([Domain.Package(0), Domain.Package(1), Domain.Dram(0), Domain.Dram(1)], ignoreOrder: true);
        events.Opened.Clear();
        using ISensor sensor = found.Of("dram-1").Open!();
        events.Opened.ShouldBe([(23u, 3ul, 18)]);
    }

    [LinuxFact]
    public void Find_dies_are_told_apart_where_a_socket_has_several()
    {
        using CapturedTree tree = new("multi-die");
        new PerfPowerProbe(new Events()).Find(tree.Root).Where(f => f.Domain.Kind == DomainKind.Package).Select(f => f.Domain.Name)
            .ShouldBe(["package-0-die-0", "package-0-die-1", "package-1-die-0", "package-1-die-1"]);
    }

    [LinuxFact]
    public void Find_refused_by_paranoid_says_the_setting()
    {
        using CapturedTree tree = new("unreadable");
        SensorFinding finding = new PerfPowerProbe(new Events { Error = 13 }).Find(tree.Root).Of("package-0");
        finding.State.ShouldBe(SensorState.Unreadable);
        finding.Note.ShouldContain("perf_event_paranoid is 4");
        finding.Unlock.ShouldBe("sudo sysctl kernel.perf_event_paranoid=0");
    }

    [LinuxFact]
    public void Find_refused_although_paranoid_allows_blames_the_container()
    {
        using CapturedTree tree = new("container-masked");
        SensorFinding finding = new PerfPowerProbe(new Events { Error = 1 }).Find(tree.Root).Of("package-0");
        finding.State.ShouldBe(SensorState.Unreadable);
        finding.Unlock!.ShouldContain("PERFMON");
    }

    [LinuxFact]
    public void Find_unit_that_is_not_joules_is_faulty()
    {
        using CapturedTree tree = new("faulty");
        new PerfPowerProbe(new Events()).Find(tree.Root).Single().State.ShouldBe(SensorState.Faulty);
    }

    [LinuxFact]
    public void Find_captured_tree_never_opens_events_of_this_kernel()
    {
        using CapturedTree tree = new("intel-client");
        new PerfPowerProbe().Find(tree.Root).ShouldAllBe(f => f.State == SensorState.NotSupported && f.Open == null);
    }

    [LinuxFact]
    public void Read_counts_are_microjoules_and_allocate_nothing()
    {
        using CapturedTree tree = new("intel-client");
        Events events = new() { Count = (1UL << 32) * 250 };
        using ISensor sensor = new PerfPowerProbe(events).Find(tree.Root).Of("package-0").Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 250_000_000));
        sensor.Streams.Single().Range.ShouldBeNull();
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
        events.Status = ReadStatus.Gone;
        sensor.ReadOne().ShouldBe((ReadStatus.Gone, 0));
    }

    /// <summary>The real system call on an event that every kernel has: PERF_COUNT_SW_CPU_CLOCK of CPU 0, in ns. Refused or counted, never garbage.</summary>
    [LinuxFact]
    public void LinuxPerfEvents_cpu_clock_counts_or_is_refused()
    {
        const uint Software = 1;
        LinuxPerfEvents kernel = new();
        using IPerfCounter? counter = kernel.Open(Software, 0, 0, out int error);
        if (counter is null)
        {
            error.ShouldBeOneOf(1, 13, 38);
            return;
        }

        error.ShouldBe(0);
        counter.Read(out ulong first).ShouldBe(ReadStatus.Value);
        Thread.Sleep(2);
        counter.Read(out ulong second).ShouldBe(ReadStatus.Value);
        (second - first).ShouldBeInRange(1_000_000UL, 60_000_000_000UL);
        SensorReading.Allocated(() => counter.Read(out _)).ShouldBe(0);
    }

    [LinuxFact]
    public void LinuxPerfEvents_event_that_is_none_is_refused_with_its_errno()
    {
        new LinuxPerfEvents().Open(type: 0x7FFF_FFF0, config: 0, cpu: 0, out int error).ShouldBeNull();
        error.ShouldBeOneOf(1, 2, 13, 19, 22, 38);
    }

    private sealed class Events : IPerfEvents
    {
        public int Error { get; init; }

        public ulong Count { get; set; }

        public ReadStatus Status { get; set; } = ReadStatus.Value;

        public List<(uint Type, ulong Config, int Cpu)> Opened { get; } = [];

        public int Running { get; private set; }

        public IPerfCounter? Open(uint type, ulong config, int cpu, out int error)
        {
            error = Error;
            if (Error != 0)
            {
                return null;
            }

            Opened.Add((type, config, cpu));
            Running++;
            return new Counter(this);
        }

        private sealed class Counter(Events events) : IPerfCounter
        {
            public ReadStatus Read(out ulong count)
            {
                count = events.Count;
                return events.Status;
            }

            public void Dispose() => events.Running--;
        }
    }
}
