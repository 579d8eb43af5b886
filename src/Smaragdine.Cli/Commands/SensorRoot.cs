using System.CommandLine;
using Smaragdine.Sensors;

namespace Smaragdine.Cli.Commands;

/// <summary>`--root`: where /sys and /proc of the machine to measure are, such as the host's as a container has them mounted.</summary>
internal static class SensorRoot
{
    public static Option<string?> Create() =>
        new("--root") { Description = "look for sensors in sys/ and proc/ under this directory (a container's mount of its host's, a captured tree)", HelpName = "DIR" };

    /// <exception cref="UsageException">there is no such directory.</exception>
    public static SystemRoot Bind(ParseResult parsed, Option<string?> option)
    {
        SystemRoot root = parsed.GetValue(option) is { } path ? new(Path.GetFullPath(path)) : SystemRoot.Real;
        return Directory.Exists(root.Path) ? root : throw new UsageException($"--root {root.Path}: no such directory");
    }
}
