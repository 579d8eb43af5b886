using System.Text.Json.Nodes;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

/// <summary>The writer under the things that happen to writers: full disks, full buffers, many threads.</summary>
public sealed class RecordingWriterTests
{
    [Fact]
    public void A_full_disk_keeps_all_before_says_so_once_and_lets_the_sampler_go_on()
    {
        int whole = SampleFiles.Small().Length;
        for (int room = 0; room <= whole + 10; room += 3)
        {
            using MemoryStream disk = new();
            List<string> told = [];
            using RecordingWriter writer = new(new FullDisk(disk, room), [SampleFiles.Energy()], new() { OnFailure = told.Add });
            int taken = 0;
            for (int i = 0; i < 60; i++)
            {
                taken += writer.Append([new(i * 4_000_000L, i, 0, 0)]) ? 1 : 0;
                writer.Drain();
            }

            writer.Finish(SamplingStatistics.None);
            (RecordedSamples read, _) = SampleFiles.Read(disk.ToArray());
            read.Count.ShouldBe(writer.Written);
            (writer.Written + writer.Dropped).ShouldBe(60);
            if (writer.Failure is null)
            {
                taken.ShouldBe(60);
                continue;
            }

            told.ShouldBe([writer.Failure]);
            told[0].ShouldContain("No space left");
            writer.Append([new(0, 0, 0, 0)]).ShouldBeFalse();
            read.Finished.ShouldBeFalse();
            if (read.Series.Count > 0)
            {
                SampleFiles.Samples(read.Series[0]).Select(s => s.Item2).ShouldBe(Enumerable.Range(0, (int)writer.Written).Select(i => (long)i));
            }
        }
    }

    [Fact]
    public void Linux_own_full_device_is_told_and_survived()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        List<string> told = [];
        FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using RecordingWriter writer = new(full, [SampleFiles.Energy()], new() { OnFailure = told.Add });
        writer.Append([new(0, 0, 0, 0)]).ShouldBeFalse();
        writer.Finish(SamplingStatistics.None);
        told.Single().ShouldStartWith("/dev/full, after byte 0: cannot be written: ");
        writer.Dropped.ShouldBe(1);
    }

    [Fact]
    public void Streams_that_come_later_are_read_back_with_their_samples()
    {
        using MemoryStream bytes = new();
        using RecordingWriter writer = new(bytes, [SampleFiles.Energy()]);
        writer.Append(0, 1, 10);
        Should.Throw<ArgumentOutOfRangeException>(() => writer.Append(1, 2, 20));
        writer.AddStreams([]).ShouldBe(1);
        writer.AddStreams([SampleFiles.Energy("gpu-0"), SampleFiles.Energy("gpu-1")]).ShouldBe(1);
        writer.Append(2, 3, 30);
        writer.Append(0, 4, 40);
        writer.AddStreams([SampleFiles.Energy("gpu-2")]).ShouldBe(3);
        writer.Append(3, 5, 50);
        writer.Finish(SamplingStatistics.None);
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes.ToArray());
        warnings.ShouldBeEmpty();
        read.Finished.ShouldBeTrue();
        read.Series.Select(s => s.Stream.Name).ShouldBe(["package-0", "gpu-0", "gpu-1", "gpu-2"]);
        read.Series.Select(s => string.Join(' ', s.Values)).ShouldBe(["10 40", "", "30", "50"]);
    }

    [Fact]
    public void Streams_that_come_while_others_append_and_are_written_lose_nothing()
    {
        using MemoryStream bytes = new();
        using RecordingWriter writer = new(bytes, [SampleFiles.Energy("package-0")], new() { DrainInterval = TimeSpan.FromMilliseconds(1), Capacity = 1 << 16 });
        writer.Start();
        const int Threads = 4;
        const int Each = 300;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, t =>
        {
            int own = writer.AddStreams([SampleFiles.Energy($"gpu-{t}")]);
            for (int i = 0; i < Each; i++)
            {
                writer.Append([new(i, i, 0, 0), new(i, t, own, 0)]).ShouldBeTrue();
                if (i % 100 == 99)
                {
                    own = writer.AddStreams([SampleFiles.Energy($"gpu-{t}")]);
                }
            }
        });
        writer.Finish(SamplingStatistics.None);
        (RecordedSamples read, _) = SampleFiles.Read(bytes.ToArray());
        read.Count.ShouldBe(2 * Threads * Each);
        read.Series[0].Count.ShouldBe(Threads * Each);
        foreach (SampleSeries series in read.Series.Skip(1))
        {
            series.Values.ShouldAllBe(v => $"gpu-{v}" == series.Stream.Name);
        }
    }

    [Fact]
    public void A_manifest_that_is_told_while_streams_come_stays_whole()
    {
        using TempFolder folder = new();
        List<string> told = [];
        using (RecordingWriter writer = RecordingWriter.Create(folder.At("run"), [SampleFiles.Energy()], new(), new() { OnFailure = told.Add }))
        {
            Parallel.Invoke(
                () => Enumerable.Range(0, 60).ToList().ForEach(i => writer.AddStreams([SampleFiles.Energy($"gpu-{i}")])),
                () => Enumerable.Range(1, 60).ToList().ForEach(i => writer.Tell(new() { Program = new() { ProcessId = i } })));
            writer.Finish(SamplingStatistics.None);
        }

        told.ShouldBeEmpty();
        JsonNode.Parse(File.ReadAllText(folder.At("run/manifest.json")))!["pid"]!.GetValue<int>().ShouldBe(60);
    }

    [Fact]
    public void Streams_that_find_the_disk_full_take_samples_that_are_counted_as_dropped()
    {
        using MemoryStream disk = new();
        using RecordingWriter writer = new(new FullDisk(disk, 120), [SampleFiles.Energy()]);
        int added = writer.AddStreams([SampleFiles.Energy("gpu-0")]);
        writer.Failure.ShouldNotBeNull();
        writer.Append(added, 1, 2);
        writer.Dropped.ShouldBe(1);
    }

    [Fact]
    public void A_recording_under_way_can_be_read()
    {
        using TempFolder directory = new();
        using RecordingWriter writer = RecordingWriter.Create(directory.Path, [SampleFiles.Energy()], new());
        writer.Append(0, 1, 2);
        writer.Drain();
        using (Smaragdine.Formats.Files.BoundedStream file = Smaragdine.Formats.Files.InputFile.Open(Path.Combine(directory.Path, "samples.smrg")))
        {
            List<Warning> warnings = [];
            RecordingStreamReader.Read(file, "samples.smrg", warnings.Add).Count.ShouldBe(1);
            warnings.Single().Text.ShouldContain("still recording");
        }

        writer.Append(0, 2, 3);
        writer.Finish(SamplingStatistics.None);
        writer.Failure.ShouldBeNull();
        SampleFiles.Read(File.ReadAllBytes(Path.Combine(directory.Path, "samples.smrg"))).Samples.Count.ShouldBe(2);
    }

    [Fact]
    public void A_directory_that_vanishes_is_told_not_thrown()
    {
        using TempFolder directory = new();
        string path = Path.Combine(directory.Path, "run");
        using RecordingWriter writer = RecordingWriter.Create(path, [SampleFiles.Energy()], new());
        Directory.Delete(path, recursive: true);
        writer.Append(0, 1, 2);
        writer.Finish(SamplingStatistics.None);
        writer.Failure.ShouldNotBeNull().ShouldContain("manifest.json");
    }

    [Fact]
    public void Append_allocates_nothing()
    {
        using RecordingWriter writer = new(new MemoryStream(1 << 20), [SampleFiles.Energy(), SampleFiles.Power()]);
        RecordedSample[] tick = [new(1, 2, 0, 3), new(2, 3, 1, 4)];
        Steady(() =>
        {
            Fill(1000);
            writer.Drain();
        }, () => Fill(10_000)).ShouldBe(0);

        void Fill(int ticks)
        {
            for (int i = 0; i < ticks; i++)
            {
                writer.Append(tick);
                writer.Clock(i, i);
            }
        }
    }

    [Fact]
    public void Draining_allocates_nothing_once_its_buffers_are_large_enough()
    {
        using RecordingWriter writer = new(new MemoryStream(1 << 22), [SampleFiles.Energy(), SampleFiles.Power()], new() { SyncEvery = int.MaxValue });
        RecordedSample[] tick = [new(1, 2, 0, 3), new(2, 3, 1, 4)];
        Steady(() => { }, Round).ShouldBe(0);

        void Round()
        {
            for (int i = 0; i < 5000; i++)
            {
                writer.Append(tick);
            }

            writer.Clock(1, 2);
            writer.Drain();
        }
    }

    [Fact]
    public void What_the_buffer_cannot_take_is_counted_by_stream_and_told_in_the_recording()
    {
        byte[] bytes;
        using (MemoryStream file = new())
        {
            using RecordingWriter writer = new(file, [SampleFiles.Energy(), SampleFiles.Power()], new() { Capacity = 8 });
            for (int i = 0; i < 6; i++)
            {
                writer.Append(0, i, i);
            }

            writer.Append([new(6, 6, 0, 0), new(6, 6, 1, 0), new(7, 7, 0, 0), new(7, 7, 1, 0)]).ShouldBeFalse();
            writer.Dropped.ShouldBe(2);
            writer.Drain();
            writer.Append([new(8, 8, 0, 0)]).ShouldBeTrue();
            writer.Finish(SamplingStatistics.None);
            bytes = file.ToArray();
        }

        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
        read.Series.Select(s => s.Count).ShouldBe([8, 1]);
        read.Series.Select(s => s.Statistics!.Dropped).ShouldBe([1, 1]);
        warnings.Single().Code.ShouldBe("samples-dropped");
    }

    [Fact]
    public void Producers_on_several_threads_lose_nothing_that_was_taken_and_keep_their_order()
    {
        const int Producers = 4;
        const int Each = 20_000;
        byte[] bytes;
        long[] taken = new long[Producers];
        using (MemoryStream file = new())
        {
            using RecordingWriter writer = new(file, [.. Enumerable.Range(0, Producers).Select(i => SampleFiles.Energy($"package-{i}"))],
                new() { Capacity = 1024, DrainInterval = TimeSpan.FromMilliseconds(1) });
            writer.Start();
            Thread[] threads = [.. Enumerable.Range(0, Producers).Select(p => new Thread(() =>
            {
                for (int i = 0; i < Each; i++)
                {
                    taken[p] += writer.Append([new(i, i, p, 0)]) ? 1 : 0;
                }
            }))];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
            writer.Finish(SamplingStatistics.None);
            writer.Written.ShouldBe(taken.Sum());
            (writer.Written + writer.Dropped).ShouldBe(Producers * Each);
            bytes = file.ToArray();
        }

        RecordedSamples read = SampleFiles.Read(bytes).Samples;
        read.Finished.ShouldBeTrue();
        for (int p = 0; p < Producers; p++)
        {
            read.Series[p].Count.ShouldBe((int)taken[p]);
            read.Series[p].Values.ShouldBeInOrder(SortDirection.Ascending);
            read.Series[p].Values.Distinct().Count().ShouldBe((int)taken[p]);
        }
    }

    [Fact]
    public void A_directory_has_its_manifest_from_the_start_and_the_runs_extent_at_the_end()
    {
        using TempFolder directory = new();
        string path = Path.Combine(directory.Path, "run");
        ManifestFacts facts = new()
        {
            Recorder = "smaragdine 0.1.0",
            Host = new()
            {
                Name = "node7", CpuModel = "EPYC", LogicalCpus = 4, ClockTicks = 250, Governor = "performance",
                Sockets = [new(0, 2), new(1, 2)],
                Gpus = Gpus,
            },
            Program = new() { Framework = "torch", FrameworkVersion = "2.4", Batch = 8, Sequence = 128, Rank = new("torchrun", 1, 1, 2, null) },
            Baseline = new Dictionary<string, Watts> { ["package-0"] = Watts.From(30) },
        };
        using RecordingWriter writer = RecordingWriter.Create(path, [SampleFiles.Energy()], facts);
        Manifest early = Read(path);
        early.Host.ShouldBe("node7");
        early.Run.ShouldBeNull();
        writer.Clock(0, 1_704_067_200_000_000_000);
        writer.Append(0, 1_000_000, 1);
        writer.Append(0, 5_000_000, 2);
        writer.Finish(SamplingStatistics.None, facts with { Program = facts.Program with { ExitCode = 0 } });
        Manifest late = Read(path);
        late.Run.ShouldBe(Interval.FromUnixNanoseconds(1_704_067_200_001_000_000, 1_704_067_200_005_000_000));
        late.LogicalCpus.ShouldBe(4);
        late.SocketCpus[1].ShouldBe(2);
        late.ClockTicks.ShouldBe(250);
        late.Gpus.ShouldBe(Gpus);
        late.Framework.ShouldBe("torch");
        late.Baseline["package-0"].Value.ShouldBe(30);
        File.ReadAllText(Path.Combine(path, "manifest.json")).ShouldContain("\"finished\"");
        Directory.GetFiles(path).Select(Path.GetFileName).Order().ShouldBe(["manifest.json", "samples.smrg"]);
        Should.Throw<RefusedInputException>(() => RecordingWriter.Create(path, [], facts)).Message.ShouldContain("already");
    }

    /// <summary>All is known of the first; the second is hidden from the program; of the third it is not known.</summary>
    private static IReadOnlyList<GpuFacts> Gpus { get; } =
    [
        new() { Index = 0, Name = "H100", Uuid = "GPU-a", PciBusId = "0000:65:00.0", Driver = "nvidia 550", Shared = true },
        new() { Visible = false, Uuid = "GPU-b", Shared = false },
        new() { PciBusId = "0000:b3:00.0" },
    ];

    [Fact]
    public void A_command_line_that_is_not_to_be_kept_is_not()
    {
        using MemoryStream with = new();
        using MemoryStream without = new();
        ManifestWriter.Write(with, new() { Program = new() { Command = ["python", "--token=x"] } }, new(RecordingState.Recording, []));
        ManifestWriter.Write(without, new(), new(RecordingState.Recording, []));
        System.Text.Encoding.UTF8.GetString(with.ToArray()).ShouldContain("--token=x");
        System.Text.Encoding.UTF8.GetString(without.ToArray()).ShouldNotContain("command");
    }

    /// <summary>Bytes that one more round allocates on this thread: the least of several, for the runtime recompiles methods meanwhile.</summary>
    private static long Steady(Action prepare, Action round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static Manifest Read(string directory)
    {
        using FileStream stream = File.OpenRead(Path.Combine(directory, "manifest.json"));
        return Manifest.Read(stream, "manifest.json");
    }

    /// <summary>A disk with room for so many bytes: takes what fits, then says what Linux says.</summary>
    private sealed class FullDisk(MemoryStream inner, int room) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fits = (int)Math.Min(buffer.Length, room - inner.Length);
            inner.Write(buffer[..fits]);
            if (fits < buffer.Length)
            {
                throw new IOException("No space left on device");
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
