using System.Globalization;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>Times as people write them: `4ms`, `1.5s`, `2m`, `10` (seconds).</summary>
internal static class TimeText
{
    /// <summary>500 h, in seconds: the system's own waits end at 2^31 ms.</summary>
    private const double Longest = 1.8e6;

    /// <summary>A sampling period: from 0.1 ms on, since below that the sampler would do nothing but sample.</summary>
    /// <exception cref="UsageException">it is no time, or too short or too long.</exception>
    public static Duration ParsePeriod(string text) => Parse(text, "--period") is var period && period.Nanoseconds >= 100_000
        ? period
        : throw new UsageException($"--period {text}: expected 0.1ms or more");

    /// <exception cref="UsageException">it is no time above zero, or too long.</exception>
    public static Duration Parse(string text, string option)
    {
        (string Suffix, double Seconds)[] units = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("min", 60), ("m", 60), ("h", 3600), ("s", 1), ("", 1)];
        (string suffix, double seconds) = units.First(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        return double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * seconds is > 0 and <= Longest
            ? Duration.FromSeconds(value * seconds)
            : throw new UsageException($"{option} {text}: expected a time such as 4ms, 1.5s or 2m, at most 500h");
    }
}
