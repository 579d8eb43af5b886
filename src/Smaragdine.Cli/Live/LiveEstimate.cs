using Smaragdine.Activity;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Activity;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>The processors' power from how busy they are, where no sensor tells it.</summary>
/// <param name="topology">Which CPU is in which socket.</param>
/// <param name="cpus">Logical CPUs.</param>
/// <param name="options">What else is known of the machine.</param>
internal sealed class LiveEstimate(CpuTopology topology, int cpus, EstimatorOptions options)
{
    /// <summary>One domain for each socket; none where it is not known how busy they are.</summary>
    public IReadOnlyList<DomainPower> Of(RecordedSamples samples, Action<Warning> warn)
    {
        List<ActivityTimeline> timelines = [];
        foreach (SampleSeries series in samples.Series.Where(s => s.Stream.Kind is StreamKind.BusyTime && s.Count > 1))
        {
            ActivitySeries activity = new(series.Stream.Socket);
            for (int i = 0; i < series.Count; i++)
            {
                // There is no program here whose share it would be.
                activity.Add(Instant.FromUnixNanoseconds(series.Moment(i) + samples.UnixOffset!.Value), 0, series.Values[i] / 1e9);
            }

            int capacity = series.Stream.Socket is { } socket ? topology.SocketOf.Count(s => s == socket) : cpus;
            timelines.Add(activity.ToTimeline(Math.Max(1, capacity), warn));
        }

        return timelines.Count == 0 ? [] : UtilisationEstimator.Estimate(new(timelines, cpus), options, warn);
    }
}
