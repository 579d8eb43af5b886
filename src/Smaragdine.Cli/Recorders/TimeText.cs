using System.Globalization;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>Times as people write them: `4ms`, `1.5s`, `2m`, `10` (seconds).</summary>
internal static class TimeText
{
    /// <exception cref="UsageException">it is no time above zero.</exception>
    public static Duration Parse(string text, string option)
    {
        (string Suffix, double Seconds)[] units = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("min", 60), ("m", 60), ("h", 3600), ("s", 1), ("", 1)];
        (string suffix, double seconds) = units.First(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        return double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * seconds is > 0 and < 1e8
            ? Duration.FromSeconds(value * seconds)
            : throw new UsageException($"{option} {text}: expected a time such as 4ms, 1.5s or 2m");
    }
}
