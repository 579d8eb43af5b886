using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Ipmi;

/// <summary>The power that a server's management controller measures at its supplies, through `ipmitool dcmi power reading`: whole watts, the whole machine.</summary>
public sealed class IpmiProbe : ISensorProbe
{
    internal const string SensorName = "ipmi";
    internal const string Program = "ipmitool";
    internal static readonly IReadOnlyList<string> Arguments = ["dcmi", "power", "reading"];

    private readonly ICommandRunner? runner;

    public IpmiProbe()
    {
    }

    internal IpmiProbe(ICommandRunner runner) => this.runner = runner;

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        // A captured tree's device is not this machine's controller.
        ICommandRunner? command = runner ?? (root.IsReal ? new ProcessRunner() : null);
        string device = root.At("dev", "ipmi0");
        if (command is null || AttributeText.Read(device).Access == AttributeAccess.Absent)
        {
            return [];
        }

        Domain domain = new("ipmi", DomainKind.Whole, 0);
        CommandResult result = command.Run(Program, Arguments);
        DcmiPowerReading? reading = result.ExitCode == 0 ? DcmiPowerReading.Parse(result.Output) : null;
        SensorFinding Finding(SensorState state, string note, string? unlock = null, Func<ISensor>? open = null) =>
            new(domain, SensorName, StreamKind.Power, state, note, unlock, 1, null, device, open);

        if (result.ExitCode is null)
        {
            return [Finding(SensorState.Unreadable, $"{Program} cannot be run: {FirstLine(result.Error)}", "sudo apt-get install ipmitool")];
        }

        if (result.ExitCode != 0)
        {
            bool denied = result.Error.Contains("ermission denied", StringComparison.Ordinal) || result.Error.Contains("Could not open device", StringComparison.Ordinal);
            return denied
                ? [Finding(SensorState.Unreadable, $"only root may ask the controller: {FirstLine(result.Error)}", $"sudo chmod a+rw {device}")]
                : [Finding(SensorState.NotSupported, $"{Program} {string.Join(' ', Arguments)} ended with {result.ExitCode}: {FirstLine(result.Error)}")];
        }

        if (reading is not { } power)
        {
            return [Finding(SensorState.Faulty, $"{Program} printed no instantaneous power in watts")];
        }

        if (!power.Active)
        {
            return [Finding(SensorState.NotSupported, "the controller's power reading is deactivated")];
        }

        if (power.Instantaneous == Watts.Zero)
        {
            return [Finding(SensorState.Faulty, "the controller reports 0 W")];
        }

        RecordedStream stream = new(domain.Name, StreamKind.Power, SensorName, Quality.Measured, Duration.Zero);
        return [Finding(SensorState.Ok, "whole watts, supplies included; each reading starts a program", open: () => new IpmiSensor(stream, command))];
    }

    private static string FirstLine(string text)
    {
        string line = text.Trim().Split('\n')[0].Trim();
        return line.Length > 200 ? line[..200] : line;
    }
}
