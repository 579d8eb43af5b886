using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>One domain as it feeds a device.</summary>
/// <param name="Power">The domain's power over time.</param>
/// <param name="Activity">Who used the processors that it powers; null where nobody watched (or on a GPU).</param>
/// <param name="Baseline">Its power while the machine is idle, where known.</param>
public sealed record FeedingDomain(DomainPower Power, ActivityTimeline? Activity = null, Watts? Baseline = null)
{
    /// <summary>The part of it that is one rank's, where several ranks of a job share it; null where all of it feeds the device.</summary>
    public RankShare? Share { get; init; }

    /// <summary>
    /// What of it feeds the device within a window: energy, covered time, and the mean part of it over that time (1 where it is not shared).
    /// </summary>
    public (Joules Energy, Duration Covered, double Part) Over(Interval window)
    {
        if (Share is null)
        {
            (Joules energy, Duration time) = Power.Timeline.Over(window);
            return (energy, time, 1);
        }

        double joules = 0;
        double part = 0;
        long covered = 0;
        foreach ((long start, long end, double watts, double share) in Pieces(window))
        {
            joules += watts * share * ((end - start) / 1e9);
            part += share * (end - start);
            covered += end - start;
        }

        return (Joules.From(joules), Duration.FromNanoseconds(covered), covered > 0 ? part / covered : Share.Elsewhere);
    }

    /// <summary>The power that feeds the device over time: of a domain that ranks share, the rank's part of it.</summary>
    public PowerTimeline Timeline()
    {
        if (Share is null || Power.Timeline.IsEmpty)
        {
            return Power.Timeline;
        }

        PowerTimeline.Builder pieces = new();
        foreach ((long start, long end, double watts, double share) in Pieces(Power.Timeline.Extent))
        {
            pieces.Add(start, end, watts * share);
        }

        return pieces.Build();
    }

    /// <summary>Pieces of constant power and share within a window.</summary>
    private IEnumerable<(long Start, long End, double Watts, double Share)> Pieces(Interval window)
    {
        DomainCursor cursor = new(this, GapRule.Idle, window.Start.UnixNanoseconds);
        long stop = window.End.UnixNanoseconds;
        for (long now = window.Start.UnixNanoseconds; now < stop;)
        {
            long next = Math.Min(stop, cursor.NextEdge(now));
            if (cursor.Covered)
            {
                yield return (now, next, cursor.Watts, cursor.Part);
            }

            now = next;
        }
    }
}

/// <summary>What is known of energy spent while no span of the device runs.</summary>
public enum GapRule
{
    /// <summary>The program owns the device: what no span takes is idle.</summary>
    Idle,

    /// <summary>Others share the device and nobody says when: no rule can place it.</summary>
    Unattributed,

    /// <summary>A processor with activity: the program's share is outside (Python, input pipeline), the rest goes by on-CPU time.</summary>
    ByActivity,
}

/// <summary>The domains that feed one device, and how its gaps are read.</summary>
public sealed record DevicePower(IReadOnlyList<FeedingDomain> Domains, GapRule Gaps)
{
    /// <summary>No power at all: a report about time.</summary>
    public static DevicePower None { get; } = new([], GapRule.Idle);

    public bool IsKnown => Domains.Count > 0;

    /// <summary>The worst of its domains.</summary>
    public Quality Quality => Domains.Count == 0 ? Quality.Measured : Domains.Max(d => d.Power.Quality);
}
