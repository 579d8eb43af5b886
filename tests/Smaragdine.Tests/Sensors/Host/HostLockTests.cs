using System.Diagnostics;
using Smaragdine.Sensors.Host;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Host;

public sealed class HostLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string File => folder.At("sensors.lock");

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void One_holds_it_at_a_time_and_another_when_it_is_let_go()
    {
        using HostLock? first = HostLock.TryTake(File);
        first.ShouldNotBeNull();
        HostLock.TryTake(File).ShouldBeNull();
        first.Dispose();
        first.Dispose();
        using HostLock? second = HostLock.TryTake(File);
        second.ShouldNotBeNull();
        System.IO.File.Exists(File).ShouldBeTrue();
    }

    [LinuxFact]
    public void Two_jobs_do_not_disturb_each_other()
    {
        using HostLock? one = HostLock.TryTake(folder.At("a.lock"));
        using HostLock? other = HostLock.TryTake(folder.At("b.lock"));
        one.ShouldNotBeNull();
        other.ShouldNotBeNull();
    }

    [LinuxFact]
    public void A_program_that_its_holder_started_does_not_hold_it_on()
    {
        HostLock held = HostLock.TryTake(File)!;
        using Process child = Process.Start("sleep", "30");
        try
        {
            held.Dispose();
            using HostLock? again = HostLock.TryTake(File);
            again.ShouldNotBeNull();
            child.HasExited.ShouldBeFalse();
        }
        finally
        {
            child.Kill();
        }
    }

    [LinuxFact]
    public void What_cannot_be_made_is_told_and_links_are_not_followed()
    {
        Should.Throw<IOException>(() => HostLock.TryTake(folder.At("nowhere/sensors.lock"))).Message.ShouldContain("cannot be made");
        System.IO.File.CreateSymbolicLink(File, folder.Write("target", ""));
        Should.Throw<IOException>(() => HostLock.TryTake(File)).Message.ShouldContain("sensors.lock");
    }

    [LinuxFact]
    public void Where_a_file_system_has_no_locks_a_file_of_the_host_stands_in_one_for_each()
    {
        HostLock.OnThisHost(folder.At("a")).ShouldStartWith(Path.GetTempPath());
        HostLock.OnThisHost(folder.At("a")).ShouldBe(HostLock.OnThisHost(folder.At("./a")));
        HostLock.OnThisHost(folder.At("a")).ShouldNotBe(HostLock.OnThisHost(folder.At("b")));
    }
}
