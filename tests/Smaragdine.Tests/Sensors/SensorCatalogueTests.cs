using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Sensors.Rapl;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors;

public sealed class SensorCatalogueTests
{
    [LinuxFact]
    public void Survey_client_uses_package_and_whole_and_says_why_not_the_rest()
    {
        using CapturedTree tree = new("intel-client");
        SensorSurvey survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(tree.Root);
        survey.Used.Select(u => (u.Finding.Domain.Name, u.Finding.Sensor)).ShouldBe(
            [("package-0", "powercap"), ("psys", "powercap"), ("battery", "power_supply")], ignoreOrder: true);
        survey.Others.ShouldContain(o => o.Finding.Domain.Name == "core-0" && o.Finding.Sensor == "powercap" && o.Why.Contains("inside package-0"));
        survey.Others.ShouldAllBe(o => o.Why.Length > 0);
    }

    [LinuxFact]
    public void Survey_apu_and_grace_are_not_counted_beside_their_processor()
    {
        using CapturedTree apu = new("apu");
        SensorSurvey survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(apu.Root);
        survey.Used.Select(u => u.Finding.Domain.Name).ShouldBe(["package-0"]);
        survey.Others.Single(o => o.Finding.Domain.Name == "apu-0").Why.ShouldContain("twice");

        using CapturedTree grace = new("grace");
        survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(grace.Root);
        survey.Used.Select(u => u.Finding.Domain.Name).ShouldBe(["package-0", "sysio-0"], ignoreOrder: true);
    }

    [LinuxFact]
    public void Survey_apu_alone_is_used()
    {
        using CapturedTree tree = new("apu");
        Directory.Delete(tree.At("sys/class/powercap"), recursive: true);
        new SensorCatalogue([new AmdGpuProbe(), new PowercapProbe()]).Survey(tree.Root)
            .Used.Select(u => u.Finding.Domain.Name).ShouldBe(["apu-0"]);
    }

    [LinuxFact]
    public void Survey_amdgpu_counter_loses_to_power()
    {
        using CapturedTree tree = new("amdgpu");
        SensorSurvey survey = new SensorCatalogue([new AmdGpuProbe()]).Survey(tree.Root);
        SensorChoice used = survey.Used.Single(u => u.Finding.Domain == Domain.Gpu(2));
        used.Finding.Kind.ShouldBe(StreamKind.Power);
        used.Why.ShouldContain("known to be wrong");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Choose_perf_before_powercap_in_either_order(bool reversed)
    {
        SensorFinding[] found = [Finding("package-0", "powercap", StreamKind.Energy), Finding("package-0", "perf", StreamKind.Energy)];
        SensorSurvey survey = SensorCatalogue.Choose(reversed ? [.. found.Reverse()] : found);
        SensorChoice used = survey.Used.Single();
        used.Finding.Sensor.ShouldBe("perf");
        used.Why.ShouldContain("never wraps");
        survey.Others.Single().Finding.Sensor.ShouldBe("powercap");
    }

    [Fact]
    public void Choose_unreadable_perf_leaves_powercap_and_keeps_its_note()
    {
        SensorFinding closed = Finding("package-0", "perf", StreamKind.Energy) with { State = SensorState.Unreadable, Note = "paranoid", Open = null };
        SensorSurvey survey = SensorCatalogue.Choose([closed, Finding("package-0", "powercap", StreamKind.Energy)]);
        survey.Used.Single().Finding.Sensor.ShouldBe("powercap");
        survey.Others.Single().Why.ShouldBe("paranoid");
    }

    [Theory]
    [InlineData(100, 100, "counter")]
    [InlineData(20, 100, "counter")]
    [InlineData(1000, 100, "instant")]
    public void Choose_counter_before_power_unless_it_is_slower(int counterMs, int powerMs, string expected)
    {
        SensorSurvey survey = SensorCatalogue.Choose(
        [
            Finding("gpu-0", "instant", StreamKind.Power) with { UpdatePeriod = Duration.FromMilliseconds(powerMs) },
            Finding("gpu-0", "counter", StreamKind.Energy) with { UpdatePeriod = Duration.FromMilliseconds(counterMs) },
        ]);
        survey.Used.Single().Finding.Sensor.ShouldBe(expected);
    }

    [Fact]
    public void Choose_core_alone_is_kept_where_no_package_can_be_read() =>
        SensorCatalogue.Choose([Finding("core-0", "powercap", StreamKind.Energy)]).Used.Count.ShouldBe(1);

    [Fact]
    public void Distinct_second_family_of_gpus_gets_numbers_of_its_own_and_its_stream_is_renamed()
    {
        IReadOnlyList<SensorFinding> found = GpuNumbers.Distinct(
        [
            Finding("gpu-0", "nvml", StreamKind.Power) with { DeviceId = "GPU-a" },
            Finding("gpu-0", "nvml counter", StreamKind.Energy) with { DeviceId = "GPU-a" },
            Finding("gpu-1", "nvml", StreamKind.Power) with { DeviceId = "GPU-b" },
            Finding("gpu-0", "amdgpu", StreamKind.Power) with { DeviceId = "0000:05:00.0" },
            Finding("gpu-0", "amdgpu", StreamKind.Energy) with { DeviceId = "0000:05:00.0" },
        ]);
        found.Select(f => f.Domain.Name).ShouldBe(["gpu-0", "gpu-0", "gpu-1", "gpu-2", "gpu-2"]);
        using ISensor moved = found[3].Open!();
        moved.Streams.Single().Name.ShouldBe("gpu-2");
        moved.ReadOne().ShouldBe((ReadStatus.Value, 5));
    }

    [LinuxTheory]
    [InlineData("intel-client")]
    [InlineData("intel-server-2s")]
    [InlineData("amd-epyc")]
    [InlineData("multi-die")]
    [InlineData("jetson-orin")]
    [InlineData("jetson-old")]
    [InlineData("amdgpu")]
    [InlineData("apu")]
    [InlineData("intel-gpu")]
    [InlineData("grace")]
    [InlineData("hwmon")]
    [InlineData("container-masked")]
    [InlineData("unreadable")]
    [InlineData("faulty")]
    public void Survey_every_tree_gives_each_domain_once_and_what_is_used_can_be_read(string name)
    {
        using CapturedTree tree = new(name);
        SensorSurvey survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(tree.Root);
        survey.Used.Select(u => u.Finding.Domain).ShouldBeUnique();
        foreach (SensorChoice choice in survey.Used)
        {
            using ISensor sensor = choice.Finding.Open!();
            sensor.ReadOne().Status.ShouldBe(ReadStatus.Value, choice.Finding.Path);
            RecordedStream stream = sensor.Streams.Single();
            stream.Name.ShouldBe(choice.Finding.Domain.Name);
            stream.Kind.ShouldBe(choice.Finding.Kind);
            stream.Quality.ShouldBe(Quality.Measured);
        }

        foreach (SensorFinding finding in survey.Others.Select(o => o.Finding))
        {
            (finding.Open is not null).ShouldBe(finding.State == SensorState.Ok);
            (finding.Unlock is not null).ShouldBe(finding.State == SensorState.Unreadable);
            finding.Note.ShouldSatisfyAllConditions(n => (n.Length > 0 || finding.State == SensorState.Ok).ShouldBeTrue());
        }
    }

    [Fact]
    public void Survey_empty_machine_has_nothing_and_does_not_throw()
    {
        SystemRoot nowhere = new(Path.Combine(Path.GetTempPath(), "smaragdine-no-such-root"));
        new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(nowhere).Used.ShouldBeEmpty();
    }

    private static SensorFinding Finding(string domain, string sensor, StreamKind kind) =>
        new(Domain.Parse(domain), sensor, kind, SensorState.Ok, "", null, null, null, "/x", () => new Fixed(domain, sensor, kind));

    private sealed class Fixed(string domain, string sensor, StreamKind kind) : ISensor
    {
        public IReadOnlyList<RecordedStream> Streams { get; } = [new(domain, kind, sensor, Quality.Simulated, Duration.Zero)];

        public bool MayBlock => false;

        public void Read(Span<long> values, Span<ReadStatus> statuses) => (values[0], statuses[0]) = (5, ReadStatus.Value);

        public void Dispose()
        {
        }
    }
}
