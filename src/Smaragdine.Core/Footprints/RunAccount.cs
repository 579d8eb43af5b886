using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>Energy of one domain over the whole run.</summary>
public sealed record DomainRun(string Domain, Energy Energy, Duration Covered);

/// <summary>What tracing added, as a share of an untraced step: 0.1 is ten per cent longer.</summary>
public sealed record TracingOverhead(double Time, double? Energy);

/// <summary>The whole run beside its steps: totals, not per step.</summary>
/// <param name="Extent">From the first to the last thing known of the run.</param>
/// <param name="Energy">Over the covered part of it; null without power.</param>
/// <param name="BetweenSteps">The part of it outside the traced steps' windows.</param>
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
