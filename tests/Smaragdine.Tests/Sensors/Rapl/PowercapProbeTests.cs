using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Rapl;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Rapl;

public sealed class PowercapProbeTests
{
    [LinuxFact]
    public void Find_client_names_core_core_and_psys_psys_and_drops_the_mmio_twin()
    {
        IReadOnlyList<SensorFinding> found = Find("intel-client");
        found.Select(f => (f.Domain.Name, f.Domain.Kind)).ShouldBe(
        [
            ("package-0", DomainKind.Package), ("core-0", DomainKind.InsidePackage),
            ("uncore-0", DomainKind.InsidePackage), ("psys", DomainKind.Whole),
        ]);
        found.ShouldAllBe(f => f.State == SensorState.Ok && f.Kind == StreamKind.Energy && !f.Path.Contains("mmio"));
        found[0].Resolution!.Value.ShouldBe(61.035e-6, 1e-9);
    }

    [LinuxFact]
    public void Find_server_takes_the_second_zone_for_the_second_socket_and_each_dram_for_its_own()
    {
        IReadOnlyList<SensorFinding> found = Find("intel-server-2s");
        found.Select(f => f.Domain).ShouldBe([Domain.Package(0), Domain.Dram(0), Domain.Package(1), Domain.Dram(1)]);
        using CapturedTree tree = new("intel-server-2s");
        using ISensor dram = new PowercapProbe().Find(tree.Root).Of("dram-1").Open!();
        dram.ReadOne().ShouldBe((ReadStatus.Value, 28_912_455_000));
        dram.Streams.Single().Range.ShouldBe(new CounterRange(65_712_999_613));
    }

    [LinuxFact]
    public void Find_amd_has_package_and_core_only() =>
        Find("amd-epyc").Select(f => f.Domain.Name).ShouldBe(["package-0", "core-0", "package-1", "core-1"]);

    [LinuxFact]
    public void Find_amd_dies_of_one_counter_are_one_package() =>
        Find("amd-dies").Where(f => f.Domain.Kind == DomainKind.Package).Select(f => f.Domain).ShouldBe([Domain.Package(0)]);

    [LinuxFact]
    public void Find_intel_dies_are_domains_of_their_own()
    {
        Find("multi-die").Select(f => f.Domain.Name).ShouldBe(
        [
            "package-0-die-0", "dram-0-die-0", "package-0-die-1", "dram-0-die-1",
            "package-1-die-0", "dram-1-die-0", "package-1-die-1", "dram-1-die-1",
        ]);
    }

    [LinuxFact]
    public void Find_ids_are_hexadecimal() =>
        Find("many-sockets").Select(f => f.Domain.Index).ShouldBe(Enumerable.Range(0, 18));

    [LinuxFact]
    public void Find_nested_devices_serve_where_the_class_is_missing()
    {
        using CapturedTree tree = new("container-masked");
        Directory.Delete(tree.At("sys/class/powercap"), recursive: true);
        string zone = "sys/devices/virtual/powercap/intel-rapl/intel-rapl:0";
        foreach ((string path, string name) in ((string, string)[])[(zone, "package-0"), ($"{zone}/intel-rapl:0:0", "dram")])
        {
            tree.Write($"{path}/name", name);
            tree.Write($"{path}/energy_uj", "5\n");
            tree.Write($"{path}/max_energy_range_uj", "65712999613\n");
        }

        new PowercapProbe().Find(tree.Root).Select(f => f.Domain).ShouldBe([Domain.Package(0), Domain.Dram(0)]);
    }

    [LinuxFact]
    public void Find_without_rights_is_unreadable_and_says_how_to_unlock()
    {
        using CapturedTree tree = new("unreadable");
        if (!Environment.IsPrivilegedProcess)
        {
            // Laid out by this very user, who as its owner could read 0400.
            tree.SetMode("sys/class/powercap/intel-rapl:0/energy_uj", "0000");
            tree.SetMode("sys/class/powercap/intel-rapl:0:0/energy_uj", "0000");
        }

        IReadOnlyList<SensorFinding> found = Unprivileged.Run(() => new PowercapProbe().Find(tree.Root));
        found.Select(f => f.Domain).ShouldBe([Domain.Package(0), Domain.Dram(0)]);
        found.ShouldAllBe(f => f.State == SensorState.Unreadable && f.Open == null && f.Resolution > 0);
        found[0].Unlock.ShouldBe("sudo chmod a+r /sys/class/powercap/intel-rapl*/energy_uj");
        found[0].Note.ShouldContain("CVE-2020-8694");
    }

    /// <summary>The counterpart: the same user reads the same tree once the files are unlocked, so it was their mode that was seen.</summary>
    [LinuxFact]
    public void Find_after_unlocking_is_ok()
    {
        using CapturedTree tree = new("unreadable");
        foreach (string id in (string[])["intel-rapl:0", "intel-rapl:0:0"])
        {
            tree.SetMode($"sys/class/powercap/{id}/energy_uj", "0444");
        }

        Unprivileged.Run(() => new PowercapProbe().Find(tree.Root)).ShouldAllBe(f => f.State == SensorState.Ok);
    }

    [LinuxFact]
    public void Find_masked_by_a_container_is_told_from_absent()
    {
        SensorFinding masked = Find("container-masked").Single();
        masked.State.ShouldBe(SensorState.Unreadable);
        masked.Note.ShouldContain("container");
        masked.Unlock.ShouldNotBeNull();

        SensorFinding absent = Find("jetson-orin").Single();
        absent.State.ShouldBe(SensorState.NotSupported);
        absent.Unlock.ShouldBeNull();
    }

    [LinuxFact]
    public void Find_nonsense_is_faulty_and_a_range_below_the_value_is_dropped()
    {
        using CapturedTree tree = new("faulty");
        IReadOnlyList<SensorFinding> found = new PowercapProbe().Find(tree.Root);
        found.Of("package-0").State.ShouldBe(SensorState.Faulty);
        found.Of("package-0").Note.ShouldContain("stands at 0");
        found.Of("package-1").State.ShouldBe(SensorState.Faulty);
        found.Of("package-4").State.ShouldBe(SensorState.NotSupported);
        foreach (string domain in (string[])["package-2", "package-3"])
        {
            SensorFinding guessed = found.Of(domain);
            guessed.State.ShouldBe(SensorState.Ok);
            guessed.Note.ShouldContain("guessed");
            using ISensor sensor = guessed.Open!();
            sensor.Streams.Single().Range.ShouldBeNull();
        }
    }

    [LinuxFact]
    public void Read_counter_that_wraps_is_given_as_it_stands_with_its_range()
    {
        using CapturedTree tree = new("amd-epyc");
        SensorFinding finding = new PowercapProbe().Find(tree.Root).Of("package-0");
        using ISensor sensor = finding.Open!();
        tree.Write("sys/class/powercap/intel-rapl:0/energy_uj", "65532610000\n");
        (_, long before) = sensor.ReadOne();
        tree.Write("sys/class/powercap/intel-rapl:0/energy_uj", "13\n");
        (ReadStatus status, long after) = sensor.ReadOne();
        status.ShouldBe(ReadStatus.Value);
        Joules? advance = sensor.Streams.Single().Range!.Value
            .Advance(CounterReading.FromMicrojoules((ulong)before), CounterReading.FromMicrojoules((ulong)after));
        advance!.Value.Value.ShouldBe(1000e-6, 1e-12);
    }

    [LinuxFact]
    public void Open_zone_that_vanished_since_says_so()
    {
        using CapturedTree tree = new("amd-epyc");
        SensorFinding finding = new PowercapProbe().Find(tree.Root).Of("package-0");
        Directory.Delete(tree.At("sys/class/powercap/intel-rapl:0"), recursive: true);
        Should.Throw<IOException>(() => finding.Open!());
    }

    [LinuxFact]
    public void Read_allocates_nothing()
    {
        using CapturedTree tree = new("intel-client");
        using ISensor sensor = new PowercapProbe().Find(tree.Root).Of("package-0").Open!();
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    [Theory]
    [InlineData("package-1-die-3", null, "package-1-die-3", DomainKind.Package, 1)]
    [InlineData("dram", "package-2", "dram-2", DomainKind.Dram, 2)]
    [InlineData("uncore", "package-1-die-0", "uncore-1-die-0", DomainKind.InsidePackage, 1)]
    [InlineData("fabric", "package-1", "fabric-1", DomainKind.Unknown, 1)]
    [InlineData("package-x", null, "package-x", DomainKind.Unknown, 0)]
    public void Of_name_and_parent_give_a_domain_that_its_name_gives_back(string name, string? parent, string expected, DomainKind kind, int index)
    {
        Domain domain = RaplDomains.Of(name, parent);
        domain.ShouldBe(new Domain(expected, kind, index));
        if (kind != DomainKind.Unknown)
        {
            Domain.Parse(expected).ShouldBe(domain);
        }
    }

    private static IReadOnlyList<SensorFinding> Find(string name)
    {
        using CapturedTree tree = new(name);
        return new PowercapProbe().Find(tree.Root);
    }
}
