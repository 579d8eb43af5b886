using System.CommandLine;

namespace Smaragdine.Cli.Commands;

/// <summary>`--sensor-command`: a command that gives readings.</summary>
internal static class SensorCommandOption
{
    public static Option<string[]> Create() => new("--sensor-command")
    {
        Description = "a shell command whose lines `domain value [unit]` are readings, such as `gpu-0 231.5` (watts); may be given several times",
        HelpName = "CMD",
    };
}
