using System.Buffers.Text;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Units;

namespace Smaragdine.SamplerBenchmark;

/// <summary>One number in a file, as powercap's `energy_uj` is.</summary>
internal sealed class EnergyFileSensor(string path, Duration period) : ISensor
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
    private readonly byte[] buffer = new byte[64];

    public IReadOnlyList<RecordedStream> Streams { get; } = [new("package-0", StreamKind.Energy, "file", Quality.Simulated, period)];

    public bool MayBlock => false;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        int length = RandomAccess.Read(file, buffer, 0);
        statuses[0] = Utf8Parser.TryParse(buffer.AsSpan(0, length), out values[0], out _) ? ReadStatus.Value : ReadStatus.Missed;
    }

    public void Dispose() => file.Dispose();
}
