using System.Globalization;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Reporting;

/// <summary>A log belongs to a trace only where they were taken at the same time.</summary>
internal static class PowerOverlap
{
    /// <exception cref="RefusedInputException">they do not overlap, or the trace's times count from an unknown moment.</exception>
    public static void Require(Trace trace, IReadOnlyList<DomainPower> log, string path, TimeZoneInfo localZone)
    {
        if (!trace.Clock.HasEpoch)
        {
            throw new RefusedInputException(
                $"{path}: the trace's times do not count from a known moment ({trace.Clock.Description}), so a power log cannot be aligned with it");
        }

        List<Interval> extents = [.. log.Where(d => !d.Timeline.IsEmpty).Select(d => d.Timeline.Extent)];
        if (extents.Count == 0)
        {
            throw new RefusedInputException($"{path}: fewer than two readings of any domain, so no energy between them");
        }

        if (trace.Extent() is not { } spans)
        {
            return;
        }

        Interval power = new(extents.Min(e => e.Start), extents.Max(e => e.End));
        if (!power.Overlaps(spans) && !power.IsEmpty)
        {
            throw new RefusedInputException(
                $"{path}: the power log and the trace do not overlap.\n  trace      {Range(spans, localZone)}\n  power log  {Range(power, localZone)}\nIs it another run's log, or one in another time zone (`--time-zone`)?");
        }
    }

    private static string Range(Interval range, TimeZoneInfo zone) =>
        $"{Local(range.Start, zone)} to {Local(range.End, zone)} local ({zone.Id}), {range.Start} to {range.End} UTC";

    private static string Local(Instant instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant.ToUtc(), zone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
