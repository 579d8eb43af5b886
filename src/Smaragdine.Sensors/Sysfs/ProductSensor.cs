using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sysfs;

/// <summary>Power from a voltage and a current, each a file: their product divided by <paramref name="divisor"/> is µW (mV × mA: 1; µV × µA: 1,000,000).</summary>
/// <remarks>The two are read one after the other; between them a load may have changed. Of a current's sign only the size counts.</remarks>
internal sealed class ProductSensor(RecordedStream stream, AttributeFile voltage, AttributeFile current, long divisor) : ISensor
{
    public IReadOnlyList<RecordedStream> Streams { get; } = [stream];

    public bool MayBlock => true;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        values[0] = 0;
        ReadStatus first = voltage.Read(out long volts);
        ReadStatus second = current.Read(out long amperes);
        statuses[0] = first > second ? first : second;
        if (statuses[0] != ReadStatus.Value)
        {
            return;
        }

        Int128 power = Int128.Abs((Int128)volts * amperes) / divisor;
        if (volts < 0 || power > long.MaxValue)
        {
            statuses[0] = ReadStatus.Missed;
            return;
        }

        values[0] = (long)power;
    }

    public void Dispose()
    {
        voltage.Dispose();
        current.Dispose();
    }
}
