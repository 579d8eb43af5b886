using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Support;

/// <summary>A test that needs a control group (version 2) in which this process may make others.</summary>
public sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || ProgramCgroup.TryCreate(SystemRoot.Real) is not { } group)
        {
            Skip = "needs a cgroup2 hierarchy in which this process may make a group";
            return;
        }

        group.Remove();
    }
}
