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

    /// <summary>Two readings may lie closer than the counter's own updates: a whole update's energy between them is no sign of a fault.</summary>
    private const double LongestUpdateSeconds = 0.01;

    private readonly List<(long Time, CounterReading Reading)> readings = [];

    /// <summary>Where the counter starts again, if its source says so.</summary>
    public CounterRange? Range { get; set; }

    public int Count => readings.Count;

    public void Add(Instant time, CounterReading reading) => readings.Add((time.UnixNanoseconds, reading));

    /// <summary>Power over time, and what was wrong with the readings.</summary>
    /// <param name="name">The domain, for the warnings.</param>
    /// <param name="warn">Takes warnings.</param>
    public PowerTimeline ToTimeline(string name, Action<Warning> warn) => Build(name, oneRun: false, warn).Covered;

    /// <summary>
    /// The same of a counter that one recorder read without a break: what it advanced over a gap is known then, and only when it did is not.
    /// </summary>
    /// <param name="name">The domain, for the warnings.</param>
    /// <param name="warn">Takes warnings.</param>
    /// <returns>
    /// Beside the power its mean over the stretches between that are too long to tell more: together they hold what the counter advanced from its
    /// first to its last reading. A gap in which it may have wrapped more than once is in neither.
    /// </returns>
    public (PowerTimeline Covered, PowerTimeline InGaps) ToTimelines(string name, Action<Warning> warn) => Build(name, oneRun: true, warn);

    private (PowerTimeline Covered, PowerTimeline InGaps) Build(string name, bool oneRun, Action<Warning> warn)
    {
        ReadingOrder.Sort(readings, r => r.Time, name, warn);
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

        DropOutliers(range, name, warn);
        DropRepeats();
        long reach = ReadingOrder.Reach(readings, r => r.Time);
        PowerTimeline.Builder pieces = new();
        PowerTimeline.Builder gaps = new();
        int ambiguous = 0;
        double ambiguousSeconds = 0;
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
                if (advance is { } wrapped && !IsPlausible(wrapped, seconds))
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

            long known = Math.Max(earlierTime, time - reach);
            if (known > earlierTime && oneRun)
            {
                if (range is { } most && PlausibleWatts * seconds * 1e6 >= most.MaxMicrojoules)
                {
                    // Its mean power would be a guess too, so the end of the gap stays uncovered as well.
                    ambiguous++;
                    ambiguousSeconds += seconds;
                    continue;
                }

                gaps.Add(earlierTime, known, energy.Value / seconds);
            }

            pieces.Add(known, time, energy.Value / seconds);
        }

        if (ambiguous > 0)
        {
            warn(new("counter-gap",
                $"{name}: {(ambiguous == 1 ? "a gap" : $"{ambiguous} gaps")} of {ambiguousSeconds:0.#} s {(ambiguous == 1 ? "" : "together ")}in which the counter may have wrapped more than once: that time counts as uncovered, and its energy is in no sum. Was the recorder or the machine stopped?"));
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

        return (pieces.Build(), gaps.Build());
    }

    /// <summary>Whether a domain can have used so much in that time.</summary>
    private static bool IsPlausible(Joules advance, double seconds) => advance.Value <= PlausibleWatts * Math.Max(seconds, LongestUpdateSeconds);

    /// <summary>
    /// A single reading that neither follows from the one before nor leads to the next, while these two agree, is no joule but garbage: taken for
    /// the truth its jump would be counted, and the way back, which is no wrap, not taken off again.
    /// </summary>
    private void DropOutliers(CounterRange? range, string name, Action<Warning> warn)
    {
        int kept = 1;
        int dropped = 0;
        long first = 0;
        for (int i = 1; i < readings.Count; i++)
        {
            if (i + 1 < readings.Count && !Follows(readings[kept - 1], readings[i]) && !Follows(readings[i], readings[i + 1]) && Follows(readings[kept - 1], readings[i + 1]))
            {
                first = dropped++ == 0 ? readings[i].Time : first;
                continue;
            }

            readings[kept++] = readings[i];
        }

        if (dropped > 0)
        {
            readings.RemoveRange(kept, readings.Count - kept);
            warn(new("counter-outlier",
                $"{name}: {(dropped == 1 ? "a reading agrees" : $"{dropped} readings agree")} neither with the one before nor with the next, which agree with each other (first at {Instant.FromUnixNanoseconds(first)}): left out. Does the sensor give garbage now and then?"));
        }

        bool Follows((long Time, CounterReading Reading) earlier, (long Time, CounterReading Reading) later)
        {
            Joules? advance = later.Reading.Microjoules >= earlier.Reading.Microjoules ? later.Reading - earlier.Reading : range?.Advance(earlier.Reading, later.Reading);
            return advance is { } joules && IsPlausible(joules, (later.Time - earlier.Time) / 1e9);
        }
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
