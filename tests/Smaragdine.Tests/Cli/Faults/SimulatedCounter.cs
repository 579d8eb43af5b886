using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Tests.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli.Faults;

/// <summary>An energy counter in simulated time that wraps, has whatever faults a test gives it, and knows the truth.</summary>
/// <param name="clock">Its time.</param>
/// <param name="periodMs">How often it is to be read.</param>
/// <param name="range">Where it starts again, µJ.</param>
/// <param name="watts">Power at a time since its making, W; constant over each tenth of a second.</param>
/// <param name="start">What it shows at first, µJ.</param>
internal sealed class SimulatedCounter(FakeClock clock, double periodMs, ulong range, Func<long, double> watts, ulong start = 0) : ISensor
{
    private const long Tenth = 100_000_000;

    private readonly long begin = clock.Now;
    private long at = clock.Now;
    private double microjoules;
    private double resetAt = -(double)start;

    /// <summary>What happens at a reading, after the counter was advanced to now: the value it would show may be replaced.</summary>
    public Func<SimulatedCounter, long, (ReadStatus Status, long Value)>? Fault { get; init; }

    public FakeClock Clock => clock;

    /// <summary>Time since it was made, ns.</summary>
    public long Elapsed => clock.Now - begin;

    /// <summary>Keep what <see cref="Truth"/> needs.</summary>
    public bool KeepJoules { get; init; } = true;

    /// <summary>Joules at its readings that gave a value: the first and the last bound what a recording can know.</summary>
    public List<double> JoulesAtReadings { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Joules from the first reading to the last.</summary>
    public double Truth => JoulesAtReadings[^1] - JoulesAtReadings[0];

    /// <summary>Most joules between two readings that were a tick apart.</summary>
    public double LargestTick { get; private set; }

    public IReadOnlyList<RecordedStream> Streams { get; } =
        [new("package-0", StreamKind.Energy, "simulated", Quality.Measured, Duration.FromMilliseconds(periodMs)) { Range = new CounterRange(range) }];

    public bool MayBlock => false;

    /// <summary>Starts again at zero, as a driver that was loaded anew does.</summary>
    public void Reset() => resetAt = microjoules;

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        Advance();
        long value = (long)((ulong)(microjoules - resetAt) % range);
        (statuses[0], values[0]) = Fault?.Invoke(this, value) ?? (ReadStatus.Value, value);
        Reads++;
        if (KeepJoules && statuses[0] == ReadStatus.Value && values[0] == value)
        {
            JoulesAtReadings.Add(microjoules / 1e6);
        }
    }

    public void Dispose()
    {
    }

    private void Advance()
    {
        while (at < clock.Now)
        {
            long next = Math.Min(clock.Now, begin + ((((at - begin) / Tenth) + 1) * Tenth));
            double power = watts(at - begin);
            microjoules += power * (next - at) / 1e3;
            LargestTick = Math.Max(LargestTick, power * periodMs / 1e3);
            at = next;
        }
    }
}
