using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>Energy of one domain over the whole run.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Energy">All that is known, that in gaps included.</param>
/// <param name="Covered">How long its power is known.</param>
/// <param name="InGaps">What a counter advanced over gaps: used by whom and when, nothing says. No device has it.</param>
/// <param name="GapTime">How long these are.</param>
public sealed record DomainRun(string Domain, Energy Energy, Duration Covered, Joules InGaps, Duration GapTime)
{
    /// <summary>The time that <see cref="Energy"/> is of.</summary>
    public Duration Known => Covered + GapTime;
}

/// <summary>What tracing added, as a share of an untraced step: 0.1 is ten per cent longer.</summary>
public sealed record TracingOverhead(double Time, double? Energy);

/// <summary>The whole run beside its steps: totals, not per step.</summary>
/// <param name="Extent">From the first to the last thing known of the run.</param>
/// <param name="Energy">All that is known of it, that in gaps included; null without power.</param>
/// <param name="BetweenSteps">The part of it that is covered and outside the traced steps' windows.</param>
/// <param name="TracedShare">Share of the run's time that lies in traced steps.</param>
/// <param name="ByDomain">The same by domain, whole-machine domains not among them.</param>
/// <param name="WholeMachine">Domains that cover the whole machine: shown, never attributed.</param>
/// <param name="Overhead">Null where no step ran untraced.</param>
public sealed record RunAccount(
    Interval Extent,
    Energy? Energy,
    Joules? BetweenSteps,
    double TracedShare,
    IReadOnlyList<DomainRun> ByDomain,
    IReadOnlyList<DomainRun> WholeMachine,
    TracingOverhead? Overhead);
