using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

/// <summary>Sensors of one host that one process read after another, and streams that come while others run.</summary>
public sealed class TakenOverSensorsTests
{
    private const long Epoch = 1_704_067_200_000_000_000;
    private const long Ms = 1_000_000;

    private static readonly RecordedStream Perf = SampleFiles.Energy() with { Source = "perf", Range = null };

    private readonly List<Warning> warnings = [];

    [Fact]
    public void A_counter_that_begins_anew_with_each_process_is_not_continued()
    {
        DomainPower power = Merge(Counter(Perf, 0, 50, 0), Counter(Perf, 51, 100, 0)).Single();
        power.Timeline.Total().Energy.Value.ShouldBe(99 * 0.4, 1e-9);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_counter_of_the_hardware_goes_on_over_a_wrap_and_over_the_change()
    {
        const long Range = 262_143_328_850;
        DomainPower power = Merge(Counter(SampleFiles.Energy(), 0, 50, Range - 10_000_000), Counter(SampleFiles.Energy(), 51, 100, (51 * 400_000) - 10_000_000)).Single();
        power.Timeline.Total().Energy.Value.ShouldBe(100 * 0.4, 1e-6);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Another_sensor_of_the_same_domain_goes_on_where_the_first_ended()
    {
        DomainPower power = Merge(Counter(SampleFiles.Energy(), 0, 60, 5), Counter(Perf with { Quality = Quality.Estimated }, 40, 100, 0)).Single();
        power.Timeline.Total().Energy.Value.ShouldBe(100 * 0.4, 1e-6);
        power.Source.ShouldBe("powercap, then perf");
        power.Quality.ShouldBe(Quality.Estimated);
    }

    [Fact]
    public void Cards_are_told_apart_by_their_ids_whatever_number_a_process_gave_them()
    {
        RecordedStream a = SampleFiles.Energy("gpu-0") with { DeviceId = "GPU-a", Range = null };
        RecordedStream b = SampleFiles.Energy("gpu-0") with { DeviceId = "GPU-b", Range = null };
        RecordedStream moved = SampleFiles.Energy("gpu-1") with { DeviceId = "gpu-A", Range = null };
        IReadOnlyList<DomainPower> power = Merge(Counter(a, 0, 50, 0), Counter(b, 0, 50, 0), Counter(moved, 51, 100, 51 * 400_000));
        power.Select(p => (p.Domain.Name, p.DeviceUuid, Math.Round(p.Timeline.Total().Energy.Value, 6))).ShouldBe([("gpu-0", "GPU-a", 40), ("gpu-1", "GPU-b", 20)]);
    }

    [Fact]
    public void Two_that_read_at_once_count_once()
    {
        Merge(Counter(SampleFiles.Energy(), 0, 70, 0), Counter(SampleFiles.Energy(), 30, 100, 30 * 400_000)).Single().Timeline.Total().Energy.Value.ShouldBe(40, 1e-6);
        Merge(Counter(Perf, 0, 70, 0), Counter(Perf, 30, 100, 0)).Single().Timeline.Total().Energy.Value.ShouldBe(40, 1e-6);
    }

    [Fact]
    public void Streams_may_come_while_others_are_written()
    {
        using TempFolder folder = new();
        using (RecordingWriter writer = RecordingWriter.Create(folder.At("run"), [SampleFiles.Power()], new() { HoldsSensors = false }))
        {
            writer.Clock(0, Epoch);
            writer.Append(0, 1, 70);
            Should.Throw<ArgumentOutOfRangeException>(() => writer.Append(1, 2, 5));
            writer.AddStreams([SampleFiles.Energy("package-0"), SampleFiles.Energy("dram-0")], new() { HoldsSensors = true }).ShouldBe(1);
            writer.Append(2, 2, 5);
            writer.Append(0, 3, 71);
            // As it would be after a kill.
            ReadManifest(folder).HoldsSensors.ShouldBe(true);
            File.ReadAllText(folder.At("run/manifest.json")).ShouldContain("dram-0");
            writer.Drain();
            Read(folder).Series.Select(s => (s.Stream.Name, s.Count)).ShouldBe([("gpu-0", 2), ("package-0", 0), ("dram-0", 1)]);
            writer.Finish(new([new() { Missed = 1 }, new() { Missed = 2 }, new() { Missed = 3 }]), new() { HoldsSensors = true });
        }

        RecordedSamples samples = Read(folder);
        samples.Finished.ShouldBeTrue();
        samples.Series.Select(s => s.Statistics!.Missed).ShouldBe([1, 2, 3]);
        ReadManifest(folder).HoldsSensors.ShouldBe(true);
    }

    [Fact]
    public void What_of_added_streams_was_dropped_is_counted_by_stream()
    {
        using MemoryStream bytes = new();
        using RecordingWriter writer = new(bytes, [SampleFiles.Power()], new() { Capacity = 16 });
        writer.AddStreams([SampleFiles.Energy()], new());
        for (int i = 0; i < 40; i++)
        {
            writer.Append(1, i, i);
        }

        writer.Append(0, 50, 1);
        writer.Dropped.ShouldBe(25);
        writer.Finish(SamplingStatistics.None);
        RecordedSamples samples = SampleFiles.Read(bytes.ToArray()).Samples;
        samples.Series.Select(s => s.Statistics!.Dropped).ShouldBe([1, 24]);
    }

    private IReadOnlyList<DomainPower> Merge(params RecordedSamples[] recordings) => RecordedSamples.ToPower(recordings, warnings.Add);

    /// <summary>A counter at 40 W, read every 10 ms from one tick to another.</summary>
    private static RecordedSamples Counter(RecordedStream stream, int from, int to, long start) => SampleFiles.Read(SampleFiles.Write([stream], writer =>
    {
        writer.Clock(0, Epoch);
        for (int i = from; i <= to; i++)
        {
            long value = start + ((i - from) * 400_000L);
            writer.Append(0, i * 10 * Ms, stream.Range is { } range ? value % (long)range.MaxMicrojoules : value);
        }
    })).Samples;

    private static RecordedSamples Read(TempFolder folder)
    {
        using FileStream file = new(folder.At("run/samples.smrg"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return RecordingStreamReader.Read(file, "samples.smrg", _ => { });
    }

    private static Manifest ReadManifest(TempFolder folder)
    {
        using FileStream file = File.OpenRead(folder.At("run/manifest.json"));
        return Manifest.Read(file, "manifest.json");
    }
}
