using System.Globalization;

namespace Smaragdine.Cli.Commands;

/// <summary>Shares as people write them: `5%`, `0.5 %`. A bare number is refused: 0.05 may mean either.</summary>
internal static class Percentage
{
    /// <exception cref="UsageException">it is none, or below 0.</exception>
    public static double Parse(string text, string option) =>
        text.EndsWith('%')
        && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double percent)
        && percent is >= 0 and <= 1e6
            ? percent / 100
            : throw new UsageException($"{option} {text}: expected a percentage from 0 on, such as 5% or 0.5%");
}
