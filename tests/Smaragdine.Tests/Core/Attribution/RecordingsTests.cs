using System.IO.Compression;
using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings.Wire;
using Smaragdine.Formats.Reports;
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
        (double program, double all) = (0, 0);
        foreach (string file in Directory.GetFiles(SharedData.Sample("neighbour"), "samples-*.pb.gz"))
        {
            using GZipStream unpacked = new(File.OpenRead(file), CompressionMode.Decompress);
            DataSet samples = DataSet.Parser.ParseFrom(unpacked);
            program += Jiffies(samples.Process.SelectMany(s => s.Reading), r => r.TaskId, r => r.User + r.System);
            all += Jiffies(samples.Cpu.SelectMany(s => s.Reading), r => r.Cpu, r => r.User + r.Nice + r.System + r.Irq + r.Softirq);
        }

        double sampled = (all - program) / all;
        sampled.ShouldBe(0.58, 0.02);

        Report report = ReportPipeline.Run(new() { Path = SharedData.Sample("neighbour") }, TimeZoneInfo.Utc);
        DeviceFootprint cpu = report.Footprint.Devices.Single();
        double other = cpu.OtherProcesses!.Total;
        double reported = other / (other + cpu.Operations!.Total + cpu.Outside!.Total);
        reported.ShouldBe(sampled, 0.02);
    }

    /// <summary>Last less first of each counter; in one file counters only rise.</summary>
    private static double Jiffies<T>(IEnumerable<T> readings, Func<T, uint> key, Func<T, uint> jiffies) =>
        readings.GroupBy(key).Sum(g => (double)(g.Max(jiffies) - g.Min(jiffies)));

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
                if (i >= 1 && i <= slowSteps || windows.Count == 1)
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
