using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>Readings of one cumulative energy counter, in the order in which they were taken.</summary>
/// <remarks>
/// The difference of two readings is spread evenly over the time between them (split by overlap, never interpolated as points),
/// but over no more than three of the domain's median intervals before the later one: what lies further back is uncovered.
/// </remarks>
public sealed class CounterSeries
{
    /// <summary>A wrap whose mean power would exceed this is no wrap but a fault.</summary>
    public const double PlausibleWatts = 2000;

    /// <summary>No domain, a rack's meter included, draws as much: a reading that says so is damaged.</summary>
    public const double ImpossibleWatts = 1e6;

    private readonly List<(long Time, CounterReading Reading)> readings = [];

    /// <summary>Where the counter starts again, if its source says so.</summary>
    public CounterRange? Range { get; set; }

    public int Count => readings.Count;

    public void Add(Instant time, CounterReading reading) => readings.Add((time.UnixNanoseconds, reading));

    /// <summary>Power over time, and what was wrong with the readings.</summary>
    /// <param name="name">The domain, for the warnings.</param>
    /// <param name="warn">Takes warnings.</param>
    public PowerTimeline ToTimeline(string name, Action<Warning> warn)
    {
        ReadingOrder.Sort(readings, r => r.Time, name, warn);
        DropRepeats();
        long reach = ReadingOrder.Reach(readings, r => r.Time);
        CounterRange? range = Range;
        bool assumed = false;
        int jumps = 0;
        long firstJump = 0;
        int faults = 0;
        long firstFault = 0;
        if (range is null)
        {
            CounterReading largest = default;
            foreach ((long _, CounterReading reading) in readings)
            {
                largest = reading.Microjoules > largest.Microjoules ? reading : largest;
            }

            range = CounterRange.SmallestKnownAbove(largest);
        }

        PowerTimeline.Builder pieces = new();
        for (int i = 1; i < readings.Count; i++)
        {
            (long earlierTime, CounterReading earlier) = readings[i - 1];
            (long time, CounterReading later) = readings[i];
            if (time == earlierTime)
            {
                continue;
            }

            double seconds = (time - earlierTime) / 1e9;
            Joules? advance;
            if (later.Microjoules >= earlier.Microjoules)
            {
                advance = later - earlier;
                if (advance.Value.Value / seconds > ImpossibleWatts)
                {
                    firstJump = jumps++ == 0 ? time : firstJump;
                    continue;
                }
            }
            else
            {
                advance = range?.Advance(earlier, later);
                if (advance is { } wrapped && wrapped.Value / seconds > PlausibleWatts)
                {
                    advance = null;
                }

                if (advance is not null && Range is null)
                {
                    assumed = true;
                }
            }

            if (advance is not { } energy)
            {
                firstFault = faults++ == 0 ? time : firstFault;
                continue;
            }

            pieces.Add(Math.Max(earlierTime, time - reach), time, energy.Value / seconds);
        }

        if (assumed)
        {
            warn(new("counter-range-assumed",
                $"{name}: the counter went back and its range is not in the log; {range!.Value.MaxMicrojoules / 1e6:0.######} J was taken, the smallest known range above what it showed. Give `max_uj` to be sure."));
        }

        if (jumps > 0)
        {
            warn(new("counter-jumped",
                $"{name}: the counter jumped {(jumps == 1 ? "once" : $"{jumps} times")} by more than {ImpossibleWatts / 1e6:0} MW would give (first before {Instant.FromUnixNanoseconds(firstJump)}): that time counts as uncovered. Is a reading damaged?"));
        }

        if (faults > 0)
        {
            warn(new("counter-went-back",
                $"{name}: the counter went back {(faults == 1 ? "once" : $"{faults} times")} otherwise than by wrapping (first before {Instant.FromUnixNanoseconds(firstFault)}): that time counts as uncovered. Was the sensor reset?"));
        }

        return pieces.Build();
    }

    /// <summary>
    /// A counter that is polled faster than it is updated: only the readings at which it moved say when. When the first value came up is
    /// not known; taken at the first reading it would squeeze a whole update's energy into what is left of it, so it is put one update before the second.
    /// </summary>
    private void DropRepeats()
    {
        List<(long Time, CounterReading Reading)> moved = [];
        foreach ((long Time, CounterReading Reading) reading in readings)
        {
            if (moved.Count == 0 || moved[^1].Reading != reading.Reading)
            {
                moved.Add(reading);
            }
        }

        if (moved.Count > 1 && moved.Count - 1 < (readings.Count - 1) / 2.0)
        {
            if (moved.Count > 2)
            {
                List<(long Time, CounterReading Reading)> known = moved[1..];
                long update = ReadingOrder.MedianInterval(known, m => m.Time)!.Value;
                moved[0] = (Math.Min(moved[0].Time, moved[1].Time - update), moved[0].Reading);
            }

            readings.Clear();
            readings.AddRange(moved);
        }
    }
}
