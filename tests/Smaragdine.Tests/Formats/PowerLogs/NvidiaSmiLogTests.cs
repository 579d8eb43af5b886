using Smaragdine.Formats.PowerLogs;
using Smaragdine.Power;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.PowerLogs;

public sealed class NvidiaSmiLogTests
{
    private readonly List<Warning> warnings = [];

    private IReadOnlyList<DomainPower> Read(string text, string? zone = "UTC") =>
        PowerLogReader.Read(Inputs.Text(text, "smi.csv"), new("smi.csv", zone is null ? null : TimeZones.Parse(zone)), warnings.Add);

    private string Refused(string text, string? zone = "UTC") => Should.Throw<RefusedInputException>(() => Read(text, zone)).Message;

    private static long Unix(int day, int hour, int minute, double second) =>
        new DateTimeOffset(2023, 10, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000 + (long)(second * 1e9);

    [Theory]
    [InlineData("timestamp, power.draw [W]", "", "")]
    [InlineData("timestamp, power.draw [W]", " W", "")]
    [InlineData("timestamp, power.draw", " W", "")]
    [InlineData("timestamp, power.draw", "", "")]
    [InlineData("timestamp, power.draw [W]", " W", "\r")]
    public void Units_stand_in_the_header_the_values_or_nowhere(string header, string unit, string cr)
    {
        DomainPower power = Read($"{header}{cr}\n2023/10/01 10:00:00.100, 10.5{unit}{cr}\n2023/10/01 10:00:00.200, 20.25{unit}{cr}\n").ShouldHaveSingleItem();
        power.Domain.ShouldBe(Domain.Gpu(0));
        power.Source.ShouldBe("smi.csv (nvidia-smi power.draw)");
        power.Timeline.Watts.ToArray().ShouldBe([20.25]);
        power.Timeline.Starts.ToArray().ShouldBe([Unix(1, 10, 0, 0.1)]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_time_zone_it_is_refused() =>
        Refused("timestamp, power.draw [W]\n2023/10/01 10:00:00.100, 10\n", zone: null)
            .ShouldBe("smi.csv: nvidia-smi writes local time without saying which; say it with `--time-zone Europe/Berlin` (or `+01:00`, or `UTC`)");

    [Fact]
    public void Several_gpus_are_told_apart_by_index_and_named_by_uuid()
    {
        IReadOnlyList<DomainPower> power = Read("timestamp, index, uuid, power.draw [W]\n"
            + "2023/10/01 10:00:00.100, 0, GPU-a, 10\n2023/10/01 10:00:00.101, 3, GPU-b, 50\n"
            + "2023/10/01 10:00:00.200, 0, GPU-a, 20\n2023/10/01 10:00:00.201, 3, GPU-b, 60\n");
        power.Select(p => (p.Domain.Name, p.DeviceUuid, p.Timeline.Watts[0])).ShouldBe([("gpu-0", "GPU-a", 20), ("gpu-3", "GPU-b", 60)]);
    }

    [Theory]
    [InlineData("uuid")]
    [InlineData("gpu_uuid")]
    [InlineData("pci.bus_id")]
    [InlineData("gpu_bus_id")]
    public void Without_index_they_are_numbered_as_they_appear(string column)
    {
        IReadOnlyList<DomainPower> power = Read($"timestamp, {column}, power.draw [W]\n"
            + "2023/10/01 10:00:00.100, 00000000:41:00.0, 10\n2023/10/01 10:00:00.100, 00000000:01:00.0, 50\n"
            + "2023/10/01 10:00:00.200, 00000000:41:00.0, 20\n2023/10/01 10:00:00.200, 00000000:01:00.0, 60\n");
        power.Select(p => (p.Domain.Name, p.DeviceUuid)).ShouldBe([("gpu-0", "00000000:41:00.0"), ("gpu-1", "00000000:01:00.0")]);
    }

    [Fact]
    public void Several_rows_at_one_time_without_a_name_are_refused() =>
        Refused("timestamp, power.draw [W]\n2023/10/01 10:00:00.100, 10\n2023/10/01 10:00:00.100, 50\n2023/10/01 10:00:00.200, 20\n2023/10/01 10:00:00.200, 60\n")
            .ShouldBe("smi.csv: 2 rows have the same time as the row before, and no column `index`, `uuid` or `pci.bus_id` says which GPU a row is about; log again with `index` and `uuid` in `--query-gpu`, or for one GPU with `-i 0`");

    [Fact]
    public void Bursts_of_rows_without_a_name_are_suspected()
    {
        string rows = string.Concat(Enumerable.Range(0, 20).SelectMany(i => Enumerable.Range(0, 4).Select(g => $"2023/10/01 10:00:{i:00}.{g:000}, {50 + g}\n")));
        Read("timestamp, power.draw [W]\n" + rows);
        warnings.ShouldContain(w => w.Code == "several-gpus-suspected");
    }

    [Fact]
    public void Instant_is_preferred_and_the_next_taken_where_it_is_not_given()
    {
        const string header = "timestamp, index, power.draw.average [W], power.draw [W], power.draw.instant [W]\n";
        IReadOnlyList<DomainPower> power = Read(header
            + "2023/10/01 10:00:00.100, 0, 1, 2, 3\n2023/10/01 10:00:00.100, 1, 1, 2, [N/A]\n2023/10/01 10:00:00.100, 2, 1, [Not Supported], [N/A]\n"
            + "2023/10/01 10:00:00.200, 0, 1, 2, 3\n2023/10/01 10:00:00.200, 1, 1, 2, [N/A]\n2023/10/01 10:00:00.200, 2, 1, [Not Supported], [N/A]\n");
        power.Select(p => (p.Source, p.Timeline.Watts[0])).ShouldBe([
            ("smi.csv (nvidia-smi power.draw.instant)", 3), ("smi.csv (nvidia-smi power.draw)", 2), ("smi.csv (nvidia-smi power.draw.average)", 1)]);
        power[2].Window.ShouldBe(Duration.FromSeconds(1));
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Readings_that_are_not_given_are_missing_not_zero_and_told_once()
    {
        PowerTimeline timeline = Read("timestamp, power.draw [W]\n2023/10/01 10:00:00.100, 10\n2023/10/01 10:00:00.200, [Unknown Error]\n2023/10/01 10:00:00.300, 30\n2023/10/01 10:00:00.400, 40\n")[0].Timeline;
        timeline.Watts.ToArray().ShouldBe([30, 40]);
        warnings.ShouldHaveSingleItem().Text.ShouldBe("smi.csv, gpu-0: 1 rows give no power (first line 3: `[Unknown Error]`)");
    }

    [Fact]
    public void A_log_that_gives_no_power_is_refused() =>
        Refused("timestamp, power.draw [W]\n2023/10/01 10:00:00.100, [N/A]\n2023/10/01 10:00:00.200, [N/A]\n")
            .ShouldBe("smi.csv: no GPU in it has power readings (line 2: `[N/A]`)");

    [Theory]
    [InlineData("2023/10/01 10:00:00.100, 0, 56.12\n", "looks like nvidia-smi's data without its header")]
    [InlineData("timestamp, index\n", "has no `power.draw`; log again with `--query-gpu=timestamp,index,uuid,power.draw`")]
    [InlineData("index, power.draw [W]\n", "has no `timestamp`; log again with")]
    [InlineData("timestamp, power.draw [mW]\n", "gives power in `mW`, expected W")]
    [InlineData("timestamp, power.draw [W]\n2023-10-01T10:00:00Z, 5\n", "`timestamp` is `2023-10-01T10:00:00Z`, expected yyyy/MM/dd HH:mm:ss.fff")]
    [InlineData("timestamp, power.draw [W]\n2023/13/01 10:00:00.000, 5\n", "`timestamp` is `2023/13/01 10:00:00.000`")]
    [InlineData("timestamp, power.draw [W]\n2023/10/01 10:00:00.000, -5 W\n", "`power.draw` is `-5 W`, expected watts, finite and not negative")]
    public void Bad_input_is_refused_and_said_why(string text, string part) => Refused(text).ShouldContain(part);

    [Fact]
    public void An_autumn_night_is_read_in_the_order_of_its_rows()
    {
        // Berlin, 29 October 2023: 03:00 summer time became 02:00 at 01:00 UTC.
        PowerTimeline timeline = Read("timestamp, power.draw [W]\n2023/10/29 01:59:00.000, 1\n2023/10/29 02:29:00.000, 2\n2023/10/29 02:59:00.000, 3\n"
            + "2023/10/29 02:29:00.000, 4\n2023/10/29 02:59:00.000, 5\n2023/10/29 03:29:00.000, 6\n", "Europe/Berlin")[0].Timeline;
        timeline.Ends.ToArray().ShouldBe([Unix(29, 0, 29, 0), Unix(29, 0, 59, 0), Unix(29, 1, 29, 0), Unix(29, 1, 59, 0), Unix(29, 2, 29, 0)]);
        timeline.Watts.ToArray().ShouldBe([2, 3, 4, 5, 6]);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("local-time-ambiguous");
        warning.Text.ShouldContain("4 rows from 2023/10/29 02:29 on lie in the hour that Europe/Berlin had twice");
    }

    [Fact]
    public void A_time_that_the_spring_clock_skips_is_refused() =>
        Refused("timestamp, power.draw [W]\n2023/03/26 02:30:00.000, 1\n", "Europe/Berlin")
            .ShouldBe("smi.csv, line 2: 2023/03/26 02:30 did not exist in Europe/Berlin: the clock went forward over it. The log was written in another zone; say which with `--time-zone`.");

    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("+01:00", 60)]
    [InlineData("-03:30", -210)]
    [InlineData("Europe/Berlin", 60)]
    public void Time_zones_are_names_or_offsets(string text, int minutes) =>
        TimeZones.Parse(text).BaseUtcOffset.TotalMinutes.ShouldBe(minutes);

    [Theory]
    [InlineData("")]
    [InlineData("Nowhere/Never")]
    [InlineData("+1")]
    [InlineData("+25:00")]
    [InlineData("../../etc/passwd")]
    public void An_unknown_time_zone_is_refused(string text) =>
        Should.Throw<RefusedInputException>(() => TimeZones.Parse(text)).Message.ShouldStartWith($"time zone `{text}`: not known here; expected `UTC`, an offset like `+01:00`");

    [SharedFact("data/power/A100-5050/gpudata.csv")]
    public void The_a100_updates_ten_times_a_second_and_its_load_lies_where_it_was()
    {
        using var stream = Inputs.SharedFile("data/power/A100-5050/gpudata.csv");
        DomainPower power = PowerLogReader.Read(stream, new("gpudata.csv", TimeZones.Parse("+01:00")), warnings.Add).ShouldHaveSingleItem();
        power.Source.ShouldBe("gpudata.csv (nvidia-smi power.draw.instant)");
        power.UpdatePeriod!.Value.TotalSeconds.ShouldBe(0.101, 0.003);
        long load = 1_689_325_967_982_958_000;
        power.Timeline.Extent.Start.UnixNanoseconds.ShouldBeLessThan(load);
        power.Timeline.Extent.End.UnixNanoseconds.ShouldBeGreaterThan(load);
        power.Timeline.Over(Interval.FromUnixNanoseconds(load - 1_000_000_000, load)).Energy.Value.ShouldBeInRange(50, 75);
        warnings.ShouldBeEmpty();
    }

    [SharedTheory("data/power/RTX3090-step/gpudata.csv")]
    [InlineData("A100-step")]
    [InlineData("RTX3090-step")]
    public void Step_responses_read_without_a_bad_row(string folder)
    {
        using var stream = Inputs.SharedFile($"data/power/{folder}/gpudata.csv");
        DomainPower power = PowerLogReader.Read(stream, new("gpudata.csv", TimeZones.Parse("+01:00")), warnings.Add).ShouldHaveSingleItem();
        power.UpdatePeriod!.Value.TotalSeconds.ShouldBe(0.101, 0.004);
        warnings.ShouldBeEmpty();
    }
}
