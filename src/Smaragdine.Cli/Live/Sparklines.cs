using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>The last minute of each domain's power, as a line of bars.</summary>
internal sealed class Sparklines
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private static readonly Duration Shown = Duration.FromSeconds(60);

    private readonly Dictionary<Domain, List<(Instant Time, Watts? Power)>> histories = [];

    /// <summary>Adds a moment, and forgets what is over a minute old.</summary>
    public void Add(Instant time, IReadOnlyList<TopDomain> domains)
    {
        foreach (TopDomain domain in domains)
        {
            if (!histories.TryGetValue(domain.Domain, out List<(Instant Time, Watts? Power)>? history))
            {
                histories.Add(domain.Domain, history = []);
            }

            history.Add((time, domain.Power));
            history.RemoveAll(h => time - h.Time >= Shown);
        }
    }

    /// <summary>The minute before the newest moment in so many bars, from zero to the highest of them; blank where nothing is known.</summary>
    public string Draw(Domain domain, int bars)
    {
        if (!histories.TryGetValue(domain, out List<(Instant Time, Watts? Power)>? history) || history.Count == 0)
        {
            return new(' ', bars);
        }

        Instant newest = history[^1].Time;
        double[] sums = new double[bars];
        int[] counts = new int[bars];
        foreach ((Instant time, Watts? power) in history)
        {
            if (power is { } watts)
            {
                int bar = bars - 1 - (int)((newest - time) / Shown * bars);
                sums[bar] += watts.Value;
                counts[bar]++;
            }
        }

        // Where looks are rarer than bars, each stands for the time since the one before.
        int gap = (int)Math.Ceiling(bars / Shown.TotalSeconds * Interval(history));
        double[] means = [.. sums.Select((s, i) => counts[i] > 0 ? s / counts[i] : double.NaN)];
        for (int i = bars - 1; i >= 0; i--)
        {
            for (int back = 1; back < gap && i - back >= 0 && counts[i] > 0 && counts[i - back] == 0; back++)
            {
                means[i - back] = means[i];
            }
        }

        double highest = means.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return string.Concat(means.Select(m => double.IsNaN(m) ? ' ' : Bars[highest > 0 ? Math.Min(Bars.Length - 1, (int)(m / highest * Bars.Length)) : 0]));
    }

    /// <summary>Seconds between two looks.</summary>
    private static double Interval(List<(Instant Time, Watts? Power)> history) =>
        history.Count < 2 ? 0 : (history[^1].Time - history[0].Time).TotalSeconds / (history.Count - 1);
}
