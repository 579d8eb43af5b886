using Smaragdine.Recordings;
using Smaragdine.SamplerBenchmark;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

// PID PERIOD_US SECONDS ENERGY_FILE: reads what cloop.c reads, and prints the same columns.
int pid = int.Parse(args[0]);
Duration period = Duration.FromNanoseconds(long.Parse(args[1]) * 1000);
int seconds = int.Parse(args[2]);

// What the runtime compiles, it compiles on the sampling thread, in the first second or two of a recording; `smaragdine` itself is compiled ahead.
// Here it is over before the measurement begins, as loading cloop is.
Run(Duration.FromMilliseconds(1), milliseconds: 2000);
SamplerStatistics s = Run(period, seconds * 1000);
Console.WriteLine(
    $"ours {s.Ticks} {s.MissedTicks} {s.CpuNs / 1e7 / seconds:F3} {s.Lateness.P50Ns / 1e3:F1} {s.Lateness.P99Ns / 1e3:F1} {s.Lateness.P999Ns / 1e3:F1} "
    + $"{s.Lateness.MaxNs / 1e3:F1}");

SamplerStatistics Run(Duration every, int milliseconds)
{
    MemorySink sink = new((int)(milliseconds * 1_000_000L / every.Nanoseconds * 4) + 1024);
    ISensor[] sensors =
    [
        ProgramTimeSensor.Open(SystemRoot.Real, pid, every, startedHere: false),
        BusyTimeSensor.Open(SystemRoot.Real, every),
        new EnergyFileSensor(args[3], every),
    ];
    using Sampler sampler = new(sensors, sink, MonotonicClock.Instance);
    sampler.Start();
    Thread.Sleep(milliseconds);
    return sampler.Stop();
}
