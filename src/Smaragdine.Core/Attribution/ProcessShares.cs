using Smaragdine.Activity;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>The processors' energy over a period, shared among processes: <c>energy = Σ processes + unseen + idle</c>.</summary>
/// <param name="Processes">In the order of <see cref="ProcessUse.Processes"/>.</param>
/// <param name="Unseen">Of the on-CPU time that nobody is known for.</param>
/// <param name="Idle">Of nobody: the baseline, or all of it while hardly anything ran.</param>
public sealed record ProcessShares(IReadOnlyList<Joules> Processes, Joules Unseen, Joules Idle)
{
    /// <summary>
    /// Shares energy by on-CPU time, as `split` does between the program and others. Without a baseline a period in which less than 1 % of the capacity was
    /// used is idle; with one, what is above it is shared and the baseline is idle.
    /// </summary>
    /// <param name="energy">Of the processors over the period.</param>
    /// <param name="use">Who used them.</param>
    /// <param name="capacity">Logical CPUs.</param>
    /// <param name="baseline">The power of the processors at rest, where it is known.</param>
    public static ProcessShares Of(Joules energy, ProcessUse use, double capacity, Watts? baseline)
    {
        bool resting = use.Busy <= Duration.Zero
            || (baseline is null && use.Busy.TotalSeconds < DomainCursor.IdleUtilisation * capacity * use.Period.TotalSeconds);
        Joules rest = resting ? energy : baseline is { } watts ? watts * use.Period : Joules.Zero;
        Joules idle = rest < energy ? rest : energy;
        Joules shared = energy - idle;
        return new(
            [.. use.Processes.Select(p => resting ? Joules.Zero : shared * (p.OnCpu / use.Busy))],
            resting ? Joules.Zero : shared * (use.Unseen / use.Busy),
            idle);
    }
}
