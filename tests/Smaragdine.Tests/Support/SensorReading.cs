using Smaragdine.Sensors;

namespace Smaragdine.Tests.Support;

/// <summary>Short ways to ask a sensor of one stream.</summary>
public static class SensorReading
{
    public static (ReadStatus Status, long Value) ReadOne(this ISensor sensor)
    {
        Span<long> values = stackalloc long[1];
        Span<ReadStatus> statuses = stackalloc ReadStatus[1];
        values[0] = -77;
        sensor.Read(values, statuses);
        return (statuses[0], values[0]);
    }

    /// <summary>Bytes that 10,000 readings allocate on this thread.</summary>
    public static long AllocatedBy10000Reads(ISensor sensor)
    {
        long[] values = new long[1];
        ReadStatus[] statuses = new ReadStatus[1];
        sensor.Read(values, statuses);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            sensor.Read(values, statuses);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public static SensorFinding Of(this IEnumerable<SensorFinding> findings, string domain) => findings.Single(f => f.Domain.Name == domain);
}
