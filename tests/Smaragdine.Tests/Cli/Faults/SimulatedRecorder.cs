using System.Text.Json.Nodes;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Tests.Sensors.Sampling;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli.Faults;

/// <summary>A recorder in simulated time: the sampler's true loop, the true writer, then `report` and `info` of what they made.</summary>
internal sealed class SimulatedRecorder : IDisposable
{
    private readonly TempFolder folder = new();

    public FakeClock Clock { get; } = new();

    public string Directory => folder.At("run");

    /// <summary>Records for so long, and finishes.</summary>
    /// <param name="sensor">Read by the loop itself.</param>
    /// <param name="seconds">Of simulated time.</param>
    /// <param name="meanwhile">Called between two ticks.</param>
    public void Record(ISensor sensor, double seconds, Action? meanwhile = null)
    {
        SensorReader reader = new(sensor, 0, Clock);
        using RecordingWriter writer = RecordingWriter.Create(Directory, sensor.Streams, new(), new() { DrainInterval = TimeSpan.FromHours(1) });
        TickLoop loop = new(Clock, writer, [reader], [], 50_000_000);
        loop.Begin();
        long end = Clock.Now + (long)(seconds * 1e9);
        long drain = Clock.Now;
        while (Clock.Now < end)
        {
            loop.Step();
            meanwhile?.Invoke();
            if (Clock.Now >= drain)
            {
                writer.Drain();
                drain = Clock.Now + 500_000_000;
            }
        }

        loop.End();
        writer.Finish(SamplingReport.ToFormat(loop.Statistics([reader.Statistics(0, stuck: false)])));
    }

    /// <summary>`report --format json`: the run.</summary>
    public JsonNode Run() => Support.Cli.Json(Directory)["run"]!;

    /// <summary>Joules of the package over the whole run.</summary>
    public double Joules() => Run()["by_domain"]!["package-0"]!.GetValue<double>();

    /// <summary>Of these, those in gaps; 0 where there are none.</summary>
    public double InGaps() => Run()["in_gaps_j"]!["package-0"]?.GetValue<double>() ?? 0;

    public CliResult Info() => Support.Cli.Run("info", Directory);

    public void Dispose() => folder.Dispose();
}
