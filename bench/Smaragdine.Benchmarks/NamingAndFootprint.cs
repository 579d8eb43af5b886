using BenchmarkDotNet.Attributes;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Traces;

namespace Smaragdine.Benchmarks;

/// <summary>Modules found by name and data flow, once for each operation of the graph; then windows, sweep and sums.</summary>
public class NamingAndFootprint
{
    private Trace trace = null!;
    private Dictionary<DeviceId, DevicePower> power = [];

    [Params(200_000)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Make()
    {
        trace = RepeatedStep.Read(RepeatedStep.Timeline(Events));
        power = new() { [trace.Devices[0].Id] = RepeatedStep.Power(trace) };
    }

    [Benchmark]
    public int Naming() => new TensorFlowNaming().Place(trace.Devices.SelectMany(d => d.Operations)).ByName.Count;

    [Benchmark]
    public int Footprint() => FootprintBuilder.Build(new(trace, power, new TensorFlowNaming()), static _ => { }).Operations.Count;
}
