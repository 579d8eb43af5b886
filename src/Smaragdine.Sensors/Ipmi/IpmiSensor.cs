using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Ipmi;

/// <summary>Asks the controller by starting ipmitool: tens of milliseconds, and it allocates.</summary>
internal sealed class IpmiSensor(RecordedStream stream, ICommandRunner command) : ISensor
{
    public IReadOnlyList<RecordedStream> Streams { get; } = [stream];

    public bool MayBlock => true;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        CommandResult result = command.Run(IpmiProbe.Program, IpmiProbe.Arguments);
        bool good = result.ExitCode == 0 && DcmiPowerReading.Parse(result.Output) is { Active: true };
        values[0] = good ? (long)(DcmiPowerReading.Parse(result.Output)!.Value.Instantaneous.Value * 1e6) : 0;
        statuses[0] = good ? ReadStatus.Value : ReadStatus.Missed;
    }

    public void Dispose()
    {
    }
}
