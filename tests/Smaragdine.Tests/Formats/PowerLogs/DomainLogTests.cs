using System.Text;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Power;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.PowerLogs;

public sealed class DomainLogTests
{
    private const long T0 = 1_795_247_904_000_000_000;

    private readonly List<Warning> warnings = [];

    private IReadOnlyList<DomainPower> Read(string text) => PowerLogReader.Read(Inputs.Text(text), new("log.csv", null), warnings.Add);

    private string Refused(string text) => Should.Throw<RefusedInputException>(() => Read(text)).Message;

    [Fact]
    public void Power_readings_stand_for_the_time_before_them()
    {
        DomainPower power = Read($"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 1000},gpu-0,20.5\n{T0 + 2000},gpu-0,30\n").ShouldHaveSingleItem();
        power.Domain.ShouldBe(Domain.Gpu(0));
        power.Quality.ShouldBe(Quality.Measured);
        power.Source.ShouldBe("log.csv");
        power.Timeline.Starts.ToArray().ShouldBe([T0, T0 + 1000]);
        power.Timeline.Watts.ToArray().ShouldBe([20.5, 30]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_decimal_comma_is_left_out_and_not_cut_to_whole_watts()
    {
        Read($"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 1000},gpu-0,20,5\n{T0 + 2000},gpu-0,30,\n").ShouldHaveSingleItem()
            .Timeline.Watts.ToArray().ShouldBe([30]);
        warnings.ShouldHaveSingleItem().Text.ShouldContain("4 fields where the header has 3; is a comma in a number?");
        Refused($"unix_ns,domain,power_w\n{T0},gpu-0,1,5\n{T0 + 1000},gpu-0,2,5\n").ShouldContain("is a comma in a number?");
    }

    [Fact]
    public void Comments_name_quality_source_window_and_period()
    {
        DomainPower power = Read($"# quality=simulated\n#source = make it\n# window_ms=25\n# period_ms=100\n# other=1\n# words\nunix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 100_000_000},gpu-0,20\n{T0 + 200_000_000},gpu-0,20\n").ShouldHaveSingleItem();
        power.Quality.ShouldBe(Quality.Simulated);
        power.Source.ShouldBe("make it");
        power.Window.ShouldBe(Duration.FromMilliseconds(25));
        power.UpdatePeriod.ShouldBe(Duration.FromMilliseconds(100));
    }

    [Fact]
    public void Columns_come_in_any_order_with_quotes_spaces_byte_order_mark_and_crlf()
    {
        DomainPower power = Read($"\uFEFFnote, max_uj ,\"domain\", energy_uj, unix_ns\r\n\"a, b\", 100, \"package-1\", 90, {T0}\r\n\r\n\"say \"\"x\"\"\",100,package-1 ,10,{T0 + 1_000_000}\r\n").ShouldHaveSingleItem();
        power.Domain.ShouldBe(Domain.Package(1));
        power.Timeline.Over(power.Timeline.Extent).Energy.Value.ShouldBe(20e-6, 1e-15);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_gzipped_log_reads_alike()
    {
        byte[] bytes = Inputs.Gzip(Encoding.UTF8.GetBytes($"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 1000},gpu-0,20\n"));
        PowerLogReader.Read(Inputs.Bytes(bytes, "log.csv.gz"), new("log.csv.gz", null), warnings.Add).ShouldHaveSingleItem().Source.ShouldBe("log.csv.gz");
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_cut_gzip_keeps_what_is_whole_and_drops_the_torn_line()
    {
        StringBuilder text = new("unix_ns,domain,power_w\n");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append(T0 + (i * 1_000_003L)).Append(",gpu-0,").Append((i * 7919 % 1000) + 0.125).Append('\n');
        }

        byte[] bytes = Inputs.Gzip(Encoding.UTF8.GetBytes(text.ToString()));
        DomainPower power = PowerLogReader.Read(Inputs.Bytes(bytes[..(bytes.Length / 2)], "log.csv.gz"), new("log.csv.gz", null), warnings.Add).ShouldHaveSingleItem();
        Warning cut = warnings.ShouldHaveSingleItem();
        cut.Code.ShouldBe("log-cut");
        cut.Incomplete.ShouldBeTrue();
        cut.Text.ShouldContain("ends early or is damaged");
        power.Timeline.Count.ShouldBeInRange(5_000, 15_000);
        power.Timeline.Watts[^1].ShouldBe((power.Timeline.Count * 7919 % 1000) + 0.125);
    }

    [Fact]
    public void A_gzip_cut_before_its_header_is_refused()
    {
        byte[] bytes = Inputs.Gzip(Encoding.UTF8.GetBytes("unix_ns,domain,power_w\n"));
        Should.Throw<RefusedInputException>(() => PowerLogReader.Read(Inputs.Bytes(bytes[..12], "log.csv.gz"), new("log.csv.gz", null), warnings.Add))
            .Message.ShouldBe("log.csv.gz: the compressed file ends early or is damaged, before its header line");
    }

    [Fact]
    public void An_empty_file_is_refused() =>
        Refused("").ShouldBe("log.csv: the file is empty");

    [Fact]
    public void A_header_alone_is_refused() =>
        Refused("unix_ns,domain,power_w\n").ShouldBe("log.csv: there is a header, but no row follows it");

    [Fact]
    public void Binary_junk_is_refused_without_its_control_characters()
    {
        byte[] junk = new byte[100_000];
        new Random(1).NextBytes(junk);
        junk[0] = 0x1b;
        string message = Should.Throw<RefusedInputException>(() => PowerLogReader.Read(Inputs.Bytes(junk, "junk.bin"), new("junk.bin", null), warnings.Add)).Message;
        message.ShouldStartWith("junk.bin, line 1: `\\u{1B}");
        message.ShouldContain("is no power log's header; expected a CSV header with `unix_ns,domain,power_w`");
        message.Any(char.IsControl).ShouldBeFalse();
    }

    [Fact]
    public void Utf16_is_refused_with_the_way_out() =>
        Should.Throw<RefusedInputException>(() => PowerLogReader.Read(Inputs.Bytes([0xff, 0xfe, .. Encoding.Unicode.GetBytes("unix_ns")], "log.csv"), new("log.csv", null), warnings.Add))
            .Message.ShouldContain("is UTF-16");

    [Theory]
    [InlineData("1795247904", "seconds since 1970")]
    [InlineData("1795247904.184", "seconds since 1970")]
    [InlineData("1795247904184", "milliseconds since 1970")]
    [InlineData("1795247904184007", "microseconds since 1970")]
    [InlineData("12", "is no time since 1970")]
    public void Times_in_another_unit_are_named_not_guessed(string time, string looks)
    {
        string message = Refused($"unix_ns,domain,power_w\n{time},gpu-0,10\n");
        message.ShouldStartWith($"log.csv, line 2: `unix_ns` is {time}, which ");
        message.ShouldContain(looks);
        message.ShouldContain("expected nanoseconds since 1970");
    }

    [Fact]
    public void A_time_as_a_floating_point_number_is_a_bad_row() =>
        Refused("unix_ns,domain,power_w\n1.795247904e18,gpu-0,10\n").ShouldContain("cannot hold nanoseconds");

    [Theory]
    [InlineData("NaN")]
    [InlineData("-1")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("")]
    [InlineData("ten")]
    public void Power_that_is_none_is_a_bad_row(string watts)
    {
        Read($"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 5},gpu-0,{watts}\n{T0 + 9},gpu-0,11\n{T0 + 10},gpu-0,{watts}\n")
            .ShouldHaveSingleItem().Timeline.Count.ShouldBe(1);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("bad-rows");
        warning.Text.ShouldBe($"log.csv: 2 of 4 rows cannot be used and were left out; the first is line 3, `{T0 + 5},gpu-0,{watts}`: `power_w` is `{watts}`, expected watts, finite and not negative");
    }

    [Fact]
    public void A_field_of_a_megabyte_is_one_bad_row()
    {
        Read($"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 5},{new string('x', 1 << 20)},10\n{T0 + 9},gpu-0,11\n").ShouldHaveSingleItem().Timeline.Count.ShouldBe(1);
        warnings.ShouldHaveSingleItem().Text.ShouldContain("the line is longer than 65,536 bytes");
        warnings[0].Text.Length.ShouldBeLessThan(300);
        Refused($"unix_ns,domain,power_w\n{new string('x', 1 << 20)}").ShouldContain("none of its 1 rows can be used; line 2, `xxx");
        Refused(new string(',', 1 << 20)).ShouldContain("is no power log's header");
    }

    [Fact]
    public void Control_characters_never_reach_a_message()
    {
        Read($"# source=\u001b[31mred\nunix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 5},a\u001b[2Jb\u202e,10\n{T0 + 9},gpu-0,11\n").ShouldHaveSingleItem().Source.ShouldBe("\\u{1B}[31mred");
        warnings.ShouldHaveSingleItem().Text.Any(char.IsControl).ShouldBeFalse();
        warnings[0].Text.ShouldContain("a\\u{1B}[2Jb\\u{202E}");
    }

    [Fact]
    public void A_wrap_is_undone_with_the_range_of_the_log()
    {
        PowerTimeline timeline = Read($"unix_ns,domain,energy_uj,max_uj\n{T0},dram-0,990,1000\n{T0 + 1000},dram-0,5,1000\n{T0 + 2000},dram-0,20,1000\n")[0].Timeline;
        timeline.Over(timeline.Extent).Energy.Value.ShouldBe(30e-6, 1e-15);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_counter_that_goes_back_otherwise_is_told_and_uncovered()
    {
        PowerTimeline timeline = Read($"unix_ns,domain,energy_uj\n{T0},package-0,5000000\n{T0 + 1_000_000},package-0,5045000\n{T0 + 2_000_000},package-0,10\n{T0 + 3_000_000},package-0,45010\n")[0].Timeline;
        timeline.Count.ShouldBe(2);
        timeline.Over(timeline.Extent).Energy.Value.ShouldBe(0.09, 1e-12);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("counter-went-back");
        warning.Text.ShouldStartWith("log.csv, package-0: the counter went back once otherwise than by wrapping");
    }

    [Fact]
    public void A_reading_above_its_range_is_a_bad_row()
    {
        Read($"unix_ns,domain,energy_uj,max_uj\n{T0},dram-0,1,1000\n{T0 + 1000},dram-0,5000,1000\n{T0 + 2000},dram-0,20,1000\n");
        warnings.ShouldHaveSingleItem().Text.ShouldContain("`energy_uj` is 5000, above its `max_uj` of 1000");
    }

    [Fact]
    public void A_clock_that_goes_back_is_told()
    {
        Read($"unix_ns,domain,power_w\n{T0 + 2000},gpu-0,10\n{T0},gpu-0,11\n{T0 + 1000},gpu-0,12\n");
        warnings.ShouldHaveSingleItem().Code.ShouldBe("clock-went-back");
    }

    [Fact]
    public void Counter_and_power_columns_may_stand_side_by_side()
    {
        IReadOnlyList<DomainPower> power = Read($"unix_ns,domain,power_w,energy_uj\n{T0},gpu-0,10,\n{T0},package-0,,5\n{T0 + 1000},gpu-0,12,\n{T0 + 1000},package-0,,15\n");
        power.Select(p => p.Domain.Name).ShouldBe(["gpu-0", "package-0"]);
        power[0].Timeline.Watts[0].ShouldBe(12);
        power[1].Timeline.Watts[0].ShouldBe(10, 1e-9);
    }

    [Fact]
    public void Logs_put_end_to_end_keep_the_worst_quality()
    {
        string one = $"unix_ns,domain,power_w\n{T0},gpu-0,10\n{T0 + 1000},gpu-0,12\n";
        DomainPower power = Read("# quality=measured\n" + one + "# quality=simulated\n" + one.Replace($"{T0}", $"{T0 + 2000}", StringComparison.Ordinal)).ShouldHaveSingleItem();
        power.Quality.ShouldBe(Quality.Simulated);
        warnings.ShouldNotContain(w => w.Code == "bad-rows");
    }

    [Theory]
    [InlineData("# quality=good\n", "log.csv, line 1: `quality` is `good`, expected measured, derived, estimated or simulated")]
    [InlineData("# period_ms=-5\n", "log.csv, line 1: `period_ms` is `-5`, expected milliseconds above 0 and up to a day")]
    [InlineData("# window_ms=NaN\n", "log.csv, line 1: `window_ms` is `NaN`, expected milliseconds above 0 and up to a day")]
    [InlineData("unix_ns,power_w\n", "log.csv, line 1: the header `unix_ns,power_w` has no column `domain`; expected `unix_ns,domain,power_w` or `unix_ns,domain,energy_uj[,max_uj]`")]
    [InlineData("domain,power_w\n", "log.csv, line 1: the header `domain,power_w` has no column `unix_ns`; expected `unix_ns,domain,power_w` or `unix_ns,domain,energy_uj[,max_uj]`")]
    [InlineData("1795247904184007905,gpu-0,12\n", "log.csv, line 1: `1795247904184007905,gpu-0,12` is data, and no header says what its columns are; expected a CSV header with `unix_ns,domain,power_w`, `unix_ns,domain,energy_uj[,max_uj]`, or nvidia-smi's `timestamp, …, power.draw [W]`")]
    [InlineData("unix_ns,domain,power_w\n1795247904184007905,gpu-0,12\n", "log.csv: no domain has two readings at different times, so no power can be told from it")]
    public void Bad_input_is_refused_and_said_why(string text, string message) => Refused(text).ShouldBe(message);

    [Fact]
    public void Names_without_end_are_refused()
    {
        StringBuilder text = new("unix_ns,domain,power_w\n");
        for (int i = 0; i < 1100; i++)
        {
            text.Append(T0 + i).Append(",x").Append(i).Append(",1\n");
        }

        Refused(text.ToString()).ShouldContain("more than 1,000 names in the column `domain`");
    }

    [SharedFact("recordings/simulated/bert-base-finetune/power.csv.gz")]
    public void A_simulated_counter_gives_the_watts_that_were_put_in()
    {
        using var stream = Inputs.SharedFile("recordings/simulated/bert-base-finetune/power.csv.gz");
        DomainPower power = PowerLogReader.Read(stream, new("power.csv.gz", null), warnings.Add).ShouldHaveSingleItem();
        power.Quality.ShouldBe(Quality.Simulated);
        power.Source.ShouldBe("make/simulate_power.py");
        (Joules energy, Duration covered) = power.Timeline.Over(power.Timeline.Extent);
        (energy / covered).Value.ShouldBeInRange(18, 60);
        warnings.ShouldBeEmpty();
    }
}
