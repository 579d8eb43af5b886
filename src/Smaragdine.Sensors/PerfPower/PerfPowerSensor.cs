using Smaragdine.Recordings;

namespace Smaragdine.Sensors.PerfPower;

/// <summary>One energy event on one CPU, in µJ since it was opened.</summary>
internal sealed class PerfPowerSensor(RecordedStream stream, IPerfCounter counter, EnergyScale scale) : ISensor
{
    public IReadOnlyList<RecordedStream> Streams { get; } = [stream];

    public bool MayBlock => false;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        values[0] = 0;
        statuses[0] = counter.Read(out ulong count);
        if (statuses[0] == ReadStatus.Value && !scale.TryToMicrojoules(count, out values[0]))
        {
            statuses[0] = ReadStatus.Missed;
        }
    }

    public void Dispose() => counter.Dispose();
}
