using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core;

/// <summary>Small traces and powers in whole seconds since the epoch, for examples whose joules can be worked out in the head.</summary>
internal static class Scenes
{
    public static long Ns(double seconds) => (long)Math.Round(seconds * 1e9);

    public static Interval Window(double start, double end) => Interval.FromUnixNanoseconds(Ns(start), Ns(end));

    /// <summary>Spans by operation name; `wait…` only waits, `copy…` is a GPU's copy, `nccl…` a collective. All of step 1.</summary>
    public static DeviceTrace Device(DeviceId id, params (string Name, double Start, double End)[] spans) =>
        Device(id, [.. spans.Select(s => (1, s.Name, s.Start, s.End))]);

    public static DeviceTrace Device(DeviceId id, params (int Step, string Name, double Start, double End)[] spans)
    {
        DeviceTrace device = new(id);
        foreach ((int step, string name, double start, double end) in spans)
        {
            int operation = device.Operations.FindIndex(o => o.Name == name);
            if (operation < 0)
            {
                operation = device.Operations.Count;
                string leaf = name[(name.LastIndexOf('/') + 1)..];
                OperationTraits traits = leaf.StartsWith("wait", StringComparison.Ordinal) ? OperationTraits.Waits
                    : leaf.StartsWith("copy", StringComparison.Ordinal) ? OperationTraits.Copy | OperationTraits.Waits
                    : leaf.StartsWith("nccl", StringComparison.Ordinal) ? OperationTraits.Collective
                    : leaf.StartsWith("launch", StringComparison.Ordinal) ? OperationTraits.Dispatch
                    : OperationTraits.None;
                device.Operations.Add(new(name, leaf, [], traits));
            }

            device.Spans.Add(Ns(start), Ns(end), operation, step, 0);
        }

        return device;
    }

    public static DeviceTrace Cpu(params (string Name, double Start, double End)[] spans) => Device(DeviceId.Cpu(), spans);

    public static DeviceTrace Gpu(params (string Name, double Start, double End)[] spans) => Device(DeviceId.Gpu(0), spans);

    public static PowerTimeline Timeline(params (double Start, double End, double Watts)[] pieces)
    {
        PowerTimeline.Builder builder = new();
        foreach ((double start, double end, double watts) in pieces)
        {
            builder.Add(Ns(start), Ns(end), watts);
        }

        return builder.Build();
    }

    public static DomainPower Fed(Domain domain, params (double Start, double End, double Watts)[] pieces) =>
        new(domain, Timeline(pieces), Quality.Measured, "made up");

    /// <summary>Activity of a host of 4 CPUs.</summary>
    public static ActivityTimeline Used(params (double Start, double End, double Program, double Other)[] pieces)
    {
        ActivityTimeline.Builder builder = new(null, 4);
        foreach ((double start, double end, double program, double other) in pieces)
        {
            builder.Add(Ns(start), Ns(end), program, other);
        }

        return builder.Build();
    }

    /// <summary>10 W over the first 1000 s, and nobody watched who used the processors.</summary>
    public static DevicePower TenWatts { get; } = Owned((0, 1000, 10));

    /// <summary>Power of a device that the program owns.</summary>
    public static DevicePower Owned(params (double Start, double End, double Watts)[] pieces) =>
        new([new(Fed(Domain.Package(0), pieces))], GapRule.Idle);

    /// <summary>10 W over the first 1000 s on a processor whose activity is known.</summary>
    public static DevicePower Watched(ActivityTimeline activity, double? baseline = null) =>
        new([new(Fed(Domain.Package(0), (0, 1000, 10)), activity, baseline is { } b ? Watts.From(b) : null)], GapRule.ByActivity);

    public static WindowLedger Split(DeviceTrace device, DevicePower power, double start, double end) =>
        new SplitSweep(device, power).Account(Window(start, end));

    public static double EnergyOf(this WindowLedger ledger, DeviceTrace device, string name) =>
        ledger.EnergyOf(device.Operations.FindIndex(o => o.Name == name));

    public static Trace TraceOf(IReadOnlyList<TracedStep> steps, params DeviceTrace[] devices) => new()
    {
        Devices = devices,
        Steps = steps,
        Clock = new(HasEpoch: true, Duration.Zero, "seconds"),
        Framework = "test",
    };

    public static Trace TraceOf(params DeviceTrace[] devices)
    {
        List<TracedStep> steps = [];
        foreach (int step in devices.SelectMany(d => d.Spans.Steps.ToArray()).Distinct().Order())
        {
            steps.Add(new(step, null));
        }

        return TraceOf(steps, devices);
    }

    public static Footprint FootprintOf(Trace trace, DeviceId device, DevicePower power, List<Warning>? warnings = null) =>
        FootprintBuilder.Build(new(trace, new Dictionary<DeviceId, DevicePower> { [device] = power }, new TensorFlowNaming()), w => warnings?.Add(w));

    public static OperationRow Row(this Footprint footprint, string name) => footprint.Operations.Single(r => r.Name == name);
}
