using Smaragdine.Comparison;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>What a change is made of, in words: more calls, longer calls, more power.</summary>
internal static class Because
{
    /// <summary>A factor that does less than this part of what the largest does is not named.</summary>
    private const double LeastPart = 0.25;

    /// <summary>The factors that matter, the largest first, as many as fit; empty where nothing is claimed or seen.</summary>
    public static string Of(ModuleChange change, ComparisonOptions options, int width = int.MaxValue)
    {
        Difference? difference = change.Whole.By(options.Measure).Difference;
        bool worth = change.Verdict is Verdict.Higher or Verdict.Lower
            || (change.Verdict is Verdict.NotTested && difference?.Ratio is { } ratio && Math.Abs(ratio - 1) >= options.LeastChange);
        if (!worth || change.Factors is not { } factors)
        {
            return "";
        }

        // Estimated watts are CPU time by time.
        string power = $"{(change.Quality ?? Quality.Derived).Mark()}power";
        (string More, string Less, double? Ratio)[] all =
        [
            ("more calls", "fewer calls", factors.Calls),
            ("longer calls", "shorter calls", factors.TimePerCall),
            ($"more {power}", $"less {power}", factors.Power),
            ("more of it with power", "less of it with power", factors.Coverage),
        ];
        List<(string Name, double Ratio)> named = [.. all
            .Where(f => f.Ratio is > 0)
            .Select(f => (f.Ratio > 1 ? f.More : f.Less, f.Ratio!.Value))
            .OrderByDescending(f => Math.Abs(Math.Log(f.Value)))];
        double most = named.Count == 0 ? 0 : Math.Abs(Math.Log(named[0].Ratio));
        double least = Math.Max(LeastPart * most, Math.Log(1 + options.LeastChange));
        string text = "";
        foreach ((string name, double by) in named.Where(f => Math.Abs(Math.Log(f.Ratio)) >= least))
        {
            string longer = $"{text}{(text.Length > 0 ? ", " : "")}{name} {ChangeText.Ratio(by)}";
            if (longer.Length > width)
            {
                break;
            }

            text = longer;
        }

        return text;
    }
}
