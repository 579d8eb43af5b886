using System.IO.Compression;
using System.Text;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>What a user sees of bad input: one clear message, an exit code of its own, what is whole kept, never a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Row = "/job:localhost/replica:0/task:0/device:CPU:0 Compute";

    private readonly TempFolder directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_file_that_is_no_trace_is_refused()
    {
        string path = directory.Write("notes.json", """{"hello": "world"}""");
        Refused(Support.Cli.Run("report", path), "not a trace that is known here", "traceEvents", "hello");
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Refused(Support.Cli.Run("report", Path.Combine(directory.Path, "nothing.json")), "nothing.json: no such file");

    [Fact]
    public void A_power_log_may_come_from_a_pipe_and_a_trace_may_not()
    {
        string recording = SmallRecording.Write(directory);
        string log = SmallRecording.Power(directory, "measured", 2, ("package-0", 100));
        foreach (byte[] bytes in new[] { File.ReadAllBytes(log), Inputs.Gzip(File.ReadAllBytes(log)) })
        {
            CliResult piped = Pipe(bytes, path => Support.Cli.Run("report", recording, "--power", path, "--format", "csv"));
            piped.Code.ShouldBe(0, piped.Error);
            piped.Output.ShouldBe(Support.Cli.Run("report", recording, "--power", log, "--format", "csv").Output);
        }

        Refused(Pipe(File.ReadAllBytes(directory.At("timeline-1.json")), path => Support.Cli.Run("report", path)), "is a pipe", "write it into one first");
    }

    /// <summary>Runs with the path of a pipe that gives some bytes, as `&lt;(cat …)` of a shell does.</summary>
    private static CliResult Pipe(byte[] bytes, Func<string, CliResult> run)
    {
        using System.IO.Pipes.AnonymousPipeServerStream server = new(System.IO.Pipes.PipeDirection.Out);

        // Asked for as a handle it stays open when the writer is done, which may be before it is read.
        using Microsoft.Win32.SafeHandles.SafePipeHandle reading = server.ClientSafePipeHandle;
        Task writing = Task.Run(() =>
        {
            using System.IO.Pipes.AnonymousPipeServerStream end = server;
            try
            {
                end.Write(bytes);
            }
            catch (IOException)
            {
                // Nobody read on.
            }
        });
        CliResult result = run($"/proc/self/fd/{reading.DangerousGetHandle()}");
        reading.Dispose();
        writing.Wait(TimeSpan.FromSeconds(10));
        return result;
    }

    [Fact]
    public void An_empty_file_is_refused() =>
        Refused(Support.Cli.Run("report", directory.Write("timeline-1.json", "")), "the file is empty");

    [Fact]
    public void An_empty_file_in_a_recording_is_refused_by_name()
    {
        directory.Write("timeline-1.json", Good());
        directory.Write("timeline-2.json", "");
        Refused(Support.Cli.Run("report", directory.Path), "timeline-2.json", "empty");
    }

    [Fact]
    public void A_directory_without_traces_is_refused_and_says_what_was_expected() =>
        Refused(Support.Cli.Run("report", directory.Path), "no trace here", "timeline-N.json[.gz]", "run_metadata-N.pb[.gz]");

    [Fact]
    public void A_directory_of_recordings_names_them()
    {
        directory.Write("run-1/timeline-1.json", Good());
        Refused(Support.Cli.Run("report", directory.Path), "Below it are recordings", "run-1");
    }

    [Fact]
    public void A_timeline_that_was_cut_keeps_what_is_whole_and_says_how_much_was_lost()
    {
        string text = Good();
        directory.Write("timeline-1.json", text);
        directory.Write("timeline-2.json", text[..^60]);
        CliResult run = Support.Cli.Run("report", directory.Path);
        run.Code.ShouldBe(3);
        run.Output.ShouldContain("(all operations)");
        Flat(run.Output).ShouldContain("timeline-2.json");
        Flat(run.Output).ShouldContain("the file ends inside event 3");
        Flat(run.Output).ShouldContain("`--steps` picks whole ones");
        NoStackTrace(run);
    }

    [Fact]
    public void Steps_that_were_not_asked_for_may_be_damaged()
    {
        string text = Good();
        directory.Write("timeline-1.json", text);
        directory.Write("timeline-2.json", text[..^60]);
        directory.Write("timeline-3.json", "");
        CliResult run = Support.Cli.Run("report", directory.Path, "--steps", "1");
        run.Code.ShouldBe(0);
        Flat(run.Output).ShouldNotContain("timeline-2.json");
    }

    [Fact]
    public void A_gzip_that_was_cut_keeps_what_is_whole()
    {
        byte[] packed = Inputs.Gzip(Encoding.UTF8.GetBytes(Many(2000)));
        directory.Write("timeline-1.json.gz", packed[..(packed.Length * 2 / 3)]);
        CliResult run = Support.Cli.Run("report", directory.Path);
        run.Code.ShouldBe(3);
        run.Output.ShouldContain("(all operations)");
        NoStackTrace(run);
    }

    [Fact]
    public void A_protobuf_that_was_cut_keeps_what_is_whole()
    {
        byte[] whole;
        using (GZipStream gzip = new(File.OpenRead(Path.Combine(SharedData.Sample("bert-base-finetune"), "run_metadata-1.pb.gz")), CompressionMode.Decompress))
        using (MemoryStream bytes = new())
        {
            gzip.CopyTo(bytes);
            whole = bytes.ToArray();
        }

        directory.Write("run_metadata-1.pb", whole[..(whole.Length / 2)]);
        CliResult run = Support.Cli.Run("report", directory.Path);
        run.Code.ShouldBe(3);
        run.Output.ShouldContain("bert");
        Flat(run.Output).ShouldContain("byte");
        NoStackTrace(run);
    }

    [Theory]
    [InlineData("-5", "negative")]
    [InlineData("99999999999999999999", "long")]
    [InlineData("9e30", "long")]
    [InlineData("NaN", "number")]
    [InlineData("Infinity", "number")]
    [InlineData("-Infinity", "number")]
    [InlineData("\"soon\"", "number")]
    [InlineData("null", "number")]
    [InlineData("[1]", "number")]
    public void A_duration_that_is_none_costs_its_span_and_nothing_else(string duration, string about)
    {
        string events = $"{SmallTimeline.Event("a/MatMul", "MatMul", $"{SmallTimeline.Epoch}", "10")},{SmallTimeline.Event("b/MatMul", "MatMul", $"{SmallTimeline.Epoch + 20}", duration)}";
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Text(Row, events)), "--format", "csv");
        run.Code.ShouldBe(0, about + run.Error);
        run.Output.ShouldContain("a/MatMul");
        run.Output.ShouldNotContain("b/MatMul");
        run.Error.ShouldContain("left out");
        NoStackTrace(run);
    }

    [Theory]
    [InlineData("1704067200000000", "10", "1.05E-05", "10.5")]
    [InlineData("\"1704067200000000\"", "10", "1E-05", "10")]
    [InlineData("1704067200000000.25", "10", "1E-05", "10")]
    public void Times_are_read_as_they_are_written(string start, string plain, string seconds, string duration)
    {
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Text(Row, SmallTimeline.Event("a/MatMul", "MatMul", start, duration))), "--format", "csv");
        run.Code.ShouldBe(0, plain);
        run.Output.ShouldContain($"MatMul,1,{seconds},");
    }

    [Fact]
    public void Nesting_ten_thousand_deep_is_no_stack_overflow()
    {
        string deep = new string('[', 10_000) + new string(']', 10_000);
        string text = $$"""{"junk":{{deep}},"traceEvents":[{{SmallTimeline.Event("a/MatMul", "MatMul", $"{SmallTimeline.Epoch}", "10")}}]}""";
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", text));
        run.Code.ShouldBeOneOf(0, 3, 4);
        NoStackTrace(run);
    }

    [Fact]
    public void A_manifest_ten_thousand_deep_is_refused()
    {
        directory.Write("timeline-1.json", Good());
        directory.Write("manifest.json", new string('[', 10_000));
        Refused(Support.Cli.Run("report", directory.Path), "manifest.json: not valid JSON at line 1");
    }

    [Fact]
    public void A_name_of_a_megabyte_keeps_the_report_within_its_width()
    {
        string name = $"a/{new string('x', 1 << 20)}/MatMul";
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Cpu((name, "MatMul", 0, 10))), "--depth", "9");
        run.Code.ShouldBe(0);
        foreach (string line in run.Output.Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal)))
        {
            line.Length.ShouldBeLessThanOrEqualTo(100);
        }
    }

    [Fact]
    public void Control_characters_of_a_name_never_reach_the_terminal()
    {
        string name = "a\\u001b[31m\\u0007\\u202eevil/MatMul";
        foreach (string by in (string[])["module", "operation"])
        {
            CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Cpu((name, "Mat\\u001bMul", 0, 10))), "--by", by);
            run.Code.ShouldBe(0);
            run.Output.Any(c => (char.IsControl(c) && c != '\n') || c == '\u202e').ShouldBeFalse();
            run.Output.ShouldContain("evil");
        }
    }

    [Fact]
    public void One_span_years_away_is_left_out()
    {
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Cpu(
            ("a/MatMul", "MatMul", 0, 10), ("a/Mul", "Mul", 20, 10), ("b/MatMul", "MatMul", 31_536_000_000_000, 10))));
        run.Code.ShouldBe(0);
        run.Output.ShouldContain("1 step of 30.0 µs");
        Flat(run.Output).ShouldContain("left out");
    }

    [Fact]
    public void A_trace_and_a_log_that_do_not_overlap_say_both_ranges()
    {
        string trace = directory.Write("timeline-1.json", Good());
        string log = directory.Write("power.csv", SmallTimeline.PowerLog(50, 10, SmallTimeline.Epoch + 3_600_000_000));
        CliResult run = Support.Cli.Run("report", trace, "--power", log);
        Refused(run, "do not overlap", "2024-01-01 00:00:00.000", "2024-01-01T01:00:00.000Z", "local (UTC)", "--time-zone");
    }

    [Fact]
    public void A_trace_without_an_epoch_takes_no_power_log()
    {
        string trace = directory.Write("timeline-1.json", SmallTimeline.Text(Row, SmallTimeline.Event("a/MatMul", "MatMul", "5000", "10")));
        Support.Cli.Run("report", trace).Code.ShouldBe(0);
        Refused(Support.Cli.Run("report", trace, "--power", directory.Write("power.csv", SmallTimeline.PowerLog(50, 10))), "do not count from a known moment");
    }

    [Fact]
    public void A_log_whose_clock_goes_back_is_sorted_and_says_so()
    {
        string trace = directory.Write("timeline-1.json", Good());
        string[] lines = SmallTimeline.PowerLog(50, 10).TrimEnd().Split('\n');
        (lines[4], lines[5]) = (lines[5], lines[4]);
        CliResult run = Support.Cli.Run("report", trace, "--power", directory.Write("power.csv", string.Join('\n', lines)));
        run.Code.ShouldBe(0);
        Flat(run.Output).ShouldContain("time goes back once between readings");
    }

    [Fact]
    public void A_counter_that_goes_back_without_wrapping_is_uncovered_and_says_so()
    {
        string trace = directory.Write("timeline-1.json", SmallTimeline.Cpu(("a/MatMul", "MatMul", 0, 8000)));
        StringBuilder log = new("unix_ns,domain,energy_uj,max_uj\n");
        for (int i = 0; i < 12; i++)
        {
            log.Append($"{((SmallTimeline.Epoch - 2000) * 1000) + (i * 1_000_000L)},package-0,{(i < 6 ? 1_000_000 : 500_000) + (i * 50_000)},65532610987\n");
        }

        CliResult run = Support.Cli.Run("report", trace, "--power", directory.Write("power.csv", log.ToString()));
        run.Code.ShouldBe(0);
        Flat(run.Output).ShouldContain("went back once otherwise than by wrapping");
        Flat(run.Output).ShouldContain("uncovered 1.00 ms a step");
    }

    [Fact]
    public void A_gzip_bomb_ends_in_a_message()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{\"traceEvents\":[{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"args\":{\"name\":\"/cpu:0 Compute\"}},"u8);
            byte[] spaces = new byte[1 << 20];
            Array.Fill(spaces, (byte)' ');
            for (int i = 0; i < 64; i++)
            {
                gzip.Write(spaces);
            }
        }

        Refused(Support.Cli.Run("report", directory.Write("timeline-1.json.gz", packed.ToArray()), "--max-size", "8M"), "more than 8,388,608 bytes once unpacked", "--max-size");
    }

    [Fact]
    public void Unknown_fields_are_passed_over()
    {
        directory.Write("timeline-1.json", Good());
        directory.Write("manifest.json", """{"framework":"tensorflow","colour":"green","steps":[{"step":1,"start_unix_ns":1704067200000000000,"end_unix_ns":1704067200000100000,"mood":"good"}]}""");
        Support.Cli.Run("report", directory.Path).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"steps":[{"step":1,"start_unix_ns":"soon","end_unix_ns":2}]}""", "steps[0].start_unix_ns must be whole nanoseconds")]
    [InlineData("""{"steps":[{"step":1,"start_unix_ns":5,"end_unix_ns":2}]}""", "ends (2) before it starts (5)")]
    [InlineData("""{"steps":[{"step":1,"start_unix_ns":1,"end_unix_ns":2},{"step":1,"start_unix_ns":1,"end_unix_ns":2}]}""", "step 1 is listed twice")]
    [InlineData("""{"batch":-4}""", "batch must be a whole number")]
    [InlineData("""{"baseline_w":{"package-0":"much"}}""", "baseline_w.package-0 must be watts")]
    [InlineData("[1,2]", "a manifest is a JSON object, this is an array")]
    [InlineData("""{"steps":[{"step":1,"start_unix_ns":-9223372036854775808,"end_unix_ns":9223372036854775807}]}""", "steps[0].start_unix_ns must be whole nanoseconds since 1970")]
    [InlineData("{", "not valid JSON")]
    public void A_manifest_that_is_wrong_says_where(string manifest, string message)
    {
        directory.Write("timeline-1.json", Good());
        directory.Write("manifest.json", manifest);
        Refused(Support.Cli.Run("report", directory.Path), "manifest.json", message);
    }

    [Fact]
    public void A_step_that_is_there_twice_is_refused()
    {
        directory.Write("timeline-1.json", Good());
        directory.Write("timeline-1.json.gz", Inputs.Gzip(Encoding.UTF8.GetBytes(Good())));
        Refused(Support.Cli.Run("report", directory.Path), "step 1 is there twice", "timeline-1.json.gz");
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        string trace = directory.Write("timeline-1.json", Good());
        string target = Path.Combine(directory.Path, "missing", "out.json");
        Refused(Support.Cli.Run("report", trace, "--format", "json", "-o", target), "cannot be written");
        Directory.Exists(Path.Combine(directory.Path, "missing")).ShouldBeFalse();
    }

    [Fact]
    public void A_domain_whose_name_says_nothing_asks_for_a_map()
    {
        string trace = directory.Write("timeline-1.json", Good());
        string log = directory.Write("power.csv", SmallTimeline.PowerLog(50, 10).Replace("package-0", "thing", StringComparison.Ordinal));
        Refused(Support.Cli.Run("report", trace, "--power", log), "`thing` does not say what it covers", "--map thing=CPU:0");
        Support.Cli.Run("report", trace, "--power", log, "--map", "thing=CPU:0").Code.ShouldBe(0);
    }

    [LinuxFact]
    public void A_pipe_among_the_traces_does_not_hang_the_report()
    {
        directory.Write("timeline-1.json", Good());
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start("mkfifo", directory.At("timeline-2.json")))
        {
            make.WaitForExit();
        }

        Refused(Support.Cli.Run("report", directory.Path), "timeline-2.json: the file is empty");
    }

    [Fact]
    public void A_counter_that_jumps_by_megawatts_is_uncovered_and_says_so()
    {
        string trace = directory.Write("timeline-1.json", SmallTimeline.Cpu(("a/MatMul", "MatMul", 0, 8000)));
        StringBuilder log = new("unix_ns,domain,energy_uj\n");
        for (int i = 0; i < 12; i++)
        {
            log.Append($"{((SmallTimeline.Epoch - 2000) * 1000) + (i * 1_000_000L)},package-0,{(i >= 6 ? 9_000_000_000_000_000_000 : 0) + (i * 50_000)}\n");
        }

        CliResult run = Support.Cli.Run("report", trace, "--power", directory.Write("power.csv", log.ToString()));
        run.Code.ShouldBe(0);
        Flat(run.Output).ShouldContain("the counter jumped once by more than 1 MW would give");
        Flat(run.Output).ShouldContain("uncovered 1.00 ms a step");
    }

    [Fact]
    public void A_refusal_says_what_was_found_before_it()
    {
        string far = SmallTimeline.Text(Row, SmallTimeline.Event("a/MatMul", "MatMul", "9223372036854775807", "10"));
        Refused(Support.Cli.Run("report", directory.Write("timeline-1.json", far)), "Before that: ", "left out");
    }

    [Fact]
    public void Spans_of_no_length_at_the_end_keep_their_calls()
    {
        CliResult run = Support.Cli.Run("report", directory.Write("timeline-1.json", SmallTimeline.Cpu(("a/NoOp", "NoOp", 0, 0))), "--format", "csv");
        run.Code.ShouldBe(0);
        run.Output.ShouldContain("a/NoOp,NoOp,1,0,");
    }

    private static string Good() => SmallTimeline.Cpu(("a/MatMul", "MatMul", 0, 30), ("b/Mul", "Mul", 40, 30));

    private static string Many(int count) => SmallTimeline.Cpu(
        [.. Enumerable.Range(0, count).Select(i => ($"layer_{i % 7}/op_{i}/{Guid.NewGuid()}", "MatMul", i * 20L, 10L))]);

    /// <summary>Text without its line breaks, to look for a sentence.</summary>
    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static void Refused(CliResult run, params string[] parts)
    {
        run.Code.ShouldBe(4, run.Error);
        run.Error.ShouldStartWith("smaragdine: ");
        foreach (string part in parts)
        {
            run.Error.ShouldContain(part);
        }

        run.Output.ShouldBeEmpty();
        NoStackTrace(run);
    }

    private static void NoStackTrace(CliResult run)
    {
        foreach (string text in (string[])[run.Output, run.Error])
        {
            text.ShouldNotContain("   at ");
            text.ShouldNotContain("Exception");
        }
    }
}
