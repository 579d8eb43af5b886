using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

/// <summary>What is written is read again; what was damaged is found, and what comes before it kept.</summary>
public sealed class RecordingStreamTests
{
    [Fact]
    public void What_was_counted_of_the_program_is_read_beside_what_was_charged()
    {
        ProgramTime told = new(Duration.FromSeconds(12.5), Duration.FromSeconds(12.25));
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy()], w => w.Append(0, 1_000_000_000, 500), statistics: SamplingStatistics.None with { Program = told });
        SampleFiles.Read(bytes).Samples.Program.ShouldBe(told);
        SampleFiles.Read(SampleFiles.Small()).Samples.Program.ShouldBeNull();
    }

    [Fact]
    public void Any_streams_and_values_in_any_order_come_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            RecordedStream[] streams = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => Stream(random, i))];
            List<(long, long, int)>[] expected = [.. streams.Select(_ => new List<(long, long, int)>())];
            List<(long, long)> clocks = [];
            byte[] bytes = SampleFiles.Write(streams, writer =>
            {
                for (int i = random.Next(0, 300); i > 0; i--)
                {
                    switch (random.Next(20))
                    {
                        case 0:
                            writer.Drain();
                            break;
                        case 1:
                            clocks.Add((Any(random), Any(random)));
                            writer.Clock(clocks[^1].Item1, clocks[^1].Item2);
                            break;
                        default:
                            RecordedSample sample = new(Any(random), Any(random), random.Next(streams.Length), (int)Any(random));
                            expected[sample.Stream].Add((sample.MonotonicNs, sample.Value, sample.ReadNs));
                            writer.Append([sample]).ShouldBeTrue();
                            break;
                    }
                }
            });
            (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
            warnings.ShouldBeEmpty();
            read.Finished.ShouldBeTrue();
            read.Bytes.ShouldBe(bytes.Length);
            read.Clocks.ShouldBe(clocks);
            read.Series.Select(s => s.Stream).ShouldBe(streams);
            for (int i = 0; i < streams.Length; i++)
            {
                SampleFiles.Samples(read.Series[i]).ShouldBe(expected[i]);
            }

            // Times that cannot be are left out, not stumbled over.
            _ = read.ToPower(_ => { });
            _ = read.ToActivity(Manifest.Empty, _ => { });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_file_cut_at_any_byte_gives_what_was_whole_before()
    {
        byte[] whole = SampleFiles.Small();
        List<(long, long, int)> all = SampleFiles.Samples(SampleFiles.Read(whole).Samples.Series[0]);
        int most = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(whole[..length]);
            read.Finished.ShouldBeFalse();
            warnings.ShouldContain(w => w.Code == "samples-cut" && w.Incomplete);
            if (read.Series.Count > 0)
            {
                List<(long, long, int)> kept = SampleFiles.Samples(read.Series[0]);
                kept.ShouldBe(all[..kept.Count]);
                kept.Count.ShouldBeGreaterThanOrEqualTo(most);
                most = kept.Count;
                _ = read.ToPower(_ => { });
            }
        }

        most.ShouldBe(all.Count);
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        byte[] whole = SampleFiles.Small();
        List<(long, long, int)> all = SampleFiles.Samples(SampleFiles.Read(whole).Samples.Series[0]);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 < 16)
            {
                Should.Throw<RefusedInputException>(() => SampleFiles.Read(damaged));
                continue;
            }

            (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(damaged);
            warnings.ShouldContain(w => w.Code == "samples-cut" && w.Incomplete, $"bit {bit}");
            read.Finished.ShouldBeFalse();
            if (read.Series.Count > 0)
            {
                List<(long, long, int)> kept = SampleFiles.Samples(read.Series[0]);
                kept.ShouldBe(all[..kept.Count]);
            }
        }
    }

    [Fact]
    public void Frames_that_a_checksum_vouches_for_and_that_hold_nonsense_do_no_harm() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<byte> bytes = [.. SampleFiles.Write([SampleFiles.Energy(), SampleFiles.Power()], w => w.Clock(Any(random), Any(random)), finish: false)];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                ByteBuffer frame = new();
                int start = frame.BeginFrame((FrameKind)random.Next(7));
                for (int n = random.Next(40); n > 0; n--)
                {
                    switch (random.Next(4))
                    {
                        case 0:
                            frame.Byte((byte)random.Next(256));
                            break;
                        case 1:
                            frame.Bytes("""[{"name":"gpu-0","kind":"power","period_ns":-1}]"""u8);
                            break;
                        case 2:
                            frame.Signed(Any(random));
                            break;
                        default:
                            frame.Varint((ulong)random.Next(3));
                            break;
                    }
                }

                frame.EndFrame(start);
                bytes.AddRange(frame.Span);
            }

            (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read([.. bytes]);
            read.CheckClocks(warnings.Add);
            _ = read.ToPower(warnings.Add);
            _ = read.ToActivity(Manifest.Empty, warnings.Add);
            _ = read.Extent;
            read.Series.ToList().ForEach(s => s.Regularity());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_tail_of_zeros_is_damage_not_frames()
    {
        byte[] bytes = [.. SampleFiles.Write([SampleFiles.Energy()], w => w.Append(0, 1, 2), finish: false), .. new byte[4096]];
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
        read.Series[0].Count.ShouldBe(1);
        warnings.ShouldContain(w => w.Code == "samples-cut" && w.Text.Contains("its length is 0"));
    }

    [Fact]
    public void A_killed_recorder_leaves_a_file_without_end_mark_that_says_how_much_there_is()
    {
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy()], w =>
        {
            w.Append(0, 0, 1);
            w.Append(0, 2_500_000_000, 2);
        }, finish: false);
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
        read.Count.ShouldBe(2);
        warnings.ShouldContain(w => w.Incomplete && w.Text.Contains("no end mark") && w.Text.Contains("2 samples over 2.5 s"));
    }

    [Fact]
    public void Frames_and_fields_of_later_minor_versions_are_passed_over()
    {
        byte[] whole = SampleFiles.Small();
        ByteBuffer later = new();
        int start = later.BeginFrame((FrameKind)200);
        later.Bytes("whatever"u8);
        later.EndFrame(start);
        byte[] header = whole[..16];
        header[10] = 7;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), SampleFormat.Crc32C(0, header.AsSpan(0, 12)));
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read([.. header, .. later.Span, .. whole[16..]]);
        warnings.ShouldBeEmpty();
        read.Series[0].Count.ShouldBe(20);
        read.Version.ShouldBe(new Version(1, 7));
    }

    [Fact]
    public void Another_major_version_is_refused_by_name()
    {
        byte[] header = SampleFiles.Small()[..16];
        header[8] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), SampleFormat.Crc32C(0, header.AsSpan(0, 12)));
        Should.Throw<RefusedInputException>(() => SampleFiles.Read(header)).Message.ShouldContain($"version 2.{SampleFormat.Minor}");
    }

    [Fact]
    public void A_sample_at_4_ms_takes_about_nine_bytes()
    {
        Random random = new(7);
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy(), SampleFiles.Energy("dram-0")], w =>
        {
            for (int i = 0; i < 15_000; i++)
            {
                long time = 1_145_489_938_517 + (i * 4_000_000L) + random.Next(300_000);
                w.Append(0, time, 65_182_838_272 + (i * 320_000L) + random.Next(40_000), 8_000 + random.Next(5_000));
                w.Append(1, time + 20_000, 5_182_838_272 + (i * 24_000L) + random.Next(4_000), 8_000 + random.Next(5_000));
                if (i % 125 == 124)
                {
                    w.Clock(time, 1_704_067_200_000_000_000 + time);
                    w.Drain();
                }
            }
        });
        RecordedSamples read = SampleFiles.Read(bytes).Samples;
        read.Count.ShouldBe(30_000);
        double each = (double)bytes.Length / read.Count;
        each.ShouldBeLessThan(11);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_moves_nothing()
    {
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy()], w =>
        {
            w.Clock(1_000_000_000, 1_704_067_201_000_000_000);
            for (int i = 0; i < 100; i++)
            {
                w.Append(0, 1_000_000_000 + (i * 4_000_000L), i * 40_000L);
            }

            w.Clock(1_400_000_000, 1_704_067_201_400_000_000 - 3_600_000_000_000);
        });
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
        read.CheckClocks(warnings.Add);
        warnings.Single().Code.ShouldBe("clock-stepped");
        DomainPower power = read.ToPower(warnings.Add).Single();
        power.Timeline.Count.ShouldBe(99);
        power.Timeline.Starts[0].ShouldBe(1_704_067_201_000_000_000);
        power.Timeline.Watts[50].ShouldBe(10, 1e-9);
        warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void Without_a_clock_pair_there_is_no_power_and_it_says_so()
    {
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(SampleFiles.Write([SampleFiles.Energy()], w => w.Append(0, 1, 1)));
        read.CheckClocks(warnings.Add);
        warnings.Single().Code.ShouldBe("no-clock");
        read.ToPower(warnings.Add).ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_counter_and_a_power_reading_of_one_domain_the_counter_is_used_and_nothing_counts_twice()
    {
        byte[] bytes = SampleFiles.Write([SampleFiles.Power("gpu-0"), SampleFiles.Energy("gpu-0") with { Source = "nvml counter", DeviceId = "GPU-a" }], w =>
        {
            w.Clock(0, 1_704_067_200_000_000_000);
            for (int i = 0; i < 10; i++)
            {
                w.Append(0, i * 20_000_000L, 99_000_000 + i);
                w.Append(1, i * 20_000_000L, i * 1_000_000L);
            }
        });
        List<Warning> warnings = [];
        DomainPower power = SampleFiles.Read(bytes).Samples.ToPower(warnings.Add).Single();
        power.Source.ShouldBe("nvml counter");
        power.DeviceUuid.ShouldBe("GPU-a");
        power.Timeline.Watts[3].ShouldBe(50, 1e-9);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_counters_of_one_domain_the_first_is_used_and_it_says_so()
    {
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy(), SampleFiles.Energy() with { Source = "perf" }], w => Fill(w, counters: 2));
        List<Warning> warnings = [];
        SampleFiles.Read(bytes).Samples.ToPower(warnings.Add).Single().Source.ShouldBe("powercap");
        warnings.Single().Code.ShouldBe("domain-twice");
    }

    [Fact]
    public void A_power_reading_stands_in_for_a_counter_that_gave_nothing()
    {
        byte[] bytes = SampleFiles.Write([SampleFiles.Energy("gpu-0"), SampleFiles.Power("gpu-0")], w => Fill(w, counters: 0));
        List<Warning> warnings = [];
        SampleFiles.Read(bytes).Samples.ToPower(warnings.Add).Single().Source.ShouldBe("nvml instant");
        warnings.Single().Code.ShouldBe("too-few-readings");
    }

    [Fact]
    public void Activity_is_by_socket_where_both_streams_are()
    {
        RecordedStream Time(string name, StreamKind kind, int? socket) => new(name, kind, "proc", Quality.Measured, Duration.FromMilliseconds(10)) { Socket = socket };
        byte[] bytes = SampleFiles.Write(
            [Time("program-0", StreamKind.ProgramTime, 0), Time("program-1", StreamKind.ProgramTime, 1), Time("busy-0", StreamKind.BusyTime, 0), Time("busy-1", StreamKind.BusyTime, 1)],
            w =>
            {
                w.Clock(0, 1_704_067_200_000_000_000);
                for (int i = 0; i < 50; i++)
                {
                    long t = i * 10_000_000L;
                    w.Append(0, t, 2 * t);
                    w.Append(1, t, 0);
                    w.Append(2, t, 3 * t);
                    w.Append(3, t, t);
                }
            });
        Manifest manifest = new() { LogicalCpus = 16, SocketCpus = new Dictionary<int, int> { [0] = 10, [1] = 6 } };
        List<Warning> warnings = [];
        Activity.ActivityInput activity = SampleFiles.Read(bytes).Samples.ToActivity(manifest, warnings.Add).ShouldNotBeNull();
        warnings.ShouldBeEmpty();
        activity.LogicalCpus.ShouldBe(16);
        activity.Timelines.Select(t => (t.Socket, t.Capacity)).ShouldBe([(0, 10), (1, 6)]);
        activity.Timelines[0].Program[20].ShouldBe(2, 1e-9);
        activity.Timelines[0].Other[20].ShouldBe(1, 1e-9);
        activity.Timelines[1].Other[20].ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Statistics_come_back()
    {
        SamplingStatistics statistics = new([new()
        {
            Missed = 3,
            Stalls = 1,
            Lateness = new(Duration.FromNanoseconds(1), Duration.FromNanoseconds(2), Duration.FromNanoseconds(3), Duration.FromNanoseconds(4)),
        }]);
        SampleFiles.Read(SampleFiles.Write([SampleFiles.Energy()], _ => { }, statistics: statistics)).Samples.Series[0].Statistics.ShouldBe(statistics.Streams[0]);
    }

    /// <summary>Two streams of 1 W each for 200 ms: the first ones as counters, the rest as power.</summary>
    private static void Fill(RecordingWriter writer, int counters)
    {
        writer.Clock(0, 1_704_067_200_000_000_000);
        for (int i = 0; i < 10; i++)
        {
            for (int stream = counters == 0 ? 1 : 0; stream < 2; stream++)
            {
                writer.Append(stream, i * 20_000_000L, stream < counters ? i * 20_000L : 1_000_000 + (i % 2));
            }
        }
    }

    /// <summary>Values of all sizes, the largest and smallest among them.</summary>
    private static long Any(Random random) => random.Next(8) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => 0,
        _ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
    };

    private static RecordedStream Stream(Random random, int index) => new(
        $"däta \"{index}\" \n", (StreamKind)random.Next(5), "source", (Quality)random.Next(4), Duration.FromNanoseconds(random.Next()))
    {
        Range = random.Next(2) == 0 ? null : new CounterRange((ulong)random.NextInt64(1, long.MaxValue) * 2),
        UpdatePeriod = random.Next(2) == 0 ? null : Duration.FromNanoseconds(random.Next(1, 9999)),
        Window = random.Next(2) == 0 ? null : Duration.FromNanoseconds(random.Next(1, 9999)),
        DeviceId = random.Next(2) == 0 ? null : "GPU-1",
        Socket = random.Next(2) == 0 ? null : random.Next(4),
        Unit = random.Next(2) == 0 ? null : ContextUnits.Millidegrees,
    };
}
