using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>A sensor with the period at which it is to be read.</summary>
public sealed class PacedSensor : ISensor
{
    private readonly ISensor inner;

    public PacedSensor(ISensor inner, Duration period)
    {
        this.inner = inner;
        Streams = [.. inner.Streams.Select(s => s with { Period = period })];
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => inner.MayBlock;

    public void Read(Span<long> values, Span<ReadStatus> statuses) => inner.Read(values, statuses);

    public void Dispose() => inner.Dispose();
}
