using System.Globalization;
using System.Text;
using Smaragdine.Attribution;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.Exports;
using Smaragdine.Power;
using Smaragdine.Tests.Formats.Traces.TensorFlow;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>The paper's released rule against a port that shares no code with ours (tests/paper_rule.py).</summary>
public sealed class PaperRuleTests
{
    private static readonly string Script = Path.Combine(SharedData.Root, "tests", "paper_rule.py");

    private readonly record struct Key(string Device, int Step, string Operation);

    [PythonTheory("json")]
    [InlineData("variants/A-L6-H512", 2)]
    [InlineData("stability/run-1", 3)]
    public void Export_agrees_with_the_port_on_real_timelines(string sample, int step)
    {
        using TempFolder folder = new();
        string recording = SharedData.Sample(sample);
        string log = Path.Combine(recording, "power-simulated.csv.gz");
        string[] power = File.Exists(log) ? ["--power", log] : [];
        CliResult exported = Support.Cli.Run(["export", "--format", "paper", "-o", folder.Path, "--steps", $"{step}", .. power, recording]);
        exported.Code.ShouldBe(0, exported.Error);

        PoweredRecording read = ReportPipeline.Read(
            new() { Path = recording, PowerLog = File.Exists(log) ? log : null, Steps = new HashSet<int> { step } }, TimeZoneInfo.Utc, _ => { });
        IReadOnlyList<(long Time, double Watts)> changes = PaperRule.Changes(read.Power.Devices[DeviceId.Cpu()].Domains.Select(d => d.Power.Timeline));
        Dictionary<Key, (double Energy, double Runtime)> expected = Port(Path.Combine(recording, $"timeline-{step}.json.gz"), changes, step, "CPU:0", folder);

        expected.Count.ShouldBeGreaterThan(500);
        Compare(Table(File.ReadAllText(folder.At("footprint.csv"))), expected, v => v.Energy);
        Compare(Table(File.ReadAllText(folder.At("runtime.csv"))), expected, v => v.Runtime);
    }

    [SharedPythonFact("data/tf-timeline/rogerluo1995_KittiBox__timeline_01.json", "json")]
    public void Dispatch_rows_run_on_the_gpu_as_in_the_released_code()
    {
        using TempFolder folder = new();
        string file = Path.Combine(SharedData.Shared, "data/tf-timeline/rogerluo1995_KittiBox__timeline_01.json");
        (Trace trace, _) = Timelines.Read(Timelines.Open("data/tf-timeline/rogerluo1995_KittiBox__timeline_01.json"));
        Interval extent = trace.Extent()!.Value;
        PowerTimeline.Builder watts = new();
        long start = extent.Start.UnixNanoseconds - 5_000_000;
        for (int i = 0; start + (i * 7_000_003L) < extent.End.UnixNanoseconds; i++)
        {
            watts.Add(start + (i * 7_000_003L), start + ((i + 1) * 7_000_003L), 40 + (i * 37 % 110));
        }

        DevicePower power = new([new(new(Domain.Gpu(0), watts.Build(), Quality.Simulated, "made up"))], GapRule.Idle);
        IReadOnlyList<PaperFootprint> ours = PaperExport.Account(
            trace, new Dictionary<DeviceId, DevicePower> { [DeviceId.Gpu(0)] = power }, steps: null);
        Dictionary<Key, (double Energy, double Runtime)> expected = Port(file, PaperRule.Changes(power.Domains.Select(d => d.Power.Timeline)), 1, "GPU:0", folder);

        ours.ShouldHaveSingleItem().Device.ShouldBe(DeviceId.Gpu(0));
        ours[0].Entries.ShouldContain(e => e.Operation.Contains('@'), "dispatch rows alone tell inputs");
        Dictionary<Key, double> Of(Func<PaperEntry, double> value) => ours[0].Entries.ToDictionary(e => new Key("GPU:0", 1, e.Operation), value);
        Compare(Of(e => e.Joules), expected, v => v.Energy);
        Compare(Of(e => e.RuntimeSeconds), expected, v => v.Runtime);
    }

    [Fact]
    public void Skip_first_holds_for_the_export_too()
    {
        using TempFolder folder = new();
        CliResult result = Support.Cli.Run("export", "--format", "paper", "-o", folder.Path, "--skip-first", "5", SharedData.Sample("variants/A-L6-H512"));
        result.Code.ShouldBe(0, result.Error);
        Table(File.ReadAllText(folder.At("footprint.csv"))).Keys.Select(k => k.Step).Distinct().ShouldBe([6]);
    }

    private static void Compare(
        Dictionary<Key, double> ours, Dictionary<Key, (double Energy, double Runtime)> expected, Func<(double Energy, double Runtime), double> value)
    {
        ours.Keys.Except(expected.Keys).ShouldBeEmpty();
        expected.Keys.Except(ours.Keys).ShouldBeEmpty();
        foreach ((Key key, (double Energy, double Runtime) both) in expected)
        {
            double wanted = value(both);
            Math.Abs(ours[key] - wanted).ShouldBeLessThanOrEqualTo(1e-9 * Math.Abs(wanted), key.ToString());
        }
    }

    private static Dictionary<Key, (double Energy, double Runtime)> Port(
        string timeline, IReadOnlyList<(long Time, double Watts)> changes, int step, string device, TempFolder folder)
    {
        StringBuilder csv = new("unix_ns,watts\n");
        foreach ((long time, double watts) in changes)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{time},{watts:R}\n");
        }

        string log = folder.Write("changes.csv", csv.ToString());
        string output = Python.Run("json", Script, timeline, log, "--device", device, "--step", step.ToString(CultureInfo.InvariantCulture));
        return Csv.Rows(output).Skip(1).ToDictionary(r => KeyOf(r), r => (Number(r[3]), Number(r[4])));
    }

    private static Dictionary<Key, double> Table(string csv) => Csv.Rows(csv).Skip(1).ToDictionary(r => KeyOf(r), r => Number(r[3]));

    private static Key KeyOf(string[] row) => new(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
