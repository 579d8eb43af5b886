using Google.Protobuf;
using Smaragdine.Activity;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Wire;
using Smaragdine.Power;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

public sealed class DataSetReaderTests
{
    private const ulong T0 = 1_795_253_048_000;

    private readonly List<Warning> warnings = [];
    private readonly DataSetReader reader = new();

    private void Add(DataSet data, string name = "samples-1.pb") => Add(data.ToByteArray(), name);

    private void Add(byte[] bytes, string name = "samples-1.pb") => reader.Add(Inputs.Bytes(bytes, name), warnings.Add);

    private static CpuSample Cpu(ulong time, params (uint Cpu, uint Socket, uint Busy)[] readings)
    {
        CpuSample sample = new() { Timestamp = time };
        foreach ((uint cpu, uint socket, uint busy) in readings)
        {
            // Idle, iowait, steal are not busy; guest is in user already.
            sample.Reading.Add(new CpuReading { Cpu = cpu, Socket = socket, User = busy, Nice = 0, System = 0, Idle = 7 * busy, Iowait = 3, Steal = 9 * busy, Guest = busy });
        }

        return sample;
    }

    private static ProcessSample Tasks(ulong time, params (uint Task, uint Cpu, uint Jiffies)[] readings)
    {
        ProcessSample sample = new() { Timestamp = time };
        foreach ((uint task, uint cpu, uint jiffies) in readings)
        {
            sample.Reading.Add(new TaskReading { TaskId = task, Cpu = cpu, User = jiffies, System = 0 });
        }

        return sample;
    }

    private static double Seconds(ReadOnlySpan<double> rates, ActivityTimeline timeline)
    {
        double sum = 0;
        for (int i = 0; i < timeline.Count; i++)
        {
            sum += rates[i] * (timeline.Ends[i] - timeline.Starts[i]) / 1e9;
        }

        return sum;
    }

    [Fact]
    public void Rapl_gives_package_and_dram_but_not_what_lies_inside_the_package()
    {
        DataSet data = new();
        for (ulong i = 0; i < 3; i++)
        {
            RaplSample sample = new() { Timestamp = T0 + (i * 4) };
            sample.Reading.Add(new RaplReading { Socket = 0, Package = 1000 + (i * 40_000), Dram = i * 20_000, Cpu = i * 30_000, Gpu = i });
            sample.Reading.Add(new RaplReading { Socket = 1, Package = 5000 + (i * 80_000) });
            data.Rapl.Add(sample);
        }

        Add(data);
        IReadOnlyList<DomainPower> power = reader.ToPower(warnings.Add);
        power.Select(p => (p.Domain.Name, Math.Round(p.Timeline.Watts[0], 6))).ShouldBe([("package-0", 10), ("package-1", 20), ("dram-0", 5)]);
        power[0].Quality.ShouldBe(Quality.Measured);
        reader.ToActivity(100, warnings.Add).ShouldBeNull();
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Missing_fields_are_missing_not_zero()
    {
        DataSet data = new();
        for (ulong i = 0; i < 4; i++)
        {
            RaplSample sample = new() { Timestamp = T0 + (i * 4) };
            sample.Reading.Add(i == 1 ? new RaplReading { Socket = 0 } : new RaplReading { Socket = 0, Package = 1_000_000 + (i * 40_000) });
            sample.Reading.Add(new RaplReading { Package = 3 });
            data.Rapl.Add(sample);
            NvmlSample gpu = new() { Timestamp = T0 + (i * 4) };
            gpu.Reading.Add(i == 2 ? new NvmlReading { Index = 0, BusId = "b" } : new NvmlReading { Index = 0, BusId = "b", PowerUsage = 50_000 + (uint)i });
            data.Nvml.Add(gpu);
        }

        data.Cpu.Add(new CpuSample());
        Add(data);
        IReadOnlyList<DomainPower> power = reader.ToPower(warnings.Add);
        power.Select(p => (p.Domain.Name, p.DeviceUuid)).ShouldBe([("package-0", null), ("gpu-0", "b")]);
        power[0].Timeline.Watts.ToArray().ShouldAllBe(w => Math.Abs(w - 10) < 1e-9);
        power[1].Timeline.Watts.ToArray().ShouldAllBe(w => w >= 50);
        warnings.ShouldHaveSingleItem().Text.ShouldBe("samples-1.pb: 7 readings lack a field, or their timestamp is no Unix time in milliseconds; they are left out");
    }

    [Fact]
    public void Activity_is_split_by_socket_and_follows_the_task()
    {
        DataSet data = new();
        for (uint i = 0; i <= 50; i++)
        {
            ulong time = T0 + (i * 20);
            data.Cpu.Add(Cpu(time, (0, 0, 1000 + (i * 2)), (1, 1, 500 + i)));
            data.Process.Add(Tasks(time + 1, (7, 0, 100 + i), (8, 1, 100 + (i / 2))));
        }

        Add(data);
        ActivityInput input = reader.ToActivity(100, warnings.Add)!;
        input.LogicalCpus.ShouldBe(2);
        input.Timelines.Select(t => (t.Socket, t.Capacity)).ShouldBe([(0, 1), (1, 1)]);
        Seconds(input.Timelines[0].Program, input.Timelines[0]).ShouldBe(0.50, 0.01);
        Seconds(input.Timelines[0].Other, input.Timelines[0]).ShouldBe(0.50, 0.02);
        Seconds(input.Timelines[1].Program, input.Timelines[1]).ShouldBe(0.25, 0.01);
        Seconds(input.Timelines[1].Other, input.Timelines[1]).ShouldBe(0.25, 0.02);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void New_tasks_count_from_zero_known_ones_go_on_and_reused_ids_begin_anew()
    {
        TaskSamples samples = new();
        samples.Add(0, Tasks(T0, (1, 0, 100), (2, 0, 50)));
        samples.Add(4, Tasks(T0, (1, 0, 103), (3, 1, 4)));
        samples.Add(4, Tasks(T0, (1, 0, 103), (2, 0, 51), (3, 1, 1)));
        samples.Samples.Select(s => string.Join(' ', s.Used)).ShouldBe(["", "(0, 3) (1, 4)", "(0, 1) (1, 1)"]);
        samples.Add(2, Tasks(T0, (1, 0, 10), (9, 0, 40)));
        samples.Samples[^1].Used.ShouldBeEmpty("where time went back, earlier values mean nothing");
        samples.WentBack.ShouldBe(1);
    }

    [Fact]
    public void Counting_goes_on_from_file_to_file()
    {
        for (uint file = 0; file < 3; file++)
        {
            DataSet data = new();
            for (uint i = 0; i <= 10; i++)
            {
                uint at = (file * 20) + i;
                data.Process.Add(Tasks(T0 + (at * 10), (1, 0, 100 + at), (1000 + file, 0, i)));
                data.Cpu.Add(Cpu(T0 + (at * 10), (0, 0, 1000 + (2 * at))));
            }

            Add(data, $"run/samples-{file}.pb");
        }

        ActivityTimeline timeline = reader.ToActivity(100, warnings.Add)!.Timelines.ShouldHaveSingleItem();
        timeline.Socket.ShouldBe(0);
        Seconds(timeline.Program, timeline).ShouldBeInRange(0.55, 0.95);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_cut_in_a_field_keeps_what_came_before()
    {
        DataSet data = new();
        for (uint i = 0; i < 100; i++)
        {
            data.Cpu.Add(Cpu(T0 + (i * 10), (0, 0, 1000 + i)));
        }

        byte[] bytes = data.ToByteArray();
        Add(bytes[..((bytes.Length / 2) + 5)]);
        reader.Count.ShouldBeInRange(45, 51);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Incomplete.ShouldBeTrue();
        warning.Text.ShouldStartWith("samples-1.pb: the file is cut off or damaged (");
        warning.Text.ShouldContain($"the {reader.Count} samples before that are used");
    }

    [Fact]
    public void A_cut_gzip_keeps_what_came_before()
    {
        DataSet data = new();
        Random random = new(3);
        for (uint i = 0; i < 20_000; i++)
        {
            data.Cpu.Add(Cpu(T0 + (i * 10), (0, 0, (uint)random.Next())));
        }

        byte[] bytes = Inputs.Gzip(data.ToByteArray());
        Add(bytes[..(bytes.Length / 2)], "samples-1.pb.gz");
        reader.Count.ShouldBeInRange(5_000, 15_000);
        warnings.ShouldHaveSingleItem().Text.ShouldStartWith("samples-1.pb.gz: the compressed file ends early or is damaged");
    }

    [Fact]
    public void Every_cut_and_every_flipped_byte_ends_in_a_result_or_a_refusal()
    {
        DataSet data = new();
        RaplSample rapl = new() { Timestamp = T0 };
        rapl.Reading.Add(new RaplReading { Socket = 0, Package = 5, Dram = 6 });
        NvmlSample nvml = new() { Timestamp = T0 };
        nvml.Reading.Add(new NvmlReading { Index = 0, BusId = "00000000:01:00.0", PowerUsage = 5 });
        data.Rapl.Add([rapl, rapl]);
        data.Nvml.Add([nvml, nvml]);
        data.Cpu.Add([Cpu(T0, (0, 0, 1)), Cpu(T0 + 10, (0, 0, 2))]);
        data.Process.Add([Tasks(T0, (1, 0, 1)), Tasks(T0 + 9, (1, 0, 2))]);
        byte[] bytes = data.ToByteArray();
        for (int i = 1; i < bytes.Length; i++)
        {
            Try(bytes[..i]);
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. bytes];
                flipped[i] ^= (byte)(1 << bit);
                Try(flipped);
            }
        }

        static void Try(byte[] bytes)
        {
            DataSetReader one = new();
            try
            {
                one.Add(Inputs.Bytes(bytes, "x.pb"), _ => { });
                one.ToPower(_ => { });
                one.ToActivity(100, _ => { });
            }
            catch (RefusedInputException e)
            {
                e.Message.ShouldStartWith("x.pb: ");
            }
        }
    }

    [Fact]
    public void Junk_is_refused()
    {
        byte[] junk = new byte[5000];
        new Random(1).NextBytes(junk);
        Should.Throw<RefusedInputException>(() => Add(junk)).Message.ShouldStartWith("samples-1.pb: no sample of the paper's sampler in its ");
        Should.Throw<RefusedInputException>(() => Add([])).Message.ShouldBe("samples-1.pb: the file is empty");
    }

    [Fact]
    public void Only_processors_or_only_tasks_are_no_activity()
    {
        DataSet data = new();
        data.Cpu.Add([Cpu(T0, (0, 0, 1)), Cpu(T0 + 10, (0, 0, 2))]);
        Add(data);
        reader.ToActivity(100, warnings.Add).ShouldBeNull();
        warnings.ShouldHaveSingleItem().Text.ShouldContain("`cpu` samples without `process` samples");
    }

    [Fact]
    public void A_32_bit_jiffy_counter_may_wrap()
    {
        DataSet data = new();
        for (uint i = 0; i <= 20; i++)
        {
            data.Cpu.Add(Cpu(T0 + (i * 50), (0, 0, unchecked(uint.MaxValue - 10 + (i * 4)))));
            data.Process.Add(Tasks(T0 + (i * 50), (1, 0, i)));
        }

        Add(data);
        ActivityTimeline timeline = reader.ToActivity(100, warnings.Add)!.Timelines[0];
        Seconds(timeline.Other, timeline).ShouldBe(0.6, 0.02);
    }

    [SharedFact("recordings/tensorflow/bert-base-finetune/samples-5.pb.gz")]
    public void A_real_step_of_bert_has_its_382_jiffies()
    {
        using var stream = Inputs.SharedFile("recordings/tensorflow/bert-base-finetune/samples-5.pb.gz");
        reader.Add(stream, warnings.Add);
        reader.Count.ShouldBe(536 + 526);
        reader.ToPower(warnings.Add).ShouldBeEmpty();
        ActivityInput input = reader.ToActivity(100, warnings.Add)!;
        input.LogicalCpus.ShouldBe(2);
        ActivityTimeline timeline = input.Timelines.ShouldHaveSingleItem();
        Seconds(timeline.Program, timeline).ShouldBe(3.82, 0.08);
        Seconds(timeline.Other, timeline).ShouldBeLessThan(0.6);
        (timeline.Ends[^1] - timeline.Starts[0]).ShouldBeInRange(2_000_000_000, 2_400_000_000);
        warnings.ShouldBeEmpty();
    }

    [SharedFact("recordings/simulated/sampler-with-sensors/samples-1.pb.gz")]
    public void Simulated_sensors_give_back_what_was_put_in()
    {
        for (int step = 1; step <= 12; step++)
        {
            using var stream = Inputs.SharedFile($"recordings/simulated/sampler-with-sensors/samples-{step}.pb.gz");
            reader.Add(stream, warnings.Add);
        }

        IReadOnlyList<DomainPower> power = reader.ToPower(warnings.Add);
        power.Select(p => p.Domain.Name).ShouldBe(["package-0", "dram-0", "gpu-0", "gpu-1"]);
        PowerTimeline package = power[0].Timeline;
        double worst = 0;
        for (int i = 0; i < package.Count; i++)
        {
            (Joules energy, Duration covered) = package.Over(Interval.FromUnixNanoseconds(package.Starts[i], package.Starts[i] + 100_000_000));
            worst = covered.Nanoseconds < 80_000_000 ? worst : Math.Max(worst, Math.Abs((energy / covered).Value - 45));
        }

        worst.ShouldBeLessThan(12, "45 W ± 10 W, and a counter that moves every millisecond");
        (Joules total, Duration time) = package.Over(package.Extent);
        (total / time).Value.ShouldBe(45, 3);
        (Joules dram, Duration dramTime) = power[1].Timeline.Over(power[1].Timeline.Extent);
        (dram / dramTime).Value.ShouldBe(5, 0.1);
        power[2].Timeline.Watts.ToArray().ShouldAllBe(w => w >= 119.9 && w <= 240.1);
        power[2].UpdatePeriod!.Value.TotalSeconds.ShouldBe(0.1, 0.01);
        power[2].DeviceUuid.ShouldBe("00000000:01:00.0");
        power[3].Timeline.Watts.ToArray().ShouldAllBe(w => w == 52);
        ActivityInput activity = reader.ToActivity(100, warnings.Add)!;
        activity.Timelines.ShouldHaveSingleItem().Capacity.ShouldBe(2);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("counter-range-assumed");
        warnings[0].Text.ShouldContain("65532.610987 J was taken");
    }
}
