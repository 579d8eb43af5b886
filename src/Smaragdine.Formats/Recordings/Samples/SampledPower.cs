using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Energy and power streams as the power of domains; of several recordings those of one host, whose sensors one process read after another.</summary>
internal sealed class SampledPower(IReadOnlyList<RecordedSamples> recordings)
{
    /// <summary>A stream, and the recording that has it.</summary>
    private sealed record Candidate(RecordedSamples Recording, SampleSeries Series)
    {
        public RecordedStream Stream => Series.Stream;

        public Domain Domain { get; } = Domain.Parse(Series.Stream.Name);

        public string Label => $"{Recording.Name}, {Excerpt.Of(Stream.Name)}";

        public long FirstUnixNs => Series.Count == 0 ? long.MaxValue : unchecked(Series.Moment(0) + Recording.UnixOffset!.Value);
    }

    public List<DomainPower> ToPower(Action<Warning> warn)
    {
        // A counter misses nothing between its readings, so it goes before power readings of the same domain; of equals the first.
        List<Candidate> candidates = [.. recordings
            .Where(r => r.UnixOffset is not null)
            .SelectMany(r => r.Series.Select(s => new Candidate(r, s)))
            .Where(c => c.Stream.Kind is StreamKind.Energy or StreamKind.Power)
            .OrderBy(c => c.Stream.Kind is StreamKind.Energy ? 0 : 1)];
        List<DomainPower> result = [];
        foreach (IGrouping<string, Candidate> same in candidates.GroupBy(c => KeyOf(c, candidates), StringComparer.Ordinal))
        {
            if (OfDomain(same, warn) is not { } power)
            {
                continue;
            }

            // Two cards to which two processes gave one number.
            while (result.Exists(r => r.Domain == power.Domain))
            {
                power = power with { Domain = Domain.Gpu(power.Domain.Index + 1) };
            }

            result.Add(power);
        }

        return result;
    }

    /// <summary>A GPU is the same whatever number a process gave it, and within one recording a number is one GPU.</summary>
    private static string KeyOf(Candidate candidate, List<Candidate> all) =>
        (candidate.Stream.DeviceId ?? all.Find(c => c.Recording == candidate.Recording && c.Domain == candidate.Domain && c.Stream.DeviceId is not null)?.Stream.DeviceId)
            ?.ToUpperInvariant() ?? candidate.Domain.Name;

    private static DomainPower? OfDomain(IEnumerable<Candidate> candidates, Action<Warning> warn)
    {
        DomainPower? result = null;
        Dictionary<RecordedSamples, Candidate> used = [];
        foreach (List<Candidate> sensor in candidates.GroupBy(c => (c.Stream.Kind, c.Stream.Source)).SelectMany(s => Stretches([.. s.OrderBy(c => c.FirstUnixNs)])))
        {
            foreach (Candidate second in sensor.Where(c => used.ContainsKey(c.Recording)).ToList())
            {
                // A counter and a power reading of one device are recorded side by side on purpose; two of a kind are not.
                if (used[second.Recording].Stream.Kind == second.Stream.Kind)
                {
                    warn(new("domain-twice", $"{second.Label}: read by {Excerpt.Of(used[second.Recording].Stream.Source)} and by {Excerpt.Of(second.Stream.Source)}; the first is used"));
                }

                sensor.Remove(second);
            }

            if (sensor.Count == 0 || OfSensor(sensor, warn) is not { } power)
            {
                continue;
            }

            sensor.ForEach(c => used.Add(c.Recording, c));
            result = result is null ? power : result with
            {
                Timeline = result.Timeline.OrElse(power.Timeline),
                InGaps = Gaps(result, power),
                Quality = Qualities.Worst(result.Quality, power.Quality),
                Source = result.Source == power.Source ? result.Source : $"{result.Source}, then {power.Source}",
            };
        }

        return result;
    }

    /// <summary>What lay in a gap of the one and is known to the other is in no gap.</summary>
    private static PowerTimeline? Gaps(DomainPower one, DomainPower other)
    {
        PowerTimeline both = (one.InGaps ?? PowerTimeline.Empty).Outside(other.Timeline)
            .OrElse((other.InGaps ?? PowerTimeline.Empty).Outside(one.Timeline));
        return both.IsEmpty ? null : both;
    }

    /// <summary>
    /// Streams of one sensor by one process after another, together as long as a counter goes on from where the one before left it: some (perf's) begin at 0 with
    /// every process.
    /// </summary>
    private static IEnumerable<List<Candidate>> Stretches(List<Candidate> inOrder)
    {
        List<Candidate> stretch = [];
        foreach (Candidate candidate in inOrder)
        {
            bool first = stretch.Count == 0 || stretch.Exists(c => c.Recording == candidate.Recording);
            if (first || !GoesOn(stretch[^1], candidate))
            {
                if (stretch.Count > 0)
                {
                    yield return stretch;
                }

                stretch = [];
            }

            stretch.Add(candidate);
        }

        yield return stretch;
    }

    private static bool GoesOn(Candidate before, Candidate after) =>
        after.Stream.Kind is StreamKind.Power
        || before.Series.Count == 0
        || after.Series.Count == 0
        || (before.Stream.Range == after.Stream.Range && (after.Stream.Range is not null || after.Series.Values[0] >= before.Series.Values[^1]));

    private static DomainPower? OfSensor(List<Candidate> sensor, Action<Warning> warn)
    {
        string label = sensor[0].Label;
        RecordedStream stream = sensor[0].Stream;
        CounterSeries counter = new() { Range = stream.Range };
        PowerReadingSeries readings = new() { UpdatePeriod = stream.UpdatePeriod };
        bool counts = stream.Kind is StreamKind.Energy;
        int unusable = 0;
        foreach ((RecordedSamples samples, SampleSeries series) in sensor)
        {
            for (int i = 0; i < series.Count; i++)
            {
                if (series.Values[i] < 0 || samples.ToUnix(series.Moment(i)) is not { } time)
                {
                    unusable++;
                }
                else if (counts)
                {
                    counter.Add(time, CounterReading.FromMicrojoules((ulong)series.Values[i]));
                }
                else
                {
                    readings.Add(time, Watts.From(series.Values[i] / 1e6));
                }
            }
        }

        if (unusable > 0)
        {
            warn(new("unusable-samples", $"{label}: {unusable:N0} samples are negative, or their time is none; they are left out"));
        }

        (PowerTimeline timeline, PowerTimeline inGaps) = counts
            ? counter.ToTimelines(label, warn)
            : (readings.Count == 0 ? PowerTimeline.Empty : readings.ToTimeline(label, warn), PowerTimeline.Empty);
        if (timeline.IsEmpty)
        {
            warn(new("too-few-readings", $"{label}: {sensor.Sum(c => c.Series.Count):N0} reading(s), and no two of them tell a power; the domain is left out"));
            return null;
        }

        return new(sensor[0].Domain, timeline, sensor.Select(c => c.Stream.Quality).Max(), Excerpt.Of(stream.Source, 200),
            counts ? stream.UpdatePeriod : readings.UpdatePeriod, stream.DeviceId, stream.Window, inGaps.IsEmpty ? null : inGaps);
    }
}
