using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>One domain as a sweep walks along it: its power now, who may claim it, and the account of what was charged.</summary>
internal sealed class DomainCursor
{
    /// <summary>Below this share of the processors' capacity an interval is idle, where no baseline is known.</summary>
    public const double IdleUtilisation = 0.01;

    private readonly PowerTimeline power;
    private readonly ActivityTimeline? activity;
    private readonly double? baseline;
    private readonly RankShare? share;
    private readonly GapRule gaps;
    private DoubleDouble total;
    private DoubleDouble operations;
    private DoubleDouble idle;
    private DoubleDouble other;
    private DoubleDouble outside;
    private DoubleDouble unattributed;
    private long coveredNs;
    private int piece;
    private int activityPiece;
    private long now;

    public DomainCursor(FeedingDomain domain, GapRule gaps, long start)
    {
        power = domain.Power.Timeline;
        activity = domain.Activity;
        baseline = domain.Baseline?.Value;
        share = domain.Share;
        this.gaps = gaps;
        piece = power.FirstEndingAfter(start);
        activityPiece = activity?.FirstEndingAfter(start) ?? 0;
        now = start;
    }

    /// <summary>Whether there is power at the present moment.</summary>
    public bool Covered => piece < power.Count && power.Starts[piece] <= now;

    /// <summary>The domain's power now; only where it is <see cref="Covered"/>.</summary>
    public double Watts => power.Watts[piece];

    /// <summary>The part of it that feeds the device now.</summary>
    public double Part => share is null ? 1 : ActivityKnown ? share.At(activityPiece) : share.Elsewhere;

    private bool ActivityKnown => activity is not null && activityPiece < activity.Count && activity.Starts[activityPiece] <= now;

    public DomainAccount Account => new()
    {
        Total = total.Value,
        Operations = operations.Value,
        Idle = idle.Value,
        OtherProcesses = other.Value,
        Outside = outside.Value,
        Unattributed = unattributed.Value,
        CoveredNs = coveredNs,
    };

    /// <summary>Moves to <paramref name="time"/> (never back) and says when power or activity changes next.</summary>
    public long NextEdge(long time)
    {
        now = time;
        while (piece < power.Count && power.Ends[piece] <= time)
        {
            piece++;
        }

        long next = piece == power.Count ? long.MaxValue
            : power.Starts[piece] > time ? power.Starts[piece] : power.Ends[piece];
        if (activity is null)
        {
            return next;
        }

        while (activityPiece < activity.Count && activity.Ends[activityPiece] <= time)
        {
            activityPiece++;
        }

        long change = activityPiece == activity.Count ? long.MaxValue
            : activity.Starts[activityPiece] > time ? activity.Starts[activityPiece] : activity.Ends[activityPiece];
        return Math.Min(next, change);
    }

    /// <summary>Books the energy of the time from now on; returns what the running spans may share, in joules.</summary>
    public double Charge(long lengthNs, bool spansRun)
    {
        double energy = Watts * Part * (lengthNs / 1e9);
        total.Add(energy);
        coveredNs += lengthNs;
        double mine = gaps is GapRule.ByActivity ? ProgramShare(energy, lengthNs) : energy;
        if (spansRun)
        {
            operations.Add(mine);
            return mine;
        }

        switch (gaps)
        {
            case GapRule.ByActivity:
                outside.Add(mine);
                break;
            case GapRule.Unattributed:
                unattributed.Add(mine);
                break;
            default:
                idle.Add(mine);
                break;
        }

        return 0;
    }

    /// <summary>What is the program's of this energy by on-CPU time; the rest is booked as idle, other processes or unattributed.</summary>
    private double ProgramShare(double energy, long lengthNs)
    {
        if (!ActivityKnown)
        {
            unattributed.Add(energy);
            return 0;
        }

        double program = activity!.Program[activityPiece];
        double others = activity.Other[activityPiece];
        double busy = program + others;
        bool isIdle = baseline is null ? busy < IdleUtilisation * activity.Capacity : busy <= 0;
        if (isIdle)
        {
            idle.Add(energy);
            return 0;
        }

        if (baseline is { } watts && program <= 0)
        {
            double resting = Math.Min(energy, watts * Part * (lengthNs / 1e9));
            idle.Add(resting);
            energy -= resting;
        }

        double theirs = energy * (others / busy);
        other.Add(theirs);
        return energy - theirs;
    }
}
