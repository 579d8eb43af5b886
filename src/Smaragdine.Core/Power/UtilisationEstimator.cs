using Smaragdine.Activity;
using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>
/// Watts without a sensor: Σ over logical CPUs of idle + (full − idle) × utilisation. A model, not a measurement: published errors of such
/// models are −60…+112 % of a run's energy, and the joules of an operation are its CPU time rescaled.
/// </summary>
/// <remarks>Utilisation is already smoothed over at least 100 ms where it stands on jiffies (<see cref="ActivitySeries"/>).</remarks>
public static class UtilisationEstimator
{
    /// <summary>One domain for each socket of the activity (`package-0` for a whole host), covering what the activity covers.</summary>
    /// <exception cref="RefusedInputException">the user's watts are not positive, or idle exceeds full.</exception>
    public static IReadOnlyList<DomainPower> Estimate(ActivityInput activity, EstimatorOptions options, Action<Warning> warn)
    {
        (double idle, double full, string note) = PerCpu(options, activity.LogicalCpus, warn);
        string source = $"estimated from utilisation ({note}{idle:0.##}–{full:0.##} W per CPU)";
        List<DomainPower> domains = [];
        foreach (ActivityTimeline timeline in activity.Timelines)
        {
            PowerTimeline.Builder pieces = new();
            for (int i = 0; i < timeline.Count; i++)
            {
                double busy = Math.Min(timeline.Capacity, timeline.Program[i] + timeline.Other[i]);
                pieces.Add(timeline.Starts[i], timeline.Ends[i], (idle * timeline.Capacity) + ((full - idle) * busy));
            }

            domains.Add(new(Domain.Package(timeline.Socket ?? 0), pieces.Build(), Quality.Estimated, source));
        }

        return domains;
    }

    private static (double Idle, double Full, string Note) PerCpu(EstimatorOptions options, int cpus, Action<Warning> warn)
    {
        if (options.TdpWatts is { } given && !(double.IsFinite(given) && given > 0))
        {
            throw new RefusedInputException($"`--tdp {given}`: expected watts of the whole machine under full load, above 0");
        }

        if (options.IdleWatts is { } atRest && !(double.IsFinite(atRest) && atRest >= 0))
        {
            throw new RefusedInputException($"`--idle-power {atRest}`: expected watts of the whole machine at rest, 0 or more");
        }

        ProcessorGeneration generation = ProcessorGeneration.Default;
        string note = "";
        if (options.TdpWatts is null)
        {
            if (ProcessorGeneration.Of(options.CpuModel) is { } known)
            {
                generation = known;
                note = $"{known.Name}, ";
            }
            else
            {
                string model = string.IsNullOrWhiteSpace(options.CpuModel) ? "the processor's model is not known" : $"the processor `{Shown(options.CpuModel)}` is in no table";
                warn(new("estimator-default",
                    $"power is estimated, and {model}: {generation.IdleWatts}–{generation.FullWatts} W per logical CPU were taken, an average over cloud machines; say `--tdp` and `--idle-power` where you know them"));
            }
        }

        double full = options.TdpWatts / cpus ?? generation.FullWatts;
        double idle = options.IdleWatts / cpus ?? full * (generation.IdleWatts / generation.FullWatts);
        if (idle > full)
        {
            throw new RefusedInputException(options.TdpWatts is { } tdp
                ? $"`--idle-power {options.IdleWatts}` is above `--tdp {tdp}`: at rest a machine takes less than under full load"
                : $"`--idle-power {options.IdleWatts}` is {idle:0.##} W for each of {cpus} logical CPUs, above the {full:0.##} W that are assumed under full load; say `--tdp` too");
        }

        string said = (options.TdpWatts, options.IdleWatts) switch
        {
            (not null, not null) => "--tdp and --idle-power, ",
            (not null, null) => "--tdp, ",
            (null, not null) => "--idle-power, ",
            _ => "",
        };
        return (idle, full, note + said);
    }

    /// <summary>A model string comes from a file: nothing in it may act on a terminal.</summary>
    private static string Shown(string model)
    {
        string plain = string.Concat(model.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));
        return plain.Length > 60 ? plain[..60] + "…" : plain;
    }
}
