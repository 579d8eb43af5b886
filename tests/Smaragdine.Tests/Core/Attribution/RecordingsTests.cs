using System.IO.Compression;
using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Wire;
using Smaragdine.Power;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>The rules of accounting on every recording there is: all steps add up, and a step of each equals the slow accounting.</summary>
public sealed class RecordingsTests
{
    public static TheoryData<string> Samples => new(
        "bert-base-finetune", "bert-base-predict", "albert-base-finetune", "neighbour",
        "variants/A-L6-H512", "variants/D-L8-H768", "stability/run-1", "stability/run-7");

    /// <summary>`neighbour` has no simulated power.</summary>
    public static TheoryData<string> SimulatedSamples => new(
        "bert-base-finetune", "bert-base-predict", "albert-base-finetune",
        "variants/A-L6-H512", "variants/D-L8-H768", "stability/run-1", "stability/run-7");

    public static TheoryData<string> Timelines => new(
        "ikhlestov_tensorflow_profiling__CPU_timeline_02_step_0.json",
        "ikhlestov_tensorflow_profiling__GPU_timeline_02_step_0.json",
        "ikhlestov_tensorflow_profiling__GPU_timeline_02_step_1.json",
        "ikhlestov_tensorflow_profiling__GPU_timeline_03_merged_5_runs.json",
        "rogerluo1995_KittiBox__timeline_01.json");

    /// <summary>Every TensorFlow recording beside the checkout, and its simulated power log where it has one.</summary>
    public static TheoryData<string> Recordings
    {
        get
        {
            TheoryData<string> found = [];
            string root = Path.Combine(SharedData.Shared, "recordings");
            foreach (string folder in Directory.Exists(root) ? SampleRecordings.Under(root) : ["(absent)"])
            {
                found.Add(Path.GetRelativePath(root, folder));
            }

            return found;
        }
    }

    [SharedTheory("recordings")]
    [MemberData(nameof(Recordings))]
    public void Every_timeline_of_every_recording_adds_up_and_equals_the_slow_accounting(string recording)
    {
        string root = Path.Combine(SharedData.Shared, "recordings");
        string log = Path.Combine(root, "simulated", Path.GetRelativePath("tensorflow", recording), "power.csv.gz");
        PoweredRecording read = Read(Path.Combine(root, recording), File.Exists(log) ? log : null);

        // All of them take four minutes: CI has them, a developer the second step of each.
        bool all = Environment.GetEnvironmentVariable("CI") == "true";
        Check(read, read.Power.Devices.Values.Max(d => d.Quality), slowSteps: all ? int.MaxValue : 1);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_with_estimated_power_adds_up_and_equals_the_slow_accounting(string sample) =>
        Check(Read(SharedData.Sample(sample), null), Quality.Estimated);

    [Theory]
    [MemberData(nameof(SimulatedSamples))]
    public void A_sample_with_simulated_power_adds_up_and_equals_the_slow_accounting(string sample) =>
        Check(Read(SharedData.Sample(sample), Path.Combine(SharedData.Sample(sample), "power-simulated.csv.gz")), Quality.Simulated);

    [SharedTheory("data/tf-timeline")]
    [MemberData(nameof(Timelines))]
    public void A_timeline_from_elsewhere_adds_up_and_equals_the_slow_accounting(string file)
    {
        PoweredRecording read = Read(Path.Combine(SharedData.Shared, "data", "tf-timeline", file), null);
        Dictionary<DeviceId, DevicePower> power = [];
        foreach (DeviceTrace device in read.Recording.Trace.Devices)
        {
            // Readings every 3 ms with a hole in the middle, over two domains.
            power[device.Id] = new([new(MadeUp(read.Recording.Trace, Domain.Package(0), 5)), new(MadeUp(read.Recording.Trace, Domain.Dram(0), 11))], GapRule.Idle);
        }

        Check(read with { Power = new(power, []) }, Quality.Simulated, slowSteps: 5);
    }

    [Fact]
    public void Neighbour_report_finds_the_other_process_s_share()
    {
        // The sampler watched 50 ms before and after each step as well, in which the other process had the machine to itself:
        // 58 % of all sampled jiffies are its, and fewer of those within the steps (48 %; 51 % after jiffies are smoothed over 100 ms).
        Recording recording = RecordingReader.Read(SharedData.Sample("neighbour"), new(), _ => { });
        (double program, double all) = (0, 0);
        (double otherJoules, double joules) = (0, 0);
        foreach ((int step, Interval window) in recording.Manifest.Steps.Select(s => (s.Number, s.Window)))
        {
            using GZipStream unpacked = new(File.OpenRead(Path.Combine(SharedData.Sample("neighbour"), $"samples-{step}.pb.gz")), CompressionMode.Decompress);
            DataSet samples = DataSet.Parser.ParseFrom(unpacked);
            List<(double Time, double Jiffies)> mine = [.. samples.Process.Select(s => (s.Timestamp * 1e6, s.Reading.Sum(r => (double)r.User + r.System)))];
            List<(double Time, double Jiffies)> busy =
                [.. samples.Cpu.Select(s => (s.Timestamp * 1e6, s.Reading.Sum(r => (double)r.User + r.Nice + r.System + r.Irq + r.Softirq)))];
            program += mine[^1].Jiffies - mine[0].Jiffies;
            all += busy[^1].Jiffies - busy[0].Jiffies;
            for (Instant now = window.Start; now < window.End; now += Duration.FromMilliseconds(1))
            {
                double cpus = Around(busy, now) / 100 / 0.1;
                double watts = (2 * 0.74) + ((3.5 - 0.74) * Math.Min(2, cpus));
                joules += watts;
                otherJoules += watts * (1 - (Around(mine, now) / Around(busy, now)));
            }
        }

        (1 - (program / all)).ShouldBe(0.58, 0.01);
        DeviceFootprint cpu = ReportPipeline.Run(new() { Path = SharedData.Sample("neighbour") }, TimeZoneInfo.Utc).Footprint.Devices.Single();
        double other = cpu.OtherProcesses!.Total;
        (other / (other + cpu.Operations!.Total + cpu.Outside!.Total)).ShouldBe(otherJoules / joules, 0.02);
    }

    /// <summary>Jiffies of the 100 ms around a moment.</summary>
    private static double Around(List<(double Time, double Jiffies)> samples, Instant when) =>
        At(samples, when + Duration.FromMilliseconds(50)) - At(samples, when - Duration.FromMilliseconds(50));

    private static double At(List<(double Time, double Jiffies)> samples, Instant when)
    {
        double time = Math.Clamp(when.UnixNanoseconds, samples[0].Time, samples[^1].Time - 1e6);
        int i = samples.FindLastIndex(s => s.Time <= time);
        (double start, double before) = samples[i];
        (double end, double after) = samples.Find(s => s.Time > start);
        return before + ((after - before) * (time - start) / (end - start));
    }

    private static PoweredRecording Read(string path, string? log) =>
        ReportPipeline.Read(new() { Path = path, PowerLog = log }, TimeZoneInfo.Utc, _ => { });

    private static void Check(PoweredRecording read, Quality quality, int slowSteps = 1)
    {
        int accounted = 0;
        double operations = 0;
        foreach (DeviceTrace device in read.Recording.Trace.Devices)
        {
            DevicePower power = read.Power.Devices.GetValueOrDefault(device.Id, DevicePower.None);
            power.IsKnown.ShouldBeTrue($"{device.Id} has no power");
            power.Quality.ShouldBe(quality);
            SplitSweep sweep = new(device, power);
            IReadOnlyList<StepWindow> windows = StepWindows.Of(device, read.Recording.Trace, _ => { });
            for (int i = 0; i < windows.Count; i++)
            {
                WindowLedger ledger = sweep.Account(windows[i].Window);
                string what = $"{read.Recording.Path}, {device.Id}, step {windows[i].Step}";
                Ledgers.ShouldConserve(ledger, power, what);
                operations += ledger.Domains.Sum(d => d.Operations);
                accounted++;
                if ((i >= 1 && i <= slowSteps) || windows.Count == 1 || slowSteps == int.MaxValue)
                {
                    Ledgers.ShouldEqual(ledger, new SlowSplit(device, power, windows[i].Window), what);
                }
            }
        }

        accounted.ShouldBeGreaterThan(0);
        operations.ShouldBeGreaterThan(0);
    }

    private static DomainPower MadeUp(Trace trace, Domain domain, int seed)
    {
        Random random = new(seed);
        Interval extent = trace.Extent()!.Value;
        long from = extent.Start.UnixNanoseconds;
        long length = extent.Length.Nanoseconds;
        PowerTimeline.Builder pieces = new();
        for (long time = 0; time < length; time += 3_000_000)
        {
            if (time < length * 4 / 10 || time > length * 6 / 10)
            {
                pieces.Add(from + time, from + time + 3_000_000, 20 + (random.NextDouble() * 100));
            }
        }

        return new(domain, pieces.Build(), Quality.Simulated, "made up");
    }
}
