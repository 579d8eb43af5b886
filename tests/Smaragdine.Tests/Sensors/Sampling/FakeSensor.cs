using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Sampling;

/// <summary>Does on each reading what the test says.</summary>
internal sealed class FakeSensor(string name, double periodMs, Action<FakeSensor, Span<ReadStatus>>? onRead = null, bool mayBlock = false, int streams = 1)
    : ISensor
{
    private int reads;
    private int disposed;

    public int Reads => Volatile.Read(ref reads);

    public int Disposed => Volatile.Read(ref disposed);

    public IReadOnlyList<RecordedStream> Streams { get; } =
    [
        .. Enumerable.Range(0, streams).Select(i =>
            new RecordedStream($"{name}-{i}", StreamKind.Energy, "fake", Quality.Simulated, Duration.FromMilliseconds(periodMs))),
    ];

    public bool MayBlock => mayBlock;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        Interlocked.Increment(ref reads);
        values.Fill(reads);
        statuses.Clear(); // Value
        onRead?.Invoke(this, statuses);
    }

    public void Dispose() => Interlocked.Increment(ref disposed);
}
