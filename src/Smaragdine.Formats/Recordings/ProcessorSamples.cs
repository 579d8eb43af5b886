using Smaragdine.Formats.Recordings.Wire;

namespace Smaragdine.Formats.Recordings;

/// <summary>The `cpu` samples of a DataSet: busy jiffies of each socket, and which socket a logical CPU sits in.</summary>
internal sealed class ProcessorSamples
{
    /// <summary>A 32-bit jiffy counter that wrapped has gone on by less than this between two samples; what is more went back.</summary>
    private const uint PlausibleJiffies = 1_000_000;

    private readonly Dictionary<uint, uint> lastBusy = [];
    private readonly Dictionary<uint, uint> socketOf = [];

    /// <summary>Busy jiffies by socket, cumulative from the first sample on.</summary>
    public SortedDictionary<uint, PacedCounter> Sockets { get; } = [];

    public int LogicalCpus => socketOf.Count;

    public int CpusOf(uint socket) => socketOf.Values.Count(s => s == socket);

    /// <summary>The socket of a logical CPU; of one that never appeared, the lowest.</summary>
    public uint SocketOf(uint cpu) => socketOf.TryGetValue(cpu, out uint socket) ? socket : Sockets.Keys.First();

    /// <summary>Takes a sample; returns how many of its readings lack a field without which they say nothing.</summary>
    public int Add(long time, CpuSample sample)
    {
        int incomplete = 0;
        Dictionary<uint, double> advance = [];
        foreach (CpuReading reading in sample.Reading)
        {
            if (!reading.HasCpu || !reading.HasSocket || !reading.HasUser || !reading.HasSystem)
            {
                incomplete++;
                continue;
            }

            // Old kernels have no irq, softirq: what does not exist took no time. guest and guest_nice are in user and nice already.
            uint busy = unchecked(reading.User + reading.Nice + reading.System + reading.Irq + reading.Softirq);
            double jiffies = 0;
            if (lastBusy.TryGetValue(reading.Cpu, out uint before))
            {
                uint moved = unchecked(busy - before);
                jiffies = moved < PlausibleJiffies ? moved : 0;
            }

            lastBusy[reading.Cpu] = busy;
            socketOf[reading.Cpu] = reading.Socket;
            advance[reading.Socket] = advance.GetValueOrDefault(reading.Socket) + jiffies;
        }

        foreach ((uint socket, double jiffies) in advance)
        {
            if (!Sockets.TryGetValue(socket, out PacedCounter? counter))
            {
                Sockets.Add(socket, counter = new());
            }

            counter.Add(time, counter.Last + jiffies);
        }

        return incomplete;
    }
}
