using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>Energy and power streams as the power of domains.</summary>
internal sealed class SampledPower(RecordedSamples samples)
{
    public List<DomainPower> ToPower(Action<Warning> warn)
    {
        List<DomainPower> result = [];
        if (samples.UnixOffset is null)
        {
            return result;
        }

        // A counter misses nothing between its readings, so it goes before power readings of the same domain; of equals the first.
        List<SampleSeries> candidates = [.. samples.Series
            .Where(s => s.Stream.Kind is StreamKind.Energy or StreamKind.Power)
            .OrderBy(s => s.Stream.Kind is StreamKind.Energy ? 0 : 1)];
        foreach (SampleSeries series in candidates)
        {
            Domain domain = Domain.Parse(series.Stream.Name);
            string label = $"{samples.Name}, {Excerpt.Of(series.Stream.Name)}";
            if (result.Find(r => r.Domain == domain) is { } taken)
            {
                warn(new("domain-twice", $"{label}: read by {Excerpt.Of(taken.Source)} and by {Excerpt.Of(series.Stream.Source)}; the first is used"));
                continue;
            }

            if (Of(series, domain, label, warn) is { } power)
            {
                result.Add(power);
            }
        }

        return [.. result.OrderBy(r => candidates.FindIndex(c => Domain.Parse(c.Stream.Name) == r.Domain))];
    }

    private DomainPower? Of(SampleSeries series, Domain domain, string label, Action<Warning> warn)
    {
        RecordedStream stream = series.Stream;
        CounterSeries counter = new() { Range = stream.Range };
        PowerReadingSeries readings = new() { UpdatePeriod = stream.UpdatePeriod };
        bool counts = stream.Kind is StreamKind.Energy;
        int unusable = 0;
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

        if (unusable > 0)
        {
            warn(new("unusable-samples", $"{label}: {unusable:N0} samples are negative, or their time is none; they are left out"));
        }

        (PowerTimeline timeline, PowerTimeline inGaps) = counts
            ? counter.ToTimelines(label, warn)
            : (readings.Count == 0 ? PowerTimeline.Empty : readings.ToTimeline(label, warn), PowerTimeline.Empty);
        if (timeline.IsEmpty)
        {
            warn(new("too-few-readings", $"{label}: {series.Count:N0} reading(s), and no two of them tell a power; the domain is left out"));
            return null;
        }

        return new(domain, timeline, stream.Quality, Excerpt.Of(stream.Source, 200),
            counts ? stream.UpdatePeriod : readings.UpdatePeriod, stream.DeviceId, stream.Window, inGaps.IsEmpty ? null : inGaps);
    }
}
