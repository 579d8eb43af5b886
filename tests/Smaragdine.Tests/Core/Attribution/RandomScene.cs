using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>A device, its power and a window, made up from a seed.</summary>
/// <param name="Grid">Times are few whole seconds, so that ties abound; else nanoseconds as in a real trace.</param>
internal sealed record RandomScene(DeviceTrace Trace, DevicePower Power, Interval Window, bool Grid)
{
    internal const long Epoch = 1_795_247_904_000_000_000;

    public static RandomScene Of(int seed)
    {
        Random random = new(seed);
        bool grid = random.Next(3) > 0;
        long span = grid ? 24 : 80_000_000;
        long unit = grid ? 1_000_000_000 : 1;
        long At(long most) => Epoch + (unit * random.NextInt64(most));

        DeviceTrace trace = new(DeviceId.Cpu());
        int operations = random.Next(1, 7);
        for (int i = 0; i < operations; i++)
        {
            OperationTraits traits = random.Next(6) switch
            {
                0 => OperationTraits.Waits,
                1 => OperationTraits.Copy | OperationTraits.Waits,
                2 => OperationTraits.Collective,
                _ => OperationTraits.None,
            };
            trace.Operations.Add(new($"op{i}", "MatMul", [], traits));
        }

        for (int i = random.Next(grid ? 25 : 120); i > 0; i--)
        {
            long start = At(span);
            long length = random.Next(8) == 0 ? 0 : unit * random.NextInt64(grid ? 9 : random.Next(2) == 0 ? 2_000 : 5_000_000);
            trace.Spans.Add(start, start + length, random.Next(operations), 1, random.Next(4));
        }

        GapRule gaps = (GapRule)random.Next(3);
        FeedingDomain[] domains = new FeedingDomain[random.Next(4)];
        ActivityTimeline activity = Activity(random, unit, span);
        for (int d = 0; d < domains.Length; d++)
        {
            PowerTimeline timeline = Timeline(random, unit, span);
            DomainPower domain = new(Domain.Package(d), timeline, Quality.Measured, "made up");
            ActivityTimeline? own = random.Next(5) == 0 ? null : random.Next(2) == 0 ? activity : Activity(random, unit, span);
            domains[d] = new(domain, gaps is GapRule.ByActivity ? own : null, random.Next(2) == 0 ? null : Watts.From(random.Next(30)));
        }

        long from = At(span);
        long to = At(span);
        return new(trace, new(domains, gaps), Interval.FromUnixNanoseconds(Math.Min(from, to), Math.Max(from, to)), grid);
    }

    internal static PowerTimeline Timeline(Random random, long unit, long span)
    {
        PowerTimeline.Builder pieces = new();
        long most = Math.Max(2, span / 10);
        for (long time = random.NextInt64(most); time < span;)
        {
            long length = random.NextInt64(1, most + 1);
            pieces.Add(Epoch + (unit * time), Epoch + (unit * (time + length)), random.Next(4) == 0 ? random.Next(50) : 50 * random.NextDouble());
            time += length + (random.Next(3) == 0 ? random.NextInt64(most) : 0);
        }

        return pieces.Build();
    }

    internal static ActivityTimeline Activity(Random random, long unit, long span, int? socket = null)
    {
        ActivityTimeline.Builder pieces = new(socket, 4);
        long most = Math.Max(2, span / 8);
        for (long time = random.NextInt64(most); time < span;)
        {
            long length = random.NextInt64(1, most + 1);
            (double program, double other) = random.Next(6) switch
            {
                0 => (0, 0),
                1 => (0, random.NextDouble() * 2),
                2 => (random.NextDouble() * 0.02, random.NextDouble() * 0.02),
                3 => (random.Next(3), random.Next(2)),
                _ => (random.NextDouble() * 3, random.NextDouble()),
            };
            pieces.Add(Epoch + (unit * time), Epoch + (unit * (time + length)), program, other);
            time += length + (random.Next(3) == 0 ? random.NextInt64(most) : 0);
        }

        return pieces.Build();
    }

    public override string ToString()
    {
        long zero = Window.Start.UnixNanoseconds;
        IEnumerable<string> spans = Enumerable.Range(0, Trace.Spans.Count)
            .Select(i => $"{Trace.Operations[Trace.Spans.Operations[i]].Traits}#{Trace.Spans.Operations[i]}[{Trace.Spans.Starts[i] - zero},{Trace.Spans.Ends[i] - zero})");
        return $"window {Window.Length}, {Power.Gaps}, {Power.Domains.Count} domains; {string.Join(' ', spans)}";
    }
}
