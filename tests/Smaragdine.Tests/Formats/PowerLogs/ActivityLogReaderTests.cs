using System.Text;
using Smaragdine.Activity;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.PowerLogs;

public sealed class ActivityLogReaderTests
{
    private const string Header = "unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies\n";
    private const long T0 = 1_795_248_396_000_000_000;

    private readonly List<Warning> warnings = [];

    private ActivityInput Read(string text) => ActivityLogReader.Read(Inputs.Text(text, "activity.csv"), 100, warnings.Add);

    /// <summary>Rows every 100 ms on four CPUs: the program on one, others on half a CPU.</summary>
    private static string Rows(int count, Func<int, long>? wallStep = null)
    {
        StringBuilder text = new(Header);
        for (int i = 0; i < count; i++)
        {
            text.Append($"{T0 + (i * 100_000_000L) + (wallStep?.Invoke(i) ?? 0)},{5_000 + (i * 100_000_000L)},{i * 100_000_000L},{1000 + (i * 40)},{500 + (i * 25)}\n");
        }

        return text.ToString();
    }

    [Fact]
    public void Rates_are_cpus_of_the_program_and_of_others()
    {
        ActivityInput input = Read(Rows(20));
        input.LogicalCpus.ShouldBe(4);
        ActivityTimeline timeline = input.Timelines.ShouldHaveSingleItem();
        timeline.Socket.ShouldBeNull();
        timeline.Count.ShouldBe(19);
        timeline.Starts[0].ShouldBe(T0);
        for (int i = 0; i < timeline.Count; i++)
        {
            timeline.Program[i].ShouldBe(1, 1e-9);
            timeline.Other[i].ShouldBe(0.5, 1e-9);
        }

        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_wall_clock_that_is_set_distorts_nothing_and_is_told()
    {
        ActivityTimeline timeline = Read(Rows(20, i => i >= 10 ? -3_600_000_000_000 : 0)).Timelines[0];
        timeline.Count.ShouldBe(19);
        timeline.Ends[^1].ShouldBe(T0 + 1_900_000_000);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("clock-stepped");
        warning.Text.ShouldContain("by -3600000 ms (line 12)");
    }

    [Fact]
    public void A_sum_over_threads_that_goes_back_is_no_negative_time()
    {
        string text = Header + $"{T0},0,500000000,100,0\n{T0 + 100_000_000},100000000,400000000,110,0\n{T0 + 200_000_000},200000000,500000000,120,0\n";
        ActivityTimeline timeline = Read(text).Timelines[0];
        timeline.Program.ToArray().Min().ShouldBeGreaterThanOrEqualTo(0);
        timeline.Program[1].ShouldBe(1, 1e-9);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("process-cpu-went-back");
    }

    [Theory]
    [InlineData("", "activity.csv: the file is empty")]
    [InlineData(Header, "activity.csv: there is a header, but no row follows it")]
    [InlineData("unix_ns,monotonic_ns\n", "activity.csv, line 1: `unix_ns,monotonic_ns` has no column `process_cpu_ns`; expected the header `unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies`")]
    [InlineData(Header + "1795248396,1,2,3,2\n", "activity.csv, line 2: `unix_ns` is 1795248396, which looks like seconds since 1970; expected nanoseconds since 1970, like 1795247904184007905. Convert the log; it is not guessed")]
    [InlineData(Header + "1795248396680529339,1,-2,3,2\n", "activity.csv: none of its 1 rows can be used; line 2, `1795248396680529339,1,-2,3,2`: `process_cpu_ns` is `-2`, expected a whole number, not negative")]
    [InlineData(Header + "1795248396680529339,1,2,3,4\n", "activity.csv: none of its 1 rows can be used; line 2, `1795248396680529339,1,2,3,4`: `host_idle_jiffies` is 4, above `host_total_jiffies` of 3")]
    [InlineData(Header + "1795248396680529339,1,2,4,3\n", "activity.csv: 1 usable row(s), first at 2026-11-21T08:06:36.680Z; rates need two at different times")]
    public void Bad_input_is_refused_and_said_why(string text, string message) =>
        Should.Throw<RefusedInputException>(() => Read(text)).Message.ShouldBe(message);

    [Fact]
    public void A_cut_log_keeps_its_rows()
    {
        byte[] bytes = Inputs.Gzip(Encoding.UTF8.GetBytes(Rows(5000)));
        ActivityLogReader.Read(Inputs.Bytes(bytes[..(bytes.Length / 2)], "activity.csv.gz"), 100, warnings.Add).Timelines[0].Count.ShouldBeGreaterThan(500);
        warnings.ShouldHaveSingleItem().Incomplete.ShouldBeTrue();
    }

    [SharedTheory("recordings/pytorch")]
    [InlineData("pytorch/torch-bert-train")]
    [InlineData("pytorch/torch-compile-bert")]
    [InlineData("jax/jax-transformer")]
    [InlineData("keras/keras-tf2-fit")]
    [InlineData("onnxruntime/ort-bert")]
    public void Recordings_of_two_cpus_read_as_such(string folder)
    {
        using var stream = Inputs.SharedFile($"recordings/{folder}/activity.csv.gz");
        ActivityInput input = ActivityLogReader.Read(stream, 100, warnings.Add);
        input.LogicalCpus.ShouldBe(2);
        ActivityTimeline timeline = input.Timelines.ShouldHaveSingleItem();
        double covered = 0;
        for (int i = 0; i < timeline.Count; i++)
        {
            (timeline.Program[i] + timeline.Other[i]).ShouldBeLessThan(2.5);
            covered += timeline.Ends[i] - timeline.Starts[i];
        }

        (covered / (timeline.Ends[^1] - timeline.Starts[0])).ShouldBeGreaterThan(0.98);
        warnings.ShouldNotContain(w => w.Code == "clock-stepped" || w.Code == "bad-rows");
    }
}
