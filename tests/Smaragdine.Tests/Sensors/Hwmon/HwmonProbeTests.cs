using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Hwmon;

public sealed class HwmonProbeTests
{
    [LinuxFact]
    public void Find_grace_tells_module_socket_and_cpu_apart()
    {
        using CapturedTree tree = new("grace");
        IReadOnlyList<SensorFinding> found = new HwmonProbe().Find(tree.Root);
        found.Select(f => f.Domain.Name).ShouldBe(["module-0", "grace-0", "package-0", "sysio-0"]);
        found.Of("module-0").Domain.Kind.ShouldBe(DomainKind.Unknown, "it covers CPU and GPU");
        SensorFinding cpu = found.Of("package-0");
        cpu.Domain.ShouldBe(Domain.Package(0));
        cpu.UpdatePeriod.ShouldBe(Duration.FromMilliseconds(50));
        using ISensor sensor = cpu.Open!();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 74_000_000));
        sensor.Streams.Single().Window.ShouldBe(Duration.FromMilliseconds(50));
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    [LinuxFact]
    public void Find_other_chips_by_their_labels_and_leaves_out_what_other_probes_read()
    {
        using CapturedTree tree = new("hwmon");
        new HwmonProbe().Find(tree.Root).Select(f => (f.Domain.Name, f.Domain.Kind, f.Kind)).ShouldBe(
        [
            ("package-0", DomainKind.Package, StreamKind.Energy),
            ("machine", DomainKind.Whole, StreamKind.Power),
            ("max15301-pout1", DomainKind.Unknown, StreamKind.Power),
            ("ucd9000-power2", DomainKind.Unknown, StreamKind.Power),
        ]);
    }

    [LinuxFact]
    public void Find_without_rights_is_unreadable_and_names_the_file()
    {
        using CapturedTree tree = new("grace");
        const string Meter = "sys/class/hwmon/hwmon3/power1_average";
        tree.SetMode(Meter, "0000");
        SensorFinding cpu = Unprivileged.Run(() => new HwmonProbe().Find(tree.Root).Of("package-0"));
        cpu.State.ShouldBe(SensorState.Unreadable);
        cpu.Unlock.ShouldBe($"sudo chmod a+r {tree.At(Meter)}");
    }
}
