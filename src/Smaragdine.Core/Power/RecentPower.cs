using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>The power of a domain at the end of what is known of it: what a live display shows.</summary>
public static class RecentPower
{
    /// <summary>A sensor whose update period is not known is taken to update at least this often.</summary>
    private static readonly Duration UnknownUpdate = Duration.FromMilliseconds(100);

    /// <summary>So many updates are averaged at least: fewer would show where they fell, and not the power.</summary>
    private const int LeastUpdates = 3;

    /// <summary>What was last known is shown for so long beyond that.</summary>
    private static readonly Duration Patience = Duration.FromSeconds(3);

    /// <summary>Mean power over the last <paramref name="period"/> that is known, or over three updates of the sensor where these take longer.</summary>
    /// <param name="power">The domain.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="period">How much of the past is wanted.</param>
    /// <returns>Null where nothing is known of that time: missing is not zero.</returns>
    public static Watts? Of(DomainPower power, Instant now, Duration period)
    {
        if (power.Timeline.IsEmpty)
        {
            return null;
        }

        Duration updates = (power.UpdatePeriod ?? UnknownUpdate) * LeastUpdates;
        Duration span = period > updates ? period : updates;
        Instant known = power.Timeline.Extent.End;
        Instant end = known < now ? known : now;
        if (now - end > span + Patience)
        {
            return null;
        }

        (Joules energy, Duration covered) = power.Timeline.Over(new(end - span, end));
        return covered > Duration.Zero ? energy / covered : null;
    }
}
