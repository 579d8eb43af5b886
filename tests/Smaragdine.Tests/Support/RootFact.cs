namespace Smaragdine.Tests.Support;

/// <summary>A test that needs root's rights on Linux: to mount, or to become another user.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Skip = "needs root on Linux";
        }
    }
}
