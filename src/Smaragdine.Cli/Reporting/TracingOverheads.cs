using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Cli.Reporting;

/// <summary>What tracing added, where the manifest lists steps that ran untraced.</summary>
internal static class TracingOverheads
{
    /// <summary>Median traced against median untraced step; null without untraced ones.</summary>
    public static TracingOverhead? Of(Manifest manifest, MappedPower power)
    {
        if (manifest.UntracedSteps.Count == 0 || manifest.Steps.Count == 0)
        {
            return null;
        }

        List<Interval> traced = [.. manifest.Steps.Select(s => s.Window)];
        double time = Median(traced.Select(Seconds)) / Median(manifest.UntracedSteps.Select(Seconds));
        List<double> tracedJoules = [.. traced.Select(w => Joules(w, power)).OfType<double>()];
        List<double> plainJoules = [.. manifest.UntracedSteps.Select(w => Joules(w, power)).OfType<double>()];
        double? energy = tracedJoules.Count > 0 && plainJoules.Count > 0 && Median(plainJoules) > 0
            ? (Median(tracedJoules) / Median(plainJoules)) - 1
            : null;
        return double.IsFinite(time) ? new(time - 1, energy) : null;
    }

    private static double Seconds(Interval window) => window.Length.TotalSeconds;

    /// <summary>Energy of all devices in a window that is covered as good as whole; null otherwise.</summary>
    private static double? Joules(Interval window, MappedPower power)
    {
        double sum = 0;
        List<FeedingDomain> domains = [.. power.Devices.Values.SelectMany(d => d.Domains)];
        foreach (FeedingDomain domain in domains)
        {
            (Joules energy, Duration covered, _) = domain.Over(window);
            if (covered / window.Length < 0.99)
            {
                return null;
            }

            sum += energy.Value;
        }

        return domains.Count > 0 ? sum : null;
    }

    private static double Median(IEnumerable<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }
}
