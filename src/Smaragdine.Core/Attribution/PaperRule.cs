using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>Energy and runtime of one key of the paper's released rule: `name@input0;input1`.</summary>
public readonly record struct PaperEntry(string Operation, double Joules, double RuntimeSeconds);

/// <summary>
/// Attribution as the paper's released code does it (artifact atpoverload/smaragdine, tensor accounting), for comparing with published
/// figures only: an operation that has ended keeps its share until the next event, several instances of one key are one share, and the
/// end of one of them ends them all.
/// </summary>
/// <remarks>
/// Time is cut at every start, end and power sample between the first and the last event. In each piece the power is that of the latest
/// sample not after its start (of the first one, where none is); the entries of the latest event not after its start are in the running
/// set, which shares the power equally by key; after the piece is charged, that event's exits leave the set. An entry that is also an
/// exit of one event (a span of no length) therefore takes part in every piece up to the next event.
/// </remarks>
public static class PaperRule
{
    private static readonly HashSet<string> Excluded = new(StringComparer.Ordinal) { "_SOURCE", "cuStreamSynchronize" };

    /// <summary>The key of an operation: its name and what it reads.</summary>
    public static string Key(Operation operation) =>
        operation.Inputs.Count == 0 ? operation.Name : $"{operation.Name}@{string.Join(';', operation.Inputs)}";

    /// <summary>Footprint of one step on one device.</summary>
    /// <param name="spans">Start and end (Unix ns) and key of every span of that step on that device.</param>
    /// <param name="power">When the power changed (Unix ns, ascending) and to how many watts.</param>
    public static IReadOnlyList<PaperEntry> Account(
        IReadOnlyList<(long Start, long End, string Key)> spans, IReadOnlyList<(long Time, double Watts)> power)
    {
        SortedDictionary<long, (HashSet<string> Entry, HashSet<string> Exit)> events = [];
        foreach ((long start, long end, string key) in spans)
        {
            if (!Excluded.Contains(key))
            {
                At(events, start).Entry.Add(key);
                At(events, end).Exit.Add(key);
            }
        }

        if (events.Count == 0 || power.Count == 0)
        {
            return [];
        }

        long[] eventTimes = [.. events.Keys];
        long[] times = [.. new SortedSet<long>(power.Select(p => p.Time).Concat(eventTimes))];
        Dictionary<string, (double Joules, double Seconds)> sums = new(StringComparer.Ordinal);
        HashSet<string> running = new(StringComparer.Ordinal);
        int e = 0;
        int p = 0;
        int first = Array.BinarySearch(times, eventTimes[0]);
        for (int i = first; times[i] < eventTimes[^1]; i++)
        {
            long start = times[i];
            while (p + 1 < power.Count && power[p + 1].Time <= start)
            {
                p++;
            }

            while (e + 1 < eventTimes.Length && eventTimes[e + 1] <= start)
            {
                e++;
            }

            (HashSet<string> entry, HashSet<string> exit) = events[eventTimes[e]];
            running.UnionWith(entry);
            if (running.Count == 0)
            {
                continue;
            }

            double seconds = (times[i + 1] - start) / 1e9;
            double share = power[p].Watts * seconds / running.Count;
            foreach (string key in running)
            {
                (double joules, double runtime) = sums.GetValueOrDefault(key);
                sums[key] = (joules + share, runtime + seconds);
            }

            running.ExceptWith(exit);
        }

        return [.. sums.Select(s => new PaperEntry(s.Key, s.Value.Joules, s.Value.Seconds))];
    }

    /// <summary>The power of several domains as one list of changes; uncovered time is 0 W, since nothing is known of it.</summary>
    public static IReadOnlyList<(long Time, double Watts)> Changes(IEnumerable<PowerTimeline> timelines)
    {
        PowerTimeline[] all = [.. timelines];
        SortedSet<long> edges = [];
        foreach (PowerTimeline timeline in all)
        {
            foreach (long start in timeline.Starts)
            {
                edges.Add(start);
            }

            foreach (long end in timeline.Ends)
            {
                edges.Add(end);
            }
        }

        List<(long Time, double Watts)> changes = [];
        int[] pieces = new int[all.Length];
        foreach (long time in edges)
        {
            double watts = 0;
            for (int d = 0; d < all.Length; d++)
            {
                while (pieces[d] < all[d].Count && all[d].Ends[pieces[d]] <= time)
                {
                    pieces[d]++;
                }

                watts += pieces[d] < all[d].Count && all[d].Starts[pieces[d]] <= time ? all[d].Watts[pieces[d]] : 0;
            }

            changes.Add((time, watts));
        }

        return changes;
    }

    private static (HashSet<string> Entry, HashSet<string> Exit) At(
        SortedDictionary<long, (HashSet<string> Entry, HashSet<string> Exit)> events, long time)
    {
        if (!events.TryGetValue(time, out (HashSet<string> Entry, HashSet<string> Exit) at))
        {
            events.Add(time, at = (new(StringComparer.Ordinal), new(StringComparer.Ordinal)));
        }

        return at;
    }
}
