using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Sysfs;

/// <summary>One stream from one file: its number times a factor.</summary>
/// <param name="stream">What the number is.</param>
/// <param name="file">Owned: closed with the sensor.</param>
/// <param name="factor">From the file's unit to µJ or µW: 1000 where it holds milliwatts.</param>
/// <param name="mayBlock">Its driver may sleep.</param>
internal sealed class AttributeSensor(RecordedStream stream, AttributeFile file, long factor, bool mayBlock) : ISensor
{
    public IReadOnlyList<RecordedStream> Streams { get; } = [stream];

    public bool MayBlock => mayBlock;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        statuses[0] = file.Read(out values[0]);

        // Energy and power as these files have them are never negative: what is, is an error code that a driver printed as a number.
        if (values[0] < 0 || values[0] > long.MaxValue / factor)
        {
            statuses[0] = ReadStatus.Missed;
            values[0] = 0;
        }

        values[0] *= factor;
    }

    public void Dispose() => file.Dispose();
}
