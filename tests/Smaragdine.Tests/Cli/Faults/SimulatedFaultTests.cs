using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Formats.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli.Faults;

/// <summary>Faults of sensors, clocks and the machine in simulated time, from the counter to the report: no joule is lost or made.</summary>
public sealed class SimulatedFaultTests : IDisposable
{
    private const ulong Range = 262_143_328_850;
    private const long Second = 1_000_000_000;

    private readonly SimulatedRecorder recorder = new();

    public void Dispose() => recorder.Dispose();

    [Fact]
    public void A_sensor_that_blocks_for_two_seconds_loses_no_joule_and_its_time_is_covered_by_no_guess()
    {
        bool blocked = false;
        SimulatedCounter counter = Counter(fault: (c, value) =>
        {
            if (!blocked && c.Elapsed > 3 * Second)
            {
                blocked = true;
                c.Clock.Now += 2 * Second;
            }

            return (ReadStatus.Value, value);
        });
        recorder.Record(counter, 8);
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        // The reading began before the block and ended after it: its value is taken to be of the middle, so each half is a gap.
        recorder.InGaps().ShouldBe(2 * 50, 2);
        string info = recorder.Info().Output;
        info.ShouldContain("1 reading took longer than a period");
        Missed(info).ShouldBeInRange(498, 500);
    }

    [Fact]
    public void A_recorder_that_was_stopped_counts_its_missed_ticks_and_its_counter_bridges_the_gap()
    {
        recorder.Clock.Stops.Enqueue((recorder.Clock.Now + (3 * Second), 2 * Second));
        SimulatedCounter counter = Counter();
        recorder.Record(counter, 8);
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        JsonNode run = recorder.Run();
        run["in_gaps_j"]!["package-0"]!.GetValue<double>().ShouldBe(2 * 50, 2);
        run["gaps_s"]!["package-0"]!.GetValue<double>().ShouldBe(2, 0.02);
        run["covered_s"]!["package-0"]!.GetValue<double>().ShouldBe(6, 0.02);
        CliResult text = Support.Cli.Run("report", recorder.Directory);
        text.Code.ShouldBe(0);
        Flat(text).ShouldContain("J of it in gaps of 1.99 s that no device has", Case.Sensitive, text.Output);
        string info = recorder.Info().Output;
        info.ShouldContain("gaps of 2.00 s together");
        Missed(info).ShouldBeInRange(498, 500);
    }

    [Fact]
    public void A_stop_so_long_that_the_counter_may_have_wrapped_more_than_once_is_uncovered_and_said_so()
    {
        const ulong Small = 65_532_610_987; // at 2 kW it wraps in 33 s
        recorder.Clock.Stops.Enqueue((recorder.Clock.Now + (3 * Second), 40 * Second));
        SimulatedCounter counter = Counter(range: Small);
        recorder.Record(counter, 46);
        CliResult text = Support.Cli.Run("report", recorder.Directory);
        Flat(text).ShouldContain("may have wrapped more than once");
        recorder.Joules().ShouldBe(counter.Truth - (40 * 50), 2 * counter.LargestTick);
        recorder.InGaps().ShouldBe(0);
    }

    [Fact]
    public void A_sensor_that_gives_no_number_for_a_while_is_counted_as_missed_and_loses_no_joule()
    {
        SimulatedCounter counter = Counter(fault: (c, value) => c.Elapsed is > 3 * Second and < 4 * Second ? (ReadStatus.Missed, 0) : (ReadStatus.Value, value));
        recorder.Record(counter, 6);
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        recorder.InGaps().ShouldBe(50, 1);
        Missed(recorder.Info().Output).ShouldBeInRange(249, 250);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(90_000_000_000)]
    public void A_number_that_is_garbage_is_left_out_and_said_so(long garbage)
    {
        int left = 3;
        SimulatedCounter counter = Counter(start: 80_000_000_000, fault: (c, value) =>
            c.Elapsed > 2 * Second && c.Reads % 50 == 7 && left-- > 0 ? (ReadStatus.Value, garbage) : (ReadStatus.Value, value));
        recorder.Record(counter, 6);
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        recorder.InGaps().ShouldBe(0);
        CliResult report = Support.Cli.Run("report", recorder.Directory);
        Flat(report).ShouldContain("3 readings agree neither with the one before");
    }

    [Fact]
    public void A_sensor_that_disappears_keeps_what_it_gave_and_its_time_after_is_uncovered()
    {
        SimulatedCounter counter = Counter(fault: (c, value) => c.Elapsed > 4 * Second ? (ReadStatus.Gone, 0) : (ReadStatus.Value, value));
        WithClock clocked = new(counter);
        recorder.Record(clocked, 10);
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        JsonNode run = recorder.Run();
        run["covered_s"]!["package-0"]!.GetValue<double>().ShouldBe(4, 0.01);
        run["duration_s"]!.GetValue<double>().ShouldBe(10, 0.06);
    }

    [Fact]
    public void A_counter_that_starts_again_at_zero_loses_one_tick_and_is_reported()
    {
        bool reset = false;
        SimulatedCounter counter = Counter(start: 1_000_000_000, fault: (c, value) =>
        {
            if (!reset && c.Elapsed > 3 * Second)
            {
                reset = true;
                c.Reset();
                return (ReadStatus.Value, 0);
            }

            return (ReadStatus.Value, value);
        });
        recorder.Record(counter, 6);
        recorder.Joules().ShouldBe(counter.Truth, 1.001 * counter.LargestTick);
        CliResult report = Support.Cli.Run("report", recorder.Directory);
        Flat(report).ShouldContain("Was the sensor reset?");
    }

    [Fact]
    public void A_wall_clock_set_back_an_hour_moves_no_joule()
    {
        SimulatedCounter counter = Counter();
        bool set = false;
        recorder.Record(counter, 6, () =>
        {
            if (!set && counter.Elapsed > 3 * Second)
            {
                set = true;
                recorder.Clock.Epoch -= 3600 * Second;
            }
        });
        recorder.Joules().ShouldBe(counter.Truth, counter.LargestTick);
        recorder.InGaps().ShouldBe(0);
        JsonNode run = recorder.Run();
        run["duration_s"]!.GetValue<double>().ShouldBe(6, 0.01);
        run["covered_s"]!["package-0"]!.GetValue<double>().ShouldBe(6, 0.01);
        CliResult report = Support.Cli.Run("report", recorder.Directory);
        Flat(report).ShouldContain("3600000 ms behind the monotonic clock");
    }

    /// <summary>Any power, wraps anywhere, stops of any length below a wrap's: the sum is the counter's truth.</summary>
    [Fact]
    public void The_total_is_the_counter_s_truth_within_a_tick_whatever_the_power_the_wraps_and_the_stalls() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            using SimulatedRecorder simulated = new();
            Random random = new(seed);
            double period = random.Next(3) switch { 0 => 1, 1 => 4, _ => 20 };
            double seconds = random.NextDouble() * 4 + 0.2;
            ulong range = random.Next(2) == 0 ? 65_532_610_987 : Range;
            ulong start = range - (ulong)random.NextInt64(1, 400_000_000);
            double[] watts = [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble() * 400)];
            int stops = random.Next(4);
            for (int i = 0; i < stops; i++)
            {
                simulated.Clock.Stops.Enqueue((simulated.Clock.Now + (long)((i + 1) * seconds / (stops + 1) * 1e9), random.NextInt64(1, 10 * Second)));
            }

            SimulatedCounter counter = new(simulated.Clock, period, range, at => watts[at / 100_000_000 % watts.Length], start)
            {
                Fault = (c, value) =>
                {
                    c.Clock.Now += random.Next(50_000);
                    return random.Next(20) == 0 ? (ReadStatus.Missed, 0) : (ReadStatus.Value, value);
                },
            };
            simulated.Record(counter, seconds);
            if (counter.JoulesAtReadings.Count < 2)
            {
                return;
            }

            JsonNode run = simulated.Run();
            double joules = run["by_domain"]!["package-0"]!.GetValue<double>();
            joules.ShouldBe(counter.Truth, counter.LargestTick, $"seed {seed}");
            // What devices have and what lies in gaps is all there is.
            double gaps = run["in_gaps_j"]!["package-0"]?.GetValue<double>() ?? 0;
            double device = Support.Cli.Json(simulated.Directory)["devices"]!.AsArray().Single()!["energy_j"]!.GetValue<double>();
            (device + gaps).ShouldBe(joules, 1e-9 * joules);
        }).QuickCheckThrowOnFailure();

    /// <summary>A day at 100 ms, from the sensor to the file: what is kept is of fixed size.</summary>
    [Fact]
    public void A_day_of_recording_does_not_grow()
    {
        SimulatedCounter counter = new(recorder.Clock, 100, Range, _ => 80) { KeepJoules = false };
        using CountingStream file = new();
        using RecordingWriter writer = new(file, counter.Streams);
        SensorReader reader = new(counter, 0, recorder.Clock);
        TickLoop loop = new(recorder.Clock, writer, [reader], [], 100_000_000);
        loop.Begin();
        Run(60);
        long bytes = file.Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(24 * 3600);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        writer.Written.ShouldBe(1 + 600 + 864_000);
        ((file.Length - bytes) / 864_000.0).ShouldBeInRange(4, 24);
        reader.Statistics(0, stuck: false).Missed.ShouldBe([0L]);

        void Run(double seconds)
        {
            long end = recorder.Clock.Now + (long)(seconds * 1e9);
            for (int tick = 0; recorder.Clock.Now < end; tick++)
            {
                loop.Step();
                if (tick % 5 == 4)
                {
                    writer.Drain();
                }
            }
        }
    }

    private SimulatedCounter Counter(ulong range = Range, ulong start = 262_143_200_000, Func<SimulatedCounter, long, (ReadStatus, long)>? fault = null) =>
        new(recorder.Clock, 4, range, at => at / 100_000_000 % 2 == 0 ? 20 : 80, start % range) { Fault = fault };

    private static string Flat(CliResult result) => string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The number under `missed` in the row of the package.</summary>
    private static int Missed(string info)
    {
        string row = info.Split('\n').Single(l => l.TrimStart().StartsWith("package-0 ", StringComparison.Ordinal) && l.Contains("simulated", StringComparison.Ordinal));
        string[] fields = row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return int.Parse(fields[^3], System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Counts what is written.</summary>
    private sealed class CountingStream : Stream
    {
        private long length;

        public override long Length => length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer) => length += buffer.Length;

        public override void Write(byte[] buffer, int offset, int count) => length += count;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    /// <summary>A sensor with another stream beside its own that never ends: the run goes on after the counter is gone.</summary>
    private sealed class WithClock(SimulatedCounter inner) : ISensor
    {
        public IReadOnlyList<Smaragdine.Recordings.RecordedStream> Streams { get; } =
        [
            .. inner.Streams,
            new("uptime", Smaragdine.Recordings.StreamKind.Context, "simulated", Smaragdine.Units.Quality.Measured, inner.Streams[0].Period),
        ];

        public bool MayBlock => false;

        public void Read(Span<long> values, Span<ReadStatus> statuses)
        {
            inner.Read(values[..1], statuses[..1]);
            (values[1], statuses[1]) = (inner.Elapsed, ReadStatus.Value);
        }

        public void Dispose() => inner.Dispose();
    }
}
