using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>The whole run beside its steps.</summary>
public static class RunAccounts
{
    /// <summary>The run's account; null where no step has a window.</summary>
    /// <param name="request">Power by device, and what is known of the run.</param>
    /// <param name="windows">Every traced step's window by device, those that the report leaves out too.</param>
    public static RunAccount? Of(FootprintRequest request, IReadOnlyDictionary<DeviceId, IReadOnlyList<StepWindow>> windows)
    {
        List<Interval> traced = [.. windows.Values.SelectMany(w => w).Select(w => w.Window)];
        if (traced.Count == 0)
        {
            return null;
        }

        Instant first = traced.Min(w => w.Start);
        Instant last = traced.Max(w => w.End);
        Interval run = request.Run?.Extent is { } told
            ? new(told.Start < first ? told.Start : first, told.End > last ? told.End : last)
            : new(first, last);
        Energy? total = null;
        Joules inSteps = Joules.Zero;
        Joules inGaps = Joules.Zero;
        List<DomainRun> domains = [];
        HashSet<(string? Host, string Domain)> counted = [];
        foreach ((DeviceId device, DevicePower devicePower) in request.Power)
        {
            foreach (FeedingDomain domain in devicePower.Domains)
            {
                foreach (StepWindow window in windows.GetValueOrDefault(device, []))
                {
                    inSteps += domain.Over(window.Window).Energy;
                }

                // A host's domain that feeds several ranks is one of the run's.
                if (domain.Share is null || counted.Add((device.Host, domain.Power.Domain.Name)))
                {
                    DomainRun whole = Over(domain.Power, device.Host, run);
                    domains.Add(whole);
                    total = total is { } sum ? sum + whole.Energy : whole.Energy;
                    inGaps += whole.InGaps;
                }
            }
        }

        return new(
            run,
            total,
            total is { } all ? Joules.From(Math.Max(0, (all.Amount - inGaps - inSteps).Value)) : null,
            request.Trace.IsUntraced ? 0 : run.IsEmpty ? 1 : Union(traced) / run.Length,
            domains,
            [.. (request.Run?.WholeMachine ?? []).Select(d => Over(d, host: null, run))],
            request.Run?.Overhead);
    }

    private static DomainRun Over(DomainPower domain, string? host, Interval run)
    {
        (Joules energy, Duration covered) = domain.Timeline.Over(run);
        (Joules inGaps, Duration gapTime) = domain.InGaps?.Over(run) ?? default;
        return new(domain.Domain.On(host), new(energy + inGaps, domain.Quality), covered, inGaps, gapTime);
    }

    /// <summary>How much time the intervals cover together.</summary>
    private static Duration Union(List<Interval> intervals)
    {
        intervals.Sort((a, b) => a.Start.CompareTo(b.Start));
        Duration sum = Duration.Zero;
        Instant covered = intervals[0].Start;
        foreach (Interval interval in intervals)
        {
            Instant from = interval.Start > covered ? interval.Start : covered;
            if (interval.End > from)
            {
                sum += interval.End - from;
                covered = interval.End;
            }
        }

        return sum;
    }
}
