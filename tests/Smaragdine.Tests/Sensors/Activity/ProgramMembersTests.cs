using Smaragdine.Sensors.Activity;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Activity;

public sealed class ProgramMembersTests : IDisposable
{
    private readonly FakeProc proc = new();
    private readonly ProgramMembers members;

    public ProgramMembersTests()
    {
        members = new(proc.Root, 100);
        proc.Process(1, 0);
        proc.Process(90, 1);
        proc.Process(100, 90);
        proc.Process(110, 100);
        proc.Process(120, 110);
        proc.Process(200, 1);
    }

    public void Dispose() => proc.Dispose();

    [Fact]
    public void The_recorded_process_and_its_descendants_belong_and_its_ancestors_do_not()
    {
        foreach ((int pid, bool expected) in new[] { (100, true), (110, true), (120, true), (90, false), (1, false), (200, false) })
        {
            members.Contains(pid).ShouldBe(expected, $"{pid}");
        }

        members.Contains(999).ShouldBeNull();
    }

    [Fact]
    public void An_orphan_that_was_seen_before_stays_in_with_its_children()
    {
        members.Contains(120).ShouldBe(true);
        proc.End(110);
        proc.Process(120, 1);
        proc.Process(130, 120);
        members.Contains(130).ShouldBe(true);
        proc.End(120);
        members.Contains(120).ShouldBe(true);
    }

    [Fact]
    public void An_id_that_another_process_got_is_not_taken_for_the_old_one()
    {
        members.Contains(120).ShouldBe(true);
        proc.Process(120, 1, start: 5000);
        members.Contains(120).ShouldBe(false);
    }

    [Fact]
    public void A_proc_that_goes_round_in_a_circle_ends()
    {
        proc.Process(300, 301);
        proc.Process(301, 300);
        members.Contains(300).ShouldBe(false);
    }

    [LinuxFact]
    public void This_process_belongs_to_itself_and_its_parent_does_not()
    {
        ProgramMembers own = new(Smaragdine.Sensors.SystemRoot.Real, Environment.ProcessId);
        own.Contains(Environment.ProcessId).ShouldBe(true);
        own.Contains(1).ShouldBe(Environment.ProcessId == 1);
    }
}
