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
        return Allocated(() => sensor.Read(values, statuses));
    }

    /// <summary>
    /// Bytes that 10,000 calls allocate on this thread: the least of some rounds, as a collection that other tests set off or a tier of the
    /// compiler now and then adds to one round. What a call allocates is in all of them.
    /// </summary>
    public static long Allocated(Action call)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 0; round++)
        {
            call();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10_000; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    public static SensorFinding Of(this IEnumerable<SensorFinding> findings, string domain) => findings.Single(f => f.Domain.Name == domain);
}
