using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public sealed class NvmlProbeTests(NvmlStubs stubs) : IDisposable
{
    private readonly DirectoryInfo _tree = Directory.CreateTempSubdirectory("smaragdine-tree-");

    private SystemRoot Root => new(_tree.FullName);

    private SystemRoot At(string library) => Root with { NvmlLibrary = library };

    public void Dispose() => _tree.Delete(recursive: true);

    [NativeFact]
    public void Find_a100_has_counter_instant_and_power_but_no_average()
    {
        string library = stubs.Library(Scripts.A100);
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(library));
        found.Select(f => (f.Sensor, f.State)).ShouldBe(
        [
            ("nvml counter", SensorState.Ok),
            ("nvml instant", SensorState.Ok),
            ("nvml average", SensorState.NotSupported),
            ("nvml power", SensorState.Ok),
            ("nvml samples", SensorState.NotSupported),
        ]);
        found.ShouldAllBe(f => f.Domain == Domain.Gpu(0) && f.DeviceId == Scripts.A100Uuid && f.Path == $"nvml:{Scripts.A100Uuid}");
        found[0].Kind.ShouldBe(StreamKind.Energy);
        found[0].Resolution.ShouldBe(0.001);
        found[0].UpdatePeriod.ShouldBe(Duration.FromMilliseconds(100));
        found[1].Note.ShouldContain("25 ms");
        found[2].Open.ShouldBeNull();
        found[2].Note.ShouldContain("ERROR_NOT_SUPPORTED");
        found[3].Note.ShouldContain("instantaneous");
        NvmlStubs.Users(library).ShouldBe(0);
    }

    [NativeFact]
    public void Find_3090_power_is_the_average_of_a_second()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library(Scripts.A100 + Scripts.Rtx3090)));
        SensorFinding[] second = [.. found.Where(f => f.Domain == Domain.Gpu(1))];
        second.ShouldAllBe(f => f.State == SensorState.Ok);
        second.Length.ShouldBe(5);
        second.Single(f => f.Sensor == "nvml power").Note.ShouldContain("average of the last second");
        using ISensor power = second.Single(f => f.Sensor == "nvml power").Open.ShouldNotBeNull()();
        power.Streams[0].Window.ShouldBe(Duration.FromSeconds(1));
        using ISensor instant = second.Single(f => f.Sensor == "nvml instant").Open.ShouldNotBeNull()();
        instant.Streams[0].Window.ShouldBe(Duration.FromMilliseconds(100));
    }

    [NativeFact]
    public void Find_no_permission_is_unreadable_with_unlock()
    {
        SensorFinding finding = new NvmlProbe().Find(At(stubs.Library(Scripts.A100 + "gpu 0 handle 4"))).ShouldHaveSingleItem();
        finding.State.ShouldBe(SensorState.Unreadable);
        finding.Domain.ShouldBe(Domain.Gpu(0));
        finding.Unlock.ShouldNotBeNull().ShouldContain("/dev/nvidia");
        finding.Open.ShouldBeNull();
    }

    [NativeFact]
    public void Find_field_without_permission_is_unreadable_and_others_work()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library("gpu 0 name X\ngpu 0 field 186 0 1 !4\ngpu 0 power 5")));
        SensorFinding instant = found.Single(f => f.Sensor == "nvml instant");
        instant.State.ShouldBe(SensorState.Unreadable);
        instant.Unlock.ShouldNotBeNull();
        found.Single(f => f.Sensor == "nvml power").State.ShouldBe(SensorState.Ok);
    }

    [NativeFact]
    public void Find_module_scope_only_is_no_gpus_power()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library("gpu 0 name GH200\ngpu 0 arch 9\ngpu 0 field 186 1 1 500000")));
        SensorFinding instant = found.Single(f => f.Sensor == "nvml instant");
        instant.State.ShouldBe(SensorState.Ok);
        instant.Domain.ShouldBe(Domain.Parse("module-0"));
        instant.Domain.Kind.ShouldBe(DomainKind.Unknown);
        instant.Note.ShouldContain("module");
        using ISensor sensor = instant.Open.ShouldNotBeNull()();
        long[] values = new long[2];
        sensor.Read(values, new ReadStatus[2]);
        values[0].ShouldBe(500_000_000);
    }

    [NativeFact]
    public void Find_counter_is_a_function_only_is_read_by_it()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library("gpu 0 name V100\ngpu 0 arch 5\ngpu 0 energy 123 456")));
        SensorFinding counter = found.Single(f => f.Sensor == "nvml counter");
        counter.State.ShouldBe(SensorState.Ok);
        using ISensor sensor = counter.Open.ShouldNotBeNull()();
        sensor.Streams.Count.ShouldBe(1);
        long[] values = new long[1];
        sensor.Read(values, new ReadStatus[1]);
        values[0].ShouldBe(123_000);
    }

    [NativeFact]
    public void Find_driver_without_field_values_still_has_power_and_counter()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library(Scripts.Rtx3090.Replace("gpu 1", "gpu 0"), "WITHOUT_FIELDS")));
        found.Where(f => f.State == SensorState.Ok).Select(f => f.Sensor).ShouldBe(["nvml counter", "nvml power", "nvml samples"]);
        found.Single(f => f.Sensor == "nvml instant").State.ShouldBe(SensorState.NotSupported);
    }

    [NativeFact]
    public void Find_mig_says_whose_power_it_is()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library(Scripts.A100 + "gpu 0 mig 1")));
        found.Where(f => f.State == SensorState.Ok).ShouldAllBe(f => f.Note.Contains("MIG"));
    }

    [NativeFact]
    public void Find_impossible_power_is_faulty()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library("gpu 0 name X\ngpu 0 power 4294967295\ngpu 0 field 186 0 1 4294967295")));
        found.Single(f => f.Sensor == "nvml power").State.ShouldBe(SensorState.Faulty);
        found.Single(f => f.Sensor == "nvml instant").State.ShouldBe(SensorState.Faulty);
    }

    [NativeFact]
    public void Find_lost_gpu_is_faulty_with_what_to_do()
    {
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(stubs.Library(Scripts.A100 + "gpu 0 lost-after 0")));
        found.ShouldAllBe(f => f.State == SensorState.Faulty && f.Open == null);
        found[0].Unlock.ShouldNotBeNull().ShouldContain("reboot");
    }

    [Fact]
    public void Find_no_library_and_no_card_finds_nothing() =>
        new NvmlProbe().Find(At("/nowhere/libnvidia-ml.so.1")).ShouldBeEmpty();

    [Fact]
    public void Find_no_library_but_cards_tells_each_card()
    {
        Card("0000:b3:00.0", "0x10de", "0x030000");
        Card("0000:65:00.0", "0x10de", "0x030200");
        Card("0000:65:00.1", "0x10de", "0x040300");
        Card("0000:00:02.0", "0x8086", "0x030000");
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At("/nowhere/libnvidia-ml.so.1"));
        found.Select(f => (f.Domain.Name, f.Path)).ShouldBe([("gpu-0", "0000:65:00.0"), ("gpu-1", "0000:b3:00.0")]);
        found.ShouldAllBe(f => f.State == SensorState.Unreadable && f.Unlock != null && f.DeviceId == f.Path);
    }

    [NativeFact]
    public void Find_version_mismatch_is_told_even_without_a_pci_tree()
    {
        SensorFinding finding = new NvmlProbe().Find(At(stubs.Library("init 18"))).ShouldHaveSingleItem();
        finding.State.ShouldBe(SensorState.Unreadable);
        finding.Unlock.ShouldNotBeNull().ShouldContain("reboot");
    }

    [NativeFact]
    public void Survey_second_family_of_gpus_renames_all_streams()
    {
        SensorFinding other = new(Domain.Gpu(0), "amdgpu", StreamKind.Power, SensorState.Ok, "", null, null, null, "card0", () => throw new IOException("not opened here"))
        {
            DeviceId = "0000:01:00.0",
        };
        IReadOnlyList<SensorFinding> found = GpuNumbers.Distinct([other, .. new NvmlProbe().Find(At(stubs.Library(Scripts.A100)))]);
        using ISensor counter = found.Single(f => f.Sensor == "nvml counter").Open.ShouldNotBeNull()();
        counter.Streams.Select(s => s.Name).ShouldBe(["gpu-1", "gpu-1-driver-time"]);
        using ISensor both = found.Single(f => f.Sensor == "nvml counter").Beside.ShouldNotBeNull().Open();
        both.Streams.Select(s => s.Name).ShouldBe(["gpu-1", "gpu-1", "gpu-1-driver-time"]);
    }

    [NativeFact]
    public void Survey_takes_the_counter_of_an_a100()
    {
        SensorSurvey survey = new SensorCatalogue([new NvmlProbe()]).Survey(At(stubs.Library(Scripts.A100)));
        survey.Used.ShouldHaveSingleItem().Finding.Sensor.ShouldBe("nvml counter");
        survey.Others.Where(o => o.IsBeside).ShouldHaveSingleItem().Finding.Sensor.ShouldBe("nvml instant");
    }

    [NativeFact]
    public void Find_counter_and_the_power_beside_it_are_read_in_one_call()
    {
        string library = stubs.Library(Scripts.A100);
        IReadOnlyList<SensorFinding> found = new NvmlProbe().Find(At(library));
        found.Count(f => f.Beside is not null).ShouldBe(1);
        CompanionSensor beside = found.Single(f => f.Sensor == "nvml counter").Beside.ShouldNotBeNull();
        beside.Sensor.ShouldBe("nvml instant");
        using (ISensor sensor = beside.Open())
        {
            NvmlStubs.Users(library).ShouldBe(1);
            sensor.Streams.Select(s => s.Source).ShouldBe(["nvml counter", "nvml instant", "nvml"]);
            long[] values = new long[3];
            ReadStatus[] statuses = new ReadStatus[3];
            sensor.Read(values, statuses);
            long first = values[2];
            sensor.Read(values, statuses);
            statuses.ShouldAllBe(s => s == ReadStatus.Value);

            // The clock of the stub steps once a call.
            (values[2] - first).ShouldBe(50_000);
        }

        NvmlStubs.Users(library).ShouldBe(0);
    }

    [NativeFact]
    public void Find_power_of_another_scope_is_not_put_beside_the_counter() =>
        new NvmlProbe().Find(At(stubs.Library("gpu 0 name GH200\ngpu 0 arch 9\ngpu 0 field 83 0 3 1000\ngpu 0 field 186 1 1 500000")))
            .ShouldAllBe(f => f.Beside == null);

    [NativeFact]
    public void Survey_counter_that_is_slower_than_power_is_used_with_the_power_beside_it()
    {
        // A V100: power every 20 ms, the counter every 100.
        SensorSurvey survey = new SensorCatalogue([new NvmlProbe()]).Survey(At(stubs.Library("gpu 0 name V100\ngpu 0 arch 5\ngpu 0 energy 123 456\ngpu 0 field 186 0 1 50000")));
        SensorFinding used = survey.Used.ShouldHaveSingleItem().Finding;
        (used.Sensor, used.Beside?.Sensor).ShouldBe(("nvml counter", "nvml instant"));
    }

    [Fact]
    public void Find_captured_tree_asks_no_driver() => new NvmlProbe().Find(Root).ShouldBeEmpty();

    private void Card(string address, string vendor, string kind)
    {
        string folder = Root.At("sys", "bus", "pci", "devices", address);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "vendor"), vendor + "\n");
        File.WriteAllText(Path.Combine(folder, "class"), kind + "\n");
    }
}
