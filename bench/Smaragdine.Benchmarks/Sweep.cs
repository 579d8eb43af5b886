using BenchmarkDotNet.Attributes;
using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Traces;

namespace Smaragdine.Benchmarks;

/// <summary>Power shared among spans: the cost of a span must not grow with their number.</summary>
public class Sweep
{
    private DeviceTrace device = new(DeviceId.Cpu(0));
    private DevicePower power = DevicePower.None;
    private IReadOnlyList<StepWindow> windows = [];

    [Params(20_000, 200_000, 2_000_000)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Make()
    {
        Trace trace = RepeatedStep.Read(RepeatedStep.Timeline(Events));
        device = trace.Devices[0];
        power = RepeatedStep.Power(trace);
        windows = StepWindows.Of(device, trace, static _ => { });
    }

    [Benchmark]
    public double Split()
    {
        SplitSweep sweep = new(device, power);
        double joules = 0;
        foreach (StepWindow window in windows)
        {
            joules += sweep.Account(window.Window).Domains[0].Operations;
        }

        return joules;
    }
}
