using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Alignment;

/// <summary>One rank's trace, its devices already under the rank's name.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Host">Where it ran.</param>
/// <param name="Trace">Without spans where it was not traced; its steps then are those that its manifest tells.</param>
/// <param name="Run">From its first to its last moment, where known.</param>
public sealed record RankTrace(int Rank, string Host, Trace Trace, Interval? Run);

/// <summary>
/// The traces of a job's ranks as one. A rank that was not traced has the steps of those that were: a step lasts there from the first rank's start to the last one's
/// end, on its own host where a rank was traced, else anywhere. Where nothing tells any steps, a host's run is the step.
/// </summary>
public static class JobTrace
{
    /// <summary>Puts them together.</summary>
    /// <param name="ranks">Of the whole job.</param>
    /// <param name="devices">All that have power, and each rank's processors; those that are in no trace have no spans.</param>
    /// <param name="warn">Takes warnings: steps that a traced rank lacks are left out.</param>
    public static Trace Of(IReadOnlyList<RankTrace> ranks, IEnumerable<DeviceId> devices, Action<Warning> warn)
    {
        List<RankTrace> traced = [.. ranks.Where(r => !r.Trace.IsUntraced)];
        List<RankTrace> stepped = traced.Count > 0 ? traced : [.. ranks.Where(r => r.Trace.Steps.Count > 0)];
        Dictionary<string, List<TracedStep>> ofHost = [];
        foreach (string host in ranks.Select(r => r.Host).Distinct(StringComparer.Ordinal))
        {
            List<RankTrace> here = [.. stepped.Where(r => r.Host == host)];
            ofHost[host] = stepped.Count > 0 ? Hull(here.Count > 0 ? here : stepped) : Run(ranks.Where(r => r.Host == host));
        }

        List<Trace> parts = [.. traced.Select(r => r.Trace)];
        HashSet<DeviceId> there = [.. parts.SelectMany(p => p.Devices).Select(d => d.Id)];
        foreach (DeviceId device in devices.Where(d => !there.Contains(d)).Distinct())
        {
            RankTrace? owner = ranks.FirstOrDefault(r => r.Rank == device.Rank);
            IReadOnlyList<TracedStep> own = owner is { Trace: { IsUntraced: true, Steps.Count: > 0 } told } ? told.Steps : ofHost[device.Host!];
            parts.Add(Trace.OfUntraced([device], own));
        }

        return Trace.OfParts(parts, CommonSteps(stepped, ofHost, warn));
    }

    /// <summary>Numbers of the steps that each of these ranks has; all of them where no two ranks have one in common.</summary>
    private static List<int> CommonSteps(List<RankTrace> stepped, Dictionary<string, List<TracedStep>> ofHost, Action<Warning> warn)
    {
        if (stepped.Count == 0)
        {
            return [.. ofHost.Values.SelectMany(s => s).Select(s => s.Number).Distinct().Order()];
        }

        List<int> all = [.. stepped.SelectMany(r => r.Trace.Steps).Select(s => s.Number).Distinct().Order()];
        List<int> common = [.. all.Where(n => stepped.TrueForAll(r => r.Trace.Steps.Any(s => s.Number == n)))];
        if (common.Count == all.Count)
        {
            return all;
        }

        List<string> lacking = [.. stepped
            .Select(r => (r.Rank, Lacks: all.Except(r.Trace.Steps.Select(s => s.Number)).ToList()))
            .Where(r => r.Lacks.Count > 0)
            .Select(r => $"rank {r.Rank} lacks {(r.Lacks.Count == 1 ? "step" : "steps")} {FootprintBuilder.Ranges(r.Lacks)}")];
        string who = $"{string.Join("; ", lacking.Take(4))}{(lacking.Count > 4 ? $"; {lacking.Count - 4} more ranks lack others" : "")}";
        warn(new("rank-lacks-steps", common.Count > 0
            ? $"{who}: left out, the figures are over the {common.Count} that all traced ranks have."
            : $"{who}: no step is in all traced ranks, so each step's figures are of the ranks that have it."));
        return common.Count > 0 ? common : all;
    }

    /// <summary>Each step from its first moment in any of these ranks to its last.</summary>
    private static List<TracedStep> Hull(List<RankTrace> ranks)
    {
        SortedDictionary<int, Interval> hulls = [];
        foreach (Trace trace in ranks.Select(r => r.Trace))
        {
            IEnumerable<StepWindow> windows = trace.IsUntraced
                ? trace.Steps.Where(s => s.Window is not null).Select(s => new StepWindow(s.Number, s.Window!.Value))
                : trace.Devices.SelectMany(d => StepWindows.Of(d, trace, _ => { }));
            foreach (StepWindow window in windows)
            {
                hulls[window.Step] = hulls.TryGetValue(window.Step, out Interval hull) ? hull.Hull(window.Window) : window.Window;
            }
        }

        // One rank may begin a step before another has ended the one before.
        List<TracedStep> steps = [];
        Instant reached = hulls.Count == 0 ? default : hulls.Values.Min(h => h.Start);
        foreach ((int step, Interval hull) in hulls.OrderBy(h => h.Value.Start))
        {
            Instant start = hull.Start > reached ? hull.Start : reached;
            steps.Add(new(step, new(start, hull.End > start ? hull.End : start)));
            reached = hull.End > reached ? hull.End : reached;
        }

        return steps;
    }

    private static List<TracedStep> Run(IEnumerable<RankTrace> ranks)
    {
        List<Interval> runs = [.. ranks.Select(r => r.Run).OfType<Interval>()];
        return runs.Count == 0 ? [] : [new(1, runs.Aggregate((a, b) => a.Hull(b)))];
    }
}
