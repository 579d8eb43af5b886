using Smaragdine.Units;

namespace Smaragdine.Activity;

/// <summary>
/// Who used the processors of a host on which several ranks of a job run: all of them together are the program, and each has its part of it.
/// </summary>
/// <remarks>
/// Each rank's recorder watched its own program, and everybody, at times of its own. Time is cut into cells at the recorders' samples, and a rank's rate in a
/// cell is its mean there, so that no on-CPU time is lost or counted twice. What everybody used is the mean of what the recorders saw; others used what is
/// left of that. Before a recorder's first sample and after its last one its rank did not run. In a gap between them nobody knows, and the cell is left out.
/// </remarks>
public sealed class HostActivity
{
    /// <summary>A cell is not shorter than a recorder's sampling interval, or eight ranks would make eight times as many.</summary>
    private static readonly Duration ShortestCell = Duration.FromMilliseconds(10);

    private readonly Dictionary<ActivityTimeline, RankShare[]> shares = [];
    private readonly int ranks;

    private HostActivity(int ranks) => this.ranks = ranks;

    /// <summary>All ranks as the program; null where no rank's activity is known.</summary>
    public ActivityInput? Input { get; private set; }

    /// <summary>The activity of all ranks of a host together.</summary>
    /// <param name="ofRanks">Null where nobody watched a rank: its on-CPU time is others' then.</param>
    public static HostActivity Of(IReadOnlyList<ActivityInput?> ofRanks)
    {
        HostActivity host = new(ofRanks.Count);
        List<ActivityInput> known = [.. ofRanks.OfType<ActivityInput>().Where(IsKnown)];
        if (known.Count == 0)
        {
            return host;
        }

        List<ActivityTimeline> timelines = [];
        foreach (int? socket in Sockets(known))
        {
            RankReader?[] readers = [.. ofRanks.Select(a => a is not null && IsKnown(a) ? new RankReader(Pick(a, socket)) : null)];
            (ActivityTimeline timeline, double[][] parts) = Merge(socket, readers);
            timelines.Add(timeline);
            host.shares.Add(timeline, [.. parts.Select(p => new RankShare(p, 1.0 / ofRanks.Count))]);
        }

        host.Input = new(timelines, known.Max(a => a.LogicalCpus));
        return host;
    }

    /// <summary>A rank's part of what <paramref name="timeline"/> is the activity of; an equal one where that is null.</summary>
    /// <param name="rank">Its position in the list that this was made of.</param>
    /// <param name="timeline">One of <see cref="Input"/>'s, or null.</param>
    public RankShare ShareOf(int rank, ActivityTimeline? timeline) =>
        timeline is not null && shares.TryGetValue(timeline, out RankShare[]? parts) ? parts[rank] : RankShare.Equal(ranks);

    private static bool IsKnown(ActivityInput activity) => activity.Timelines.Count > 0 && activity.Timelines.All(t => t.Count > 0);

    /// <summary>The sockets that all recorders tell apart alike; else the host as one (null).</summary>
    private static List<int?> Sockets(List<ActivityInput> known)
    {
        HashSet<int?> first = [.. known[0].Timelines.Select(t => t.Socket)];
        return first.Contains(null) || !known.TrueForAll(a => first.SetEquals(a.Timelines.Select(t => t.Socket))) ? [null] : [.. first.Order()];
    }

    /// <summary>What a rank has of a socket; of the host as one its own timeline for that, or all sockets'.</summary>
    private static List<ActivityTimeline> Pick(ActivityInput activity, int? socket)
    {
        List<ActivityTimeline> own = [.. activity.Timelines.Where(t => t.Socket == socket)];
        return own.Count > 0 ? own : [.. activity.Timelines];
    }

    private static (ActivityTimeline Timeline, double[][] Parts) Merge(int? socket, RankReader?[] readers)
    {
        int n = readers.Length;
        List<double>[] parts = [.. readers.Select(_ => new List<double>())];
        ActivityTimeline.Builder cells = new(socket, readers.Max(r => r?.Capacity ?? 0));
        double[] program = new double[n];
        long end = readers.Max(r => r?.End ?? long.MinValue);
        for (long from = readers.Min(r => r?.Start ?? long.MaxValue); from < end;)
        {
            long to = end;
            foreach (RankReader? reader in readers)
            {
                to = Math.Min(to, reader?.EdgeFrom(from + ShortestCell.Nanoseconds) ?? to);
            }

            bool known = true;
            double busy = 0;
            int watching = 0;
            for (int i = 0; i < n; i++)
            {
                RankUse use = readers[i]?.Over(from, to) ?? default;
                known &= !use.HasGap;
                program[i] = use.ProgramSeconds / ((to - from) / 1e9);
                if (use.CoveredNs > 0)
                {
                    watching++;
                    busy += (use.ProgramSeconds + use.OtherSeconds) / (use.CoveredNs / 1e9);
                }
            }

            if (known && watching > 0)
            {
                double all = program.Sum();
                cells.Add(from, to, all, (busy / watching) - all);
                for (int i = 0; i < n; i++)
                {
                    parts[i].Add(all > 0 ? program[i] / all : 1.0 / n);
                }
            }

            from = to;
        }

        return (cells.Build(), [.. parts.Select(p => p.ToArray())]);
    }

    /// <summary>What a rank's recorder saw in a cell.</summary>
    private readonly record struct RankUse(double ProgramSeconds, double OtherSeconds, long CoveredNs, bool HasGap);

    /// <summary>Walks along a rank's timelines (its sockets', as one), forwards.</summary>
    private sealed class RankReader(List<ActivityTimeline> timelines)
    {
        private readonly int[] pieces = new int[timelines.Count];

        public double Capacity => timelines.Sum(t => t.Capacity);

        public long Start { get; } = timelines.Min(t => t.Starts[0]);

        public long End { get; } = timelines.Max(t => t.Ends[^1]);

        /// <summary>The first edge of a piece not before <paramref name="time"/>; null where there is none.</summary>
        public long? EdgeFrom(long time)
        {
            long? first = null;
            for (int t = 0; t < timelines.Count; t++)
            {
                ActivityTimeline timeline = timelines[t];
                for (int i = pieces[t]; i < timeline.Count; i++)
                {
                    long edge = timeline.Starts[i] >= time ? timeline.Starts[i] : timeline.Ends[i];
                    if (edge >= time)
                    {
                        first = Math.Min(first ?? edge, edge);
                        break;
                    }
                }
            }

            return first;
        }

        /// <summary>Over [from, to), which never goes back.</summary>
        public RankUse Over(long from, long to)
        {
            double program = 0;
            double other = 0;
            long covered = long.MaxValue;
            for (int t = 0; t < timelines.Count; t++)
            {
                ActivityTimeline timeline = timelines[t];
                long here = 0;
                int i = pieces[t];
                for (; i < timeline.Count && timeline.Starts[i] < to; i++)
                {
                    long length = Math.Min(to, timeline.Ends[i]) - Math.Max(from, timeline.Starts[i]);
                    if (length > 0)
                    {
                        program += timeline.Program[i] * (length / 1e9);
                        other += timeline.Other[i] * (length / 1e9);
                        here += length;
                    }

                    if (timeline.Ends[i] > to)
                    {
                        break;
                    }
                }

                pieces[t] = i;
                covered = Math.Min(covered, here);
            }

            long inside = Math.Max(0, Math.Min(to, End) - Math.Max(from, Start));
            return new(program, other, covered, covered < inside);
        }
    }
}
