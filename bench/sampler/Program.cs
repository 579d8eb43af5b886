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

MemorySink sink = new((int)(seconds * 1_000_000_000L / period.Nanoseconds * 4) + 1024);
ISensor[] sensors =
[
    ProgramTimeSensor.Open(SystemRoot.Real, pid, period, startedHere: false),
    BusyTimeSensor.Open(SystemRoot.Real, period),
    new EnergyFileSensor(args[3], period),
];
using Sampler sampler = new(sensors, sink, MonotonicClock.Instance);
ProcessCpuClock.TryRead(Environment.ProcessId, out long before);
sampler.Start();
Thread.Sleep(seconds * 1000);
SamplerStatistics s = sampler.Stop();
ProcessCpuClock.TryRead(Environment.ProcessId, out long after);

// The process's own time holds what the runtime compiles in the first second; the thread's is the sampler alone.
Console.WriteLine(
    $"ours {s.Ticks} {s.MissedTicks} {s.CpuNs / 1e7 / seconds:F3} {s.Lateness.P50Ns / 1e3:F1} {s.Lateness.P99Ns / 1e3:F1} {s.Lateness.P999Ns / 1e3:F1} "
    + $"{s.Lateness.MaxNs / 1e3:F1} process {(after - before) / 1e7 / seconds:F3}");
