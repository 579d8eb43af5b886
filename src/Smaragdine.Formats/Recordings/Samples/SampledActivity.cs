using Smaragdine.Activity;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings.Samples;

/// <summary>On-CPU times as they were sampled, as who used the processors.</summary>
internal sealed class SampledActivity(RecordedSamples samples, Manifest manifest)
{
    public ActivityInput? ToActivity(Action<Warning> warn)
    {
        List<SampleSeries> program = Of(StreamKind.ProgramTime);
        List<SampleSeries> busy = Of(StreamKind.BusyTime);
        if (samples.UnixOffset is null || program.Count == 0 || busy.Count == 0)
        {
            if (program.Count + busy.Count > 0 && samples.UnixOffset is not null)
            {
                string there = program.Count > 0 ? "the program's time" : "all processes' time";
                warn(new("activity-incomplete", $"{samples.Name}: {there} on the processors without the other: who used them cannot be told"));
            }

            return null;
        }

        List<int?> sockets = Sockets(program, busy);
        List<ActivityTimeline> timelines = [];
        int back = 0;
        double seen = 0;
        foreach (int? socket in sockets)
        {
            List<SampleSeries> own = [.. program.Where(s => Belongs(s, socket, sockets))];
            PacedCounter all = Sum(busy.Where(s => Belongs(s, socket, sockets)), ref back);
            PacedCounter[] others = [.. own.Skip(1).Select(s => Sum([s], ref back))];
            ActivitySeries series = new(socket);
            foreach ((long time, double seconds) in Seconds(own[0], ref back))
            {
                double used = seconds + others.Sum(o => o.At(time, long.MaxValue / 4) ?? 0);
                if (all.At(time, ActivitySeries.SmoothingWindow.Nanoseconds) is { } everybody)
                {
                    series.Add(Instant.FromUnixNanoseconds(time), used, everybody);
                }
            }

            if (series.Count < 2)
            {
                warn(new("activity-incomplete", $"{samples.Name}: fewer than two samples tell who used the processors{(socket is { } s ? $" of socket {s}" : "")}"));
                return null;
            }

            double capacity = Capacity(socket, sockets.Count);
            ActivityTimeline timeline = series.ToTimeline(Math.Max(1, capacity), warn);
            for (int i = 0; i < timeline.Count; i++)
            {
                seen = Math.Max(seen, timeline.Program[i] + timeline.Other[i]);
            }

            timelines.Add(timeline);
        }

        if (back > 0)
        {
            warn(new("process-cpu-went-back",
                $"{samples.Name}: a processor time goes back {back:N0} time(s), as a sum over threads does when one ends; nobody is taken to have run in such an interval"));
        }

        int logical = manifest.LogicalCpus ?? (int)Math.Clamp(Math.Ceiling(seen) * sockets.Count, 1, 1 << 20);
        if (manifest.LogicalCpus is null)
        {
            warn(new("cpus-unknown", $"{samples.Name}: the manifest does not say how many logical CPUs there are; {logical} is taken, the most that were busy at once"));
        }

        return new(timelines, Math.Max(1, logical));
    }

    private List<SampleSeries> Of(StreamKind kind) => [.. samples.Series.Where(s => s.Stream.Kind == kind && s.Count > 0)];

    /// <summary>Each socket that both have; where one of them knows of no sockets, the host as one (null).</summary>
    private static List<int?> Sockets(List<SampleSeries> program, List<SampleSeries> busy)
    {
        HashSet<int?> programs = [.. program.Select(s => s.Stream.Socket)];
        HashSet<int?> everybody = [.. busy.Select(s => s.Stream.Socket)];
        bool split = programs.Any(s => s is not null) && programs.Where(s => s is not null).ToHashSet().SetEquals(everybody.Where(s => s is not null));
        return split ? [.. programs.Where(s => s is not null).Order()] : [null];
    }

    /// <summary>For the host as one: its own stream where there is one beside the sockets', else all sockets together.</summary>
    private bool Belongs(SampleSeries series, int? socket, List<int?> sockets)
    {
        if (sockets is not [null])
        {
            return series.Stream.Socket == socket;
        }

        bool whole = samples.Series.Any(s => s.Stream.Kind == series.Stream.Kind && s.Stream.Socket is null && s.Count > 0);
        return !whole || series.Stream.Socket is null;
    }

    private double Capacity(int? socket, int sockets)
    {
        double host = manifest.LogicalCpus ?? 1;
        return socket is not { } id ? host : manifest.SocketCpus.TryGetValue(id, out int cpus) ? cpus : host / sockets;
    }

    /// <summary>Several counters as one, at the times of the first.</summary>
    private PacedCounter Sum(IEnumerable<SampleSeries> parts, ref int back)
    {
        List<PacedCounter> counters = [];
        List<(long Time, double Seconds)>? first = null;
        foreach (SampleSeries part in parts)
        {
            List<(long Time, double Seconds)> seconds = Seconds(part, ref back);
            first ??= seconds;
            PacedCounter counter = new();
            seconds.ForEach(s => counter.Add(s.Time, s.Seconds));
            counter.Sort();
            counters.Add(counter);
        }

        if (counters.Count == 1)
        {
            return counters[0];
        }

        PacedCounter sum = new();
        foreach ((long time, _) in first!)
        {
            sum.Add(time, counters.Sum(c => c.At(time, long.MaxValue / 4) ?? 0));
        }

        sum.Sort();
        return sum;
    }

    /// <summary>CPU seconds since the first sample, in the order of time; a value that went back adds nothing.</summary>
    private List<(long Time, double Seconds)> Seconds(SampleSeries series, ref int back)
    {
        List<(long Time, long Value)> ordered = [];
        for (int i = 0; i < series.Count; i++)
        {
            if (samples.ToUnix(series.Moment(i)) is { } time && series.Values[i] is >= 0 and < long.MaxValue / 2)
            {
                ordered.Add((time.UnixNanoseconds, series.Values[i]));
            }
        }

        if (!IsAscending(ordered))
        {
            ordered = [.. ordered.OrderBy(o => o.Time)];
        }

        List<(long Time, double Seconds)> seconds = new(ordered.Count);
        double sum = 0;
        for (int i = 0; i < ordered.Count; i++)
        {
            if (i > 0)
            {
                back += ordered[i].Value < ordered[i - 1].Value ? 1 : 0;
                sum += Math.Max(0, ordered[i].Value - ordered[i - 1].Value) / 1e9;
            }

            seconds.Add((ordered[i].Time, sum));
        }

        return seconds;
    }

    private static bool IsAscending(List<(long Time, long Value)> list)
    {
        for (int i = 1; i < list.Count; i++)
        {
            if (list[i].Time < list[i - 1].Time)
            {
                return false;
            }
        }

        return true;
    }
}
