using Smaragdine.Recordings;
using Smaragdine.Sensors.Activity;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Context;

/// <summary>
/// Of each processor package: the mean frequency of its CPUs (`package-0-frequency`, Hz), its temperature (`package-0-temperature`, m°C), how often it
/// throttled because it was too hot (`package-0-throttles`, events). Each where the machine has it.
/// </summary>
/// <remarks>On older kernels a frequency may cost an interrupt of that CPU and a wait of 10 ms: reading may block.</remarks>
internal sealed class ProcessorContextSensor : ISensor
{
    private readonly Reading[] readings;

    private ProcessorContextSensor(List<Reading> readings)
    {
        this.readings = [.. readings];
        Streams = [.. readings.Select(r => r.Stream)];
    }

    private enum Combine
    {
        Mean,
        Largest,
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => true;

    /// <summary>Null where the machine shows none of them.</summary>
    public static ProcessorContextSensor? TryOpen(SystemRoot root)
    {
        CpuTopology topology = CpuTopology.Read(root);

        // Where the kernel does not say which CPU is where, there is one socket.
        IReadOnlyList<int> sockets = topology.Sockets.Count == 0 ? [0] : topology.Sockets;
        ILookup<int, string> thermometers = Thermometers.Find(root, sockets).ToLookup(t => t.Socket, t => t.Path);
        string source = Thermometers.Source(root);
        List<Reading> found = [];
        foreach (int socket in sockets)
        {
            string[] cpus = [.. topology.SocketOf.Index().Where(c => (c.Item ?? sockets[0]) == socket).Select(c => root.At("sys", "devices", "system", "cpu", $"cpu{c.Index}"))];
            Add("frequency", ContextUnits.Hertz, "cpufreq", Combine.Mean, 1000, cpus.Select(c => Path.Combine(c, "cpufreq", "scaling_cur_freq")));
            Add("temperature", ContextUnits.Millidegrees, source, Combine.Largest, 1, thermometers[socket]);

            // Every CPU counts what befell the package while it was online: the one that was longest has them all.
            Add("throttles", ContextUnits.Events, "thermal_throttle", Combine.Largest, 1, cpus.Select(c => Path.Combine(c, "thermal_throttle", "package_throttle_count")));

            void Add(string what, string unit, string from, Combine combine, long factor, IEnumerable<string> paths)
            {
                ReopenedFile[] files = [.. paths.Select(p => new ReopenedFile(p)).Where(f => f.TryRead(out _))];
                if (files.Length > 0)
                {
                    found.Add(new(
                        new($"package-{socket}-{what}", StreamKind.Context, from, Quality.Measured, ContextSensors.Period) { Socket = socket, Unit = unit },
                        files, combine, factor));
                }
            }
        }

        return found.Count == 0 ? null : new(found);
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        for (int i = 0; i < readings.Length; i++)
        {
            statuses[i] = readings[i].TryRead(out values[i]) ? ReadStatus.Value : ReadStatus.Missed;
        }
    }

    public void Dispose()
    {
    }

    private sealed record Reading(RecordedStream Stream, ReopenedFile[] Files, Combine Combine, long Factor)
    {
        public bool TryRead(out long value)
        {
            int count = 0;
            long sum = 0;
            long largest = long.MinValue;
            foreach (ReopenedFile file in Files)
            {
                // A CPU that is offline has none.
                if (file.TryRead(out long one) && Math.Abs(one) < long.MaxValue / Factor / Files.Length)
                {
                    count++;
                    sum += one * Factor;
                    largest = Math.Max(largest, one * Factor);
                }
            }

            value = count == 0 ? 0 : Combine is Combine.Mean ? sum / count : largest;
            return count > 0;
        }
    }
}
