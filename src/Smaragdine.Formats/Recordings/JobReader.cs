using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>Reads the recordings of a job's ranks, and of each host the sensors once.</summary>
public static class JobReader
{
    /// <summary>Monotonic clocks of one machine are one clock; recordings that place it further apart than this in Unix time saw the wall clock being set.</summary>
    private const long ApartNanoseconds = 50_000_000;

    /// <summary>Reads every rank that can be read; of the others a warning tells.</summary>
    /// <exception cref="RefusedInputException">none of them can be used.</exception>
    /// <exception cref="NoSuchStepException">no rank has a step that was asked for.</exception>
    public static RecordedJob Read(JobLayout layout, RecordingOptions options, Action<Warning> warn)
    {
        TellMissing(layout, warn);
        RankWarnings warnings = new();
        Dictionary<RankFolder, Recording> read = [];
        Exception? last = null;
        foreach (RankFolder folder in layout.Ranks)
        {
            try
            {
                read.Add(folder, ReadRank(folder, options, w => warnings.Add(folder.Rank.Rank, w)));
            }
            catch (Exception e) when (e is RefusedInputException or NoSuchStepException)
            {
                last = e;
                warnings.Add(folder.Rank.Rank, new("rank-left-out", $"{e.Message.TrimEnd('.')}. The rank is left out; its program counts as another process.", Incomplete: true));
            }
        }

        warnings.Tell(warn);
        if (read.Count == 0)
        {
            throw last ?? new RefusedInputException($"{layout.Root}: no rank's recording");
        }

        return new(layout, [.. read.GroupBy(r => r.Key.Machine, StringComparer.Ordinal).Select((machine, i) => OfMachine(machine, NameOf(i, read), warn))]);
    }

    private static Recording ReadRank(RankFolder folder, RecordingOptions options, Action<Warning> warn)
    {
        Recording recording = RecordingReader.Read(folder.Folder, options with { IsOneRank = true }, warn);
        if (recording is { Trace.IsUntraced: true, Activity: null, Sensors: [] } && recording.Samples is not { Count: > 0 })
        {
            throw new RefusedInputException($"{folder.Folder}: nothing was recorded. Was the recorder killed as soon as it had started?");
        }

        return recording;
    }

    private static void TellMissing(JobLayout layout, Action<Warning> warn)
    {
        if (layout.Ranks[0].Rank.WorldSize is not { } size)
        {
            return;
        }

        List<int> missing = [.. Enumerable.Range(0, Math.Min(size, 1 << 20)).Except(layout.Ranks.Select(r => r.Rank.Rank))];
        if (missing.Count > 0)
        {
            string who = $"{(missing.Count == 1 ? "rank" : "ranks")} {FootprintBuilder.Ranges(missing)} of {size}";
            warn(layout.IsOneHost
                ? new("ranks-elsewhere", $"{who}: not on this host, or not recorded; the figures are of the others.")
                : new("rank-missing", $"{who}: no recording. Killed before it began? The figures are of the others; on a host of theirs a missing rank's program counts as another process.", Incomplete: true));
        }
    }

    /// <summary>The name of the machine at a position; two machines of one name are told apart by a number.</summary>
    private static string NameOf(int position, Dictionary<RankFolder, Recording> read)
    {
        List<string> names = [.. read.Keys.GroupBy(f => f.Machine, StringComparer.Ordinal).Select(m => m.First().Host)];
        int before = names.Take(position).Count(n => n == names[position]);
        return before == 0 ? names[position] : $"{names[position]}-{before + 1}";
    }

    private static RecordedHost OfMachine(IEnumerable<KeyValuePair<RankFolder, Recording>> machine, string host, Action<Warning> warn)
    {
        List<RecordedRank> ranks = [.. machine.Select(m => new RecordedRank(m.Key.Rank.Rank, Named(m.Value, m.Key.Rank.Rank, host, warn)))];
        List<RecordedSamples> samples = [.. ranks.Select(r => r.Recording.Samples).OfType<RecordedSamples>()];
        List<long> offsets = [.. samples.Select(s => s.UnixOffset).OfType<long>()];
        if (offsets.Count > 1 && offsets.Max() - offsets.Min() is > ApartNanoseconds and var apart)
        {
            warn(new("clock-stepped",
                $"{host}: its ranks' recordings place the same clock {apart / 1e6:0.#} ms apart: the wall clock was set between their starts. What one rank read may lie beside another's trace."));
        }

        List<DomainPower> sensors = [.. RecordedSamples.ToPower(samples, warn)];
        foreach (DomainPower other in ranks.SelectMany(r => r.Recording.Sensors))
        {
            if (!sensors.Exists(s => s.Domain == other.Domain))
            {
                sensors.Add(other);
            }
        }

        Dictionary<string, Watts> baseline = new(StringComparer.Ordinal);
        foreach ((string domain, Watts watts) in ranks.SelectMany(r => r.Recording.Manifest.Baseline))
        {
            baseline.TryAdd(domain, watts);
        }

        return new(host, ranks, sensors, baseline);
    }

    /// <summary>The rank's devices under its own name. What a trace has of other ranks (a session that spans several) is in their own traces too.</summary>
    private static Recording Named(Recording recording, int rank, string host, Action<Warning> warn)
    {
        Trace trace = recording.Trace;
        List<DeviceTrace> own = [.. trace.Devices.Where(d => d.Id.Rank is null || d.Id.Rank == rank)];
        if (own.Count < trace.Devices.Count)
        {
            warn(new("other-ranks-devices",
                $"rank {rank}: its trace has {string.Join(", ", trace.Devices.Except(own).Select(d => d.Id))} too, which are other ranks'; they are left out."));
        }

        return recording with
        {
            Trace = new()
            {
                Devices = [.. own.Select(d => d.As(Name(d.Id), Name))],
                Steps = trace.Steps,
                Clock = trace.Clock,
                Framework = trace.Framework,
            },
        };

        DeviceId Name(DeviceId id) => id with { Rank = rank, Host = host };
    }
}
