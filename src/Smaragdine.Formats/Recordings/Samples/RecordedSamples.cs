using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>What `samples.smrg` holds, as far as it is whole.</summary>
public sealed class RecordedSamples
{
    /// <summary>The wall clock may part from the monotonic one by this before it is said.</summary>
    private const long DriftNanoseconds = 50_000_000;

    internal RecordedSamples(string name) => Name = name;

    /// <summary>The file, for messages.</summary>
    public string Name { get; }

    /// <summary>Version of the format that it was written in.</summary>
    public Version Version { get; internal set; } = new(SampleFormat.Major, SampleFormat.Minor);

    /// <summary>By index.</summary>
    public IReadOnlyList<SampleSeries> Series => SeriesList;

    /// <summary>Monotonic and Unix time of the same moments, ns.</summary>
    public IReadOnlyList<(long MonotonicNs, long UnixNs)> Clocks => ClockList;

    /// <summary>It has an end mark: the recorder finished.</summary>
    public bool Finished { get; internal set; }

    /// <summary>The program's time beside what the kernel charged for it; null where the recorder did not tell.</summary>
    public ProgramTime? Program { get; internal set; }

    /// <summary>Bytes that were read and are whole.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Samples of all streams.</summary>
    public long Count => SeriesList.Sum(s => (long)s.Count);

    internal List<SampleSeries> SeriesList { get; } = [];

    internal List<(long MonotonicNs, long UnixNs)> ClockList { get; } = [];

    /// <summary>
    /// Unix time less monotonic time by the first pair of clock readings, so that a wall clock that was set meanwhile moves nothing; null
    /// where the recording ended before the first.
    /// </summary>
    public long? UnixOffset => ClockList.Count == 0 ? null : unchecked(ClockList[0].UnixNs - ClockList[0].MonotonicNs);

    /// <summary>From the first to the last sample, on the monotonic clock.</summary>
    public Duration Span
    {
        get
        {
            (long first, long last) = MonotonicExtent();
            return Duration.FromNanoseconds(last > first ? unchecked(last - first) : 0);
        }
    }

    /// <summary>From the first to the last sample; null where there is none, or no clock pair to place it.</summary>
    public Interval? Extent
    {
        get
        {
            (long first, long last) = MonotonicExtent();
            return first <= last ? Between(first, last) : null;
        }
    }

    /// <summary>A stretch of the monotonic clock, ns; null where no clock pair places it.</summary>
    public Interval? Between(long monotonicStart, long monotonicEnd) =>
        ToUnix(monotonicStart) is { } start && ToUnix(monotonicEnd) is { } end && start <= end ? new(start, end) : null;

    /// <summary>Power of the domains that were sampled, in the order of the streams.</summary>
    public IReadOnlyList<DomainPower> ToPower(Action<Warning> warn) => new SampledPower([this]).ToPower(warn);

    /// <summary>
    /// Power of a host whose sensors were read by one process after another: what they read of one sensor is one timeline, across the change too where it is a
    /// counter that goes on. Where two have the same moment, the one that was there first counts.
    /// </summary>
    public static IReadOnlyList<DomainPower> ToPower(IEnumerable<RecordedSamples> ofOneHost, Action<Warning> warn) =>
        new SampledPower([.. ofOneHost]).ToPower(warn);

    /// <summary>Who used the processors; null unless both the program's and all processes' time was sampled.</summary>
    /// <param name="manifest">Says how many logical CPUs there are, and in which sockets.</param>
    /// <param name="warn">Takes warnings.</param>
    public ActivityInput? ToActivity(Manifest manifest, Action<Warning> warn) => new SampledActivity(this, manifest).ToActivity(warn);

    /// <summary>Says where the clocks do not let times be placed, or let them be placed in two ways. Once for a recording.</summary>
    public void CheckClocks(Action<Warning> warn)
    {
        if (UnixOffset is not { } offset)
        {
            if (Count > 0)
            {
                warn(new("no-clock", $"{Name}: no pair of clock readings, so nothing says when its {Count:N0} samples were: they are left out", Incomplete: true));
            }

            return;
        }

        long worst = 0;
        long at = 0;
        foreach ((long monotonic, long unix) in ClockList)
        {
            long apart = unchecked(unix - monotonic - offset);
            if (apart != long.MinValue && Math.Abs(apart) > Math.Abs(worst))
            {
                worst = apart;
                at = monotonic;
            }
        }

        if (Math.Abs(worst) > DriftNanoseconds)
        {
            double after = unchecked(at - ClockList[0].MonotonicNs) / 1e9;
            warn(new("clock-stepped",
                $"{Name}: {after:0.#} s after its begin the wall clock is {Math.Abs(worst) / 1e6:0.#} ms {(worst > 0 ? "ahead of" : "behind")} the monotonic clock: it was set, or the machine slept. Times of samples are the monotonic clock's, placed by the first reading of both; a trace that the program wrote by the wall clock may lie beside them."));
        }
    }

    /// <summary>A moment of the monotonic clock in Unix time; null where that is none (before 1970, after 2116: damage), or not known.</summary>
    internal Instant? ToUnix(long monotonic) =>
        UnixOffset is { } offset && unchecked(monotonic + offset) is > 0 and < long.MaxValue / 2 and var unix ? Instant.FromUnixNanoseconds(unix) : null;

    private (long First, long Last) MonotonicExtent()
    {
        long first = long.MaxValue;
        long last = long.MinValue;
        foreach (SampleSeries series in SeriesList)
        {
            for (int i = 0; i < series.Count; i++)
            {
                first = Math.Min(first, series.Moment(i));
                last = Math.Max(last, series.Moment(i));
            }
        }

        return (first, last);
    }
}
