using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>
/// Turns nvidia-smi's local times into Unix time. In the hour that a zone has twice when its clock goes back, the order of the rows decides.
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone, string name)
{
    /// <summary>Rows of several GPUs may be out of order by milliseconds; a clock that goes back does so by 30 minutes at least.</summary>
    private const long StepBack = 20 * 60 * 1_000_000_000L;

    private const long NanosecondsPerMinute = 60_000_000_000L;

    private long minute = long.MinValue;
    private long offset;
    private long laterOffset;
    private bool ambiguous;
    private long previous = long.MinValue;
    private long firstPass;
    private long secondPass;
    private string firstAmbiguous = "";

    /// <summary>Reads `yyyy/MM/dd HH:mm:ss[.f…]` as nanoseconds since 1970-01-01 of the same, unknown, clock.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long local)
    {
        local = 0;
        if (text.Length < 19 || text.Length > 29 || text[4] != '/' || text[7] != '/' || text[10] != ' ' || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out int year) || !Number(text[5..7], out int month) || !Number(text[8..10], out int day)
            || !Number(text[11..13], out int hour) || !Number(text[14..16], out int min) || !Number(text[17..19], out int second)
            || year is < 1973 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || min > 59 || second > 60)
        {
            return false;
        }

        int fraction = 0;
        if (text.Length > 19)
        {
            if (text[19] != '.' || text.Length == 20 || !Number(text[20..], out fraction))
            {
                return false;
            }

            for (int i = text.Length - 20; i < 9; i++)
            {
                fraction *= 10;
            }
        }

        DateTime minuteStart = new(year, month, day, hour, min, 0, DateTimeKind.Unspecified);
        local = ((minuteStart - DateTime.UnixEpoch).Ticks * 100) + (second * 1_000_000_000L) + fraction;
        return true;
    }

    /// <summary>Unix ns of a local time.</summary>
    /// <exception cref="RefusedInputException">the zone's clocks never showed it.</exception>
    [SuppressMessage("Performance", "MA0089", Justification = "not hot")]
    public long ToUnix(long local, long line)
    {
        long nowMinute = Math.DivRem(local, NanosecondsPerMinute).Quotient;
        if (nowMinute != minute)
        {
            Look(nowMinute, line);
        }

        long time = local - offset;
        if (ambiguous)
        {
            if (previous != long.MinValue && time < previous - StepBack)
            {
                time = local - laterOffset;
                secondPass++;
            }
            else
            {
                firstPass++;
            }
        }

        previous = Math.Max(previous, time);
        return time;
    }

    /// <summary>Warns where times could be read in two ways.</summary>
    public void Report(Action<Warning> warn)
    {
        if (firstPass + secondPass > 0)
        {
            warn(new("local-time-ambiguous",
                $"{name}: {firstPass + secondPass:N0} rows from {firstAmbiguous} on lie in the hour that {zone.Id} had twice. By their order {firstPass:N0} were taken for the first pass and {secondPass:N0} for the second; if the log began in the second, they are off by an hour. Log with `TZ=UTC nvidia-smi …` to be sure."));
        }
    }

    private void Look(long newMinute, long line)
    {
        minute = newMinute;
        DateTime time = DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(newMinute * (NanosecondsPerMinute / 100)), DateTimeKind.Unspecified);
        string shown = time.ToString("yyyy/MM/dd HH:mm", CultureInfo.InvariantCulture);
        if (zone.IsInvalidTime(time))
        {
            throw new RefusedInputException(
                $"{name}, line {line:N0}: {shown} did not exist in {zone.Id}: the clock went forward over it. The log was written in another zone; say which with `--time-zone`.");
        }

        ambiguous = zone.IsAmbiguousTime(time);
        if (!ambiguous)
        {
            offset = laterOffset = zone.GetUtcOffset(time).Ticks * 100;
            return;
        }

        // The first pass runs on the larger offset (summer time), the second on the smaller.
        TimeSpan[] offsets = zone.GetAmbiguousTimeOffsets(time);
        offset = offsets.Max().Ticks * 100;
        laterOffset = offsets.Min().Ticks * 100;
        firstAmbiguous = firstAmbiguous.Length == 0 ? shown : firstAmbiguous;
    }

    private static bool Number(ReadOnlySpan<byte> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
