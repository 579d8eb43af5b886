using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>One rank's recording.</summary>
/// <param name="Number">Its rank.</param>
/// <param name="Recording">Its trace's devices under its own name: `3/GPU:0`, `node1/CPU:0`.</param>
public sealed record RecordedRank(int Number, Recording Recording)
{
    /// <summary>From its first to its last moment; null where nothing tells.</summary>
    public Interval? Run => Recording.Manifest.Run ?? Recording.Samples?.Extent;
}

/// <summary>A host of a job: its ranks, and its sensors, which one of them after another read.</summary>
/// <param name="Name">As its directory is called.</param>
/// <param name="Ranks">In the order of their numbers.</param>
/// <param name="Sensors">Each domain once.</param>
/// <param name="Baseline">Idle power by domain.</param>
public sealed record RecordedHost(string Name, IReadOnlyList<RecordedRank> Ranks, IReadOnlyList<DomainPower> Sensors, IReadOnlyDictionary<string, Watts> Baseline);

/// <summary>A job of several ranks, read.</summary>
/// <param name="Layout">Where everything lies.</param>
/// <param name="Hosts">In the order of their first ranks.</param>
public sealed record RecordedJob(JobLayout Layout, IReadOnlyList<RecordedHost> Hosts)
{
    /// <summary>All ranks that could be read, in the order of their numbers.</summary>
    public IReadOnlyList<RecordedRank> Ranks { get; } = [.. Hosts.SelectMany(h => h.Ranks).OrderBy(r => r.Number)];

    /// <summary>The job as one recording; its trace is put together elsewhere, when it is known which devices have power.</summary>
    public Recording With(Trace trace)
    {
        RecordedRank first = Ranks.FirstOrDefault(r => !r.Recording.Trace.IsUntraced) ?? Ranks[0];
        List<Interval> runs = [.. Ranks.Select(r => r.Run).OfType<Interval>()];
        return first.Recording with
        {
            Path = Layout.Root,
            Trace = trace,
            Layout = new() { Root = Layout.Root },
            Manifest = first.Recording.Manifest with
            {
                Host = string.Join(", ", Hosts.Select(h => h.Name)),
                Run = runs.Count == 0 ? null : runs.Aggregate((a, b) => a.Hull(b)),
                Rank = null,
                HoldsSensors = null,
            },
            Sensors = [.. Hosts.SelectMany(h => h.Sensors)],
            Samples = null,
            Activity = null,
        };
    }
}
