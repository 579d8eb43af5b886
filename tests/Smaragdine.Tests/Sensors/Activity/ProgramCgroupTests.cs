using System.Text;
using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Activity;

public sealed class ProgramCgroupTests
{
    private const string Old = "33 24 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n";

    [Theory]
    [InlineData("26 23 0:23 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate", "0::/user.slice/user-1000.slice/session-3.scope",
        "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope")]
    [InlineData("26 23 0:23 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", "4:memory:/x\n0::/", "/sys/fs/cgroup/unified")]
    [InlineData("26 23 0:23 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup rw", "0::/docker/ab/job", "/sys/fs/cgroup/job")]
    [InlineData("26 23 0:23 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup rw", "0::/docker/abc", null)]
    [InlineData("26 23 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup rw", "0::/../other", null)]
    [InlineData("26 23 0:23 / /my\\040groups rw - cgroup2 cgroup rw", "0::/a", "/my groups/a")]
    [InlineData("26 23 0:23 / /sys/fs/cgroup rw - tmpfs tmpfs rw", "0::/a", null)]
    [InlineData("26 23 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup rw", "4:memory:/a", null)]
    [InlineData("- - -", "0::/a", null)]
    [InlineData("", "", null)]
    public void Own_group_is_found_from_what_is_mounted(string mounts, string groups, string? expected) =>
        ProgramCgroup.Place(Old + mounts + "\n", groups + "\n").ShouldBe(expected);

    [Theory]
    [InlineData("usage_usec 1234\nuser_usec 1000\nsystem_usec 234\n", 1234)]
    [InlineData("nice_usec 3\nusage_usec 0\n", 0)]
    [InlineData("other_usage_usec 5\n", null)]
    [InlineData("usage_usec -5\n", null)]
    [InlineData("usage_usec x\n", null)]
    [InlineData("", null)]
    public void Usage_is_the_line_of_that_name(string text, int? expected)
    {
        bool found = CgroupTimeSensor.TryParseUsage(Encoding.UTF8.GetBytes(text), out long microseconds);
        found.ShouldBe(expected is not null);
        if (found)
        {
            microseconds.ShouldBe(expected!.Value);
        }
    }
}
