using System.Globalization;
using System.Security;
using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>The argument of `--time-zone`.</summary>
public static class TimeZones
{
    /// <summary>Reads `UTC`, an offset `±hh:mm`, or a name of the IANA database (`Europe/Berlin`).</summary>
    /// <exception cref="RefusedInputException">it is none of these, or this machine does not know the zone.</exception>
    public static TimeZoneInfo Parse(string text)
    {
        string name = text.Trim();
        if (name is "UTC" or "utc" or "Z")
        {
            return TimeZoneInfo.Utc;
        }

        if (name.Length > 0 && name[0] is '+' or '-')
        {
            // The widest offsets in use are −12:00 and +14:00, and TimeZoneInfo takes no more than ±14:00.
            if (TimeSpan.TryParseExact(name[1..], @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan offset) && offset <= TimeSpan.FromHours(14))
            {
                return TimeZoneInfo.CreateCustomTimeZone(name, name[0] == '-' ? -offset : offset, name, name);
            }

            throw Refused(name);
        }

        try
        {
            return name.Length == 0 ? throw Refused(name) : TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException or UnauthorizedAccessException or IOException or ArgumentException)
        {
            throw Refused(name);
        }
    }

    private static RefusedInputException Refused(string name) => new(
        $"time zone `{Excerpt.Of(name, 60)}`: not known here; expected `UTC`, an offset like `+01:00`, or a name like `Europe/Berlin` (these need the system's time zone data, package tzdata)");
}
