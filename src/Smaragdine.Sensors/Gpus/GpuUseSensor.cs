using Smaragdine.Recordings;
using Smaragdine.Sensors.Activity;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Gpus;

/// <summary>How many processes that are not the program's compute on each GPU: streams `gpu-0-other-processes`, … Remembers who was there.</summary>
/// <remarks>
/// A context is no work: a process may be listed and idle. In a container the driver's process ids may be the host's: until one of the program's own is
/// among them nothing is known, unless this process is in the first PID namespace.
/// </remarks>
internal sealed class GpuUseSensor : ISensor
{
    /// <summary>Contexts live for seconds and longer.</summary>
    public static readonly Duration Period = Duration.FromSeconds(1);

    /// <summary>The first PID namespace has this number on every Linux (PROC_PID_INIT_INO).</summary>
    private const string FirstNamespace = "pid:[4026531836]";

    private readonly IReadOnlyList<(IGpuFamily Family, int Card)> cards;
    private readonly SystemRoot processes;
    private volatile int program;
    private ProgramMembers members;
    private readonly Lock gate = new();
    private readonly GpuUse[] uses;
    private readonly List<int> pids = [];
    private readonly bool inFirstNamespace;
    private GpuVariables? variables;
    private bool ownSeen;

    /// <param name="cards">What to watch, with the name of the domain; the sensor disposes of the families.</param>
    /// <param name="processes">Where `/proc` is.</param>
    /// <param name="program">The recorded process.</param>
    public GpuUseSensor(IReadOnlyList<(IGpuFamily Family, int Card, string Domain)> cards, SystemRoot processes, int program)
    {
        this.cards = [.. cards.Select(c => (c.Family, c.Card))];
        this.processes = processes;
        this.program = program;
        members = new(processes, program);
        uses = [.. cards.Select(_ => new GpuUse())];
        inFirstNamespace = new FileInfo(processes.At("proc", "self", "ns", "pid")).LinkTarget == FirstNamespace;
        variables = GpuVariables.Of(processes, program);
        Streams = [.. cards.Select(c => new RecordedStream($"{c.Domain}-other-processes", StreamKind.Context, c.Family.Vendor, Quality.Measured, Period)
        {
            DeviceId = c.Family.Cards[c.Card].Facts is var facts ? facts.Uuid ?? facts.PciBusId : null,
            Unit = ContextUnits.Processes,
        })];
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    public bool MayBlock => true;

    /// <summary>What the recorded process itself was started with, as last seen; null where that could not be read.</summary>
    public GpuVariables? Variables
    {
        get
        {
            lock (gate)
            {
                return variables;
            }
        }
    }

    /// <summary>Says which process the recorded one is, where it was started after this. It may be read on another thread meanwhile.</summary>
    public void Follow(int pid) => program = pid;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        if (members.Program != program)
        {
            members = new(processes, program);
        }

        // A wrapper (`env CUDA_VISIBLE_DEVICES=1 python …`) becomes another program with other variables under the same id.
        GpuVariables? now = GpuVariables.Of(processes, program);
        lock (gate)
        {
            variables = now ?? variables;
        }

        for (int i = 0; i < uses.Length; i++)
        {
            pids.Clear();
            bool listed = cards[i].Family.TryListProcesses(cards[i].Card, pids);
            lock (gate)
            {
                values[i] = listed ? Count(uses[i]) : 0;
                statuses[i] = listed && IdsAgree ? ReadStatus.Value : ReadStatus.Missed;
            }
        }
    }

    /// <summary>What was seen so far, whether it is shared, and who of the program was there.</summary>
    public (bool? Shared, bool Own, IReadOnlyList<GpuVariables> Programs) UseOf(IGpuFamily family, int card)
    {
        lock (gate)
        {
            int i = cards.Index().FirstOrDefault(c => c.Item == (family, card), (-1, default)).Index;
            return i < 0 ? (null, false, []) : (uses[i].Shared(family.Cards[card].Divided, IdsAgree), uses[i].Own, [.. uses[i].Programs]);
        }
    }

    public void Dispose()
    {
        foreach (IGpuFamily family in cards.Select(c => c.Family).Distinct())
        {
            family.Dispose();
        }
    }

    private bool IdsAgree => inFirstNamespace || ownSeen;

    private int Count(GpuUse use)
    {
        int others = 0;
        use.Listed = true;
        foreach (int pid in pids)
        {
            // An id of no process is one that ended just now, or another namespace's.
            bool? member = pid > 0 ? members.Contains(pid) : false;
            others += member is false ? 1 : 0;
            if (member is true)
            {
                use.Own = ownSeen = true;
                if (GpuVariables.Of(processes, pid) is { } started)
                {
                    use.Programs.Add(started);
                }
            }
        }

        use.Others |= others > 0;
        return others;
    }
}
