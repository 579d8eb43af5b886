using System.Globalization;
using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>The text of a time in nanoseconds since 1970. Another unit or epoch is told by its magnitude and named, never converted.</summary>
internal static class UnixNanoseconds
{
    /// <summary>March 1973: what is smaller is another unit, or does not count from 1970.</summary>
    private const double Smallest = 1e17;

    /// <summary>Reads a whole decimal number.</summary>
    /// <param name="text">The field.</param>
    /// <param name="column">Its column, for the message.</param>
    /// <param name="time">Unix ns.</param>
    /// <param name="wrongUnit">The number is a time in another unit or from another epoch.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> text, string column, out long time, out bool wrongUnit)
    {
        wrongUnit = false;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out time) && time >= Smallest)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || value < 0)
        {
            return $"`{column}` is `{Excerpt.Of(text, 40)}`, expected nanoseconds since 1970 as a whole number";
        }

        if (value >= Smallest)
        {
            return $"`{column}` is `{Excerpt.Of(text, 40)}`, expected a whole number without a fraction or exponent (a floating-point number cannot hold nanoseconds since 1970)";
        }

        wrongUnit = true;
        string looks = value switch
        {
            >= 1e14 => "looks like microseconds since 1970",
            >= 1e11 => "looks like milliseconds since 1970, or nanoseconds of a clock that starts at boot",
            >= 1e8 => "looks like seconds since 1970",
            _ => "is no time since 1970",
        };
        return $"`{column}` is {Excerpt.Of(text, 40)}, which {looks}; expected nanoseconds since 1970, like 1795247904184007905. Convert the log; it is not guessed";
    }
}
