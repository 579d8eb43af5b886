using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>A host with several ranks, made up from a seed: what each of them used, what it traced, and the host's power.</summary>
internal sealed record RandomHost(
    IReadOnlyList<ActivityInput?> Activities, IReadOnlyList<DeviceTrace> Traces, IReadOnlyList<DomainPower> Domains, Watts? Baseline, Interval Window)
{
    public HostActivity Activity { get; } = HostActivity.Of(Activities);

    public static RandomHost Of(int seed)
    {
        Random random = new(seed);
        bool grid = random.Next(2) == 0;
        long unit = grid ? 1_000_000_000 : 1;
        long span = grid ? 24 : 400_000_000;
        int ranks = random.Next(1, 6);
        bool sockets = random.Next(3) == 0;
        List<ActivityInput?> activities = [];
        List<DeviceTrace> traces = [];
        for (int rank = 0; rank < ranks; rank++)
        {
            activities.Add(random.Next(8) == 0 ? null : new(
                sockets && random.Next(6) > 0
                    ? [RandomScene.Activity(random, unit, span, 0), RandomScene.Activity(random, unit, span, 1)]
                    : [RandomScene.Activity(random, unit, span)],
                8));
            DeviceTrace trace = new(DeviceId.Cpu(0, rank, "node"));
            trace.Operations.Add(new("op", "MatMul", [], OperationTraits.None));
            for (int i = random.Next(20); i > 0; i--)
            {
                long start = RandomScene.Epoch + (unit * random.NextInt64(span));
                trace.Spans.Add(start, start + (unit * random.NextInt64(Math.Max(2, span / 6))), 0, 1, 0);
            }

            traces.Add(trace);
        }

        long a = RandomScene.Epoch + (unit * random.NextInt64(span));
        long b = RandomScene.Epoch + (unit * random.NextInt64(span));
        return new(
            activities,
            traces,
            [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new DomainPower(Domain.Package(i), RandomScene.Timeline(random, unit, span), Quality.Measured, "made up"))],
            random.Next(2) == 0 ? null : Watts.From(random.Next(30)),
            Interval.FromUnixNanoseconds(Math.Min(a, b), Math.Max(a, b)));
    }

    /// <summary>The host as a machine of one program.</summary>
    public DevicePower Whole() => PowerMapping.Map(
        new([DeviceId.Cpu()], [Domains], [], [], Activity.Input, Baselines()), _ => { }).Devices[DeviceId.Cpu()];

    public MappedPower Mapped() => HostMapping.Map(
        new(
            "node",
            [.. Traces.Select((t, i) => new HostRank(i, [t.Id], []))],
            [Domains],
            [],
            Activity,
            Baselines()),
        _ => { });

    private Dictionary<string, Watts> Baselines() => Baseline is { } watts ? Domains.ToDictionary(d => d.Domain.Name, _ => watts) : [];
}
