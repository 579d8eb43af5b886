using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Tests.Support;
using Smaragdine.Traces;
using static Smaragdine.Tests.Formats.Traces.TensorFlow.Timelines;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

public class TimelineReaderTests
{
    private static readonly string Good = Event("a/MatMul", "MatMul", $"{Now}", "5");

    private static string With(params string[] events) => Document([Row(1, CpuRow), Good, .. events]);

    private static string Refusal(string json) => Should.Throw<RefusedInputException>(() => Read(json)).Message;

    private static Operation[] Operations(Trace trace) => [.. trace.Devices.SelectMany(d => d.Operations)];

    [Fact]
    public void An_event_becomes_a_span()
    {
        (Trace trace, List<Warning> warnings) = Read(
            Document(Row(1, CpuRow), Event("a/MatMul", "MatMul", $"{Now}", "5", more: """, "input0": "a/k:1", "input1": "^b" """)));
        warnings.ShouldBeEmpty();
        DeviceTrace cpu = trace.Devices.Single();
        cpu.Id.ShouldBe(DeviceId.Cpu());
        cpu.Spans().ShouldBe([$"{Now}000..{Now + 5}000 a/MatMul:MatMul None"]);
        cpu.Operations.Single().Inputs.ShouldBe(["a/k:1", "^b"]);
        cpu.Spans.Lanes.ToArray().ShouldBe([3]);
        trace.Steps.ShouldBe([new TracedStep(1, null)]);
        trace.Clock.HasEpoch.ShouldBeTrue();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData("\u0001\u0002\u0003")]
    [InlineData("{")]
    public void Other_bytes_are_refused(string text) =>
        Refusal(text).ShouldBe("t.json: no TensorFlow timeline: expected JSON, an object with `traceEvents` or an array of events");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a": [1, {"b": 2}]}""")]
    [InlineData("""{"traceEvents": 3}""")]
    public void Json_of_another_kind_is_refused(string text) =>
        Refusal(text).ShouldBe("t.json: no TensorFlow timeline: it is JSON, but has no `traceEvents`");

    [Theory]
    [InlineData("""{"traceEvents": []}""")]
    [InlineData("[]")]
    [InlineData("""{"traceEvents": [{"ph": "s", "id": 1}, {"ph": "X", "name": "x", "ts": 1, "dur": 1}, {}, 7, "x", [1]]}""")]
    public void A_trace_without_operations_is_refused_at_the_end(string text) =>
        Refusal(text).ShouldBe(
            "t.json: no operation of TensorFlow in it. Was the step traced (RunOptions.FULL_TRACE), and is this its timeline or RunMetadata?");

    [Fact]
    public void An_empty_file_is_refused() =>
        Should.Throw<RefusedInputException>(() => Read("")).Message.ShouldBe("t.json: the file is empty");

    [Fact]
    public void A_gzip_of_nothing_is_refused() =>
        Should.Throw<RefusedInputException>(() => Read(InputFile.Wrap(new MemoryStream(Gzip("")), "t.gz"))).Message
            .ShouldBe("t.gz: the file is empty");

    [Fact]
    public void A_gzip_that_was_cut_keeps_what_is_whole()
    {
        string json = With([.. Enumerable.Range(0, 20_000).Select(i => Event($"op/{i * 7919}", "Mul", $"{Now + i}", "1"))]);
        byte[] packed = Gzip(json);
        (Trace trace, List<Warning> warnings) = Read(InputFile.Wrap(new MemoryStream(packed[..(packed.Length / 2)]), "t.gz"));
        trace.SpanCount.ShouldBeInRange(5_000, 15_000);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("trace-cut");
        warning.Incomplete.ShouldBeTrue();
        warning.Text.ShouldContain("the gzip data ends early or is damaged");
        warning.Text.ShouldContain($"the {trace.SpanCount:N0} operations before it are kept");
    }

    [Fact]
    public void Json_that_was_cut_keeps_what_is_whole()
    {
        string json = With(Event("b", "Mul", $"{Now}", "1"));
        (Trace trace, List<Warning> warnings) = Read(json[..^20]);
        trace.SpanCount.ShouldBe(1);
        warnings.ShouldBe(
        [
            new(
                "trace-cut",
                $"t.json, byte {json.Length - 20:N0}, line 3: the file ends inside event 3; the 1 operation before it is kept, the last `a/MatMul`",
                Incomplete: true),
        ]);
    }

    [Fact]
    public void A_cut_anywhere_never_throws_and_keeps_whole_events()
    {
        string json = "[" + Row(1, CpuRow) + "," + Good + "," + Good + "," + Good + "]";
        int first = json.IndexOf(Good, StringComparison.Ordinal) + Good.Length;
        for (int length = first; length <= json.Length; length++)
        {
            (Trace trace, List<Warning> warnings) = Read(json[..length]);
            trace.SpanCount.ShouldBe(1 + ((length - first) / (Good.Length + 1)), $"{length}");
            bool between = (length - first) % (Good.Length + 1) <= 1 || length == json.Length;
            warnings.Count.ShouldBe(between ? 0 : 1, $"{length}");
        }
    }

    [Theory]
    [InlineData(",]}", null)]
    [InlineData("]", "trace-unclosed")]
    [InlineData("", "trace-unclosed")]
    [InlineData(",\n", "trace-unclosed")]
    [InlineData("]}\n \0\0", null)]
    [InlineData("], \"displayTimeUnit\": \"ms\", \"other\": {\"a\": [1, {\"b\": NaN}]}}", null)]
    [InlineData("]}{\"traceEvents\": []}", "trace-trailing")]
    [InlineData(", @@@ ]}", "trace-damaged")]
    public void Ends(string end, string? code)
    {
        string json = $$"""{"traceEvents": [{{Row(1, CpuRow)}},{{Good}}{{end}}""";
        (Trace trace, List<Warning> warnings) = Read(json);
        trace.SpanCount.ShouldBe(1);
        warnings.Select(w => w.Code).ShouldBe(code is null ? [] : [code]);
        warnings.ShouldAllBe(w => w.Incomplete == (w.Code != "trace-unclosed"));
    }

    [Fact]
    public void Damage_is_told_with_its_place()
    {
        string json = With("""{"ph": "X", "name": oops}""");
        (Trace trace, List<Warning> warnings) = Read(json);
        trace.SpanCount.ShouldBe(1);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Text.ShouldBe(
            $"t.json, byte {json.IndexOf(" oops", StringComparison.Ordinal):N0}, line 3: no JSON from here, in or after event 3;"
            + " the 1 operation before it is kept, the last `a/MatMul`");
    }

    [Theory]
    [InlineData("-1", "span-negative", "1 span with a negative duration is left out")]
    [InlineData("1e30", "span-overflow", "1 span whose time does not fit into 64 bits of nanoseconds is left out")]
    [InlineData("9223372036854775", "span-overflow", "1 span whose time does not fit into 64 bits of nanoseconds is left out")]
    [InlineData("NaN", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    [InlineData("Infinity", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    [InlineData("-Infinity", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    [InlineData("\"x\"", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    [InlineData("null", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    [InlineData("{\"a\": [NaN]}", "span-time", "1 span without a start and duration that are finite numbers is left out")]
    public void A_bad_duration_is_left_out_and_counted(string duration, string code, string text)
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("bad", "Mul", $"{Now}", duration), Event("good", "Mul", $"{Now}", "2")));
        Operations(trace).Select(o => o.Name).ShouldBe(["a/MatMul", "good"]);
        Warning warning = warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe(code);
        warning.Text.ShouldStartWith($"{text}; first: `bad`, t.json, byte ");
        warning.Text.ShouldEndWith(", line 3");
        warning.Incomplete.ShouldBeFalse();
    }

    [Fact]
    public void Bad_spans_of_a_kind_are_one_warning()
    {
        string[] bad = [.. Enumerable.Range(0, 1000).Select(i => Event($"bad{i}", "Mul", i % 2 == 0 ? "NaN" : $"{Now}", i % 2 == 0 ? "1" : "-1"))];
        (Trace trace, List<Warning> warnings) = Read(With([.. bad, Event("good", "Mul", $"{Now}", "2")]));
        trace.SpanCount.ShouldBe(2);
        warnings.Select(w => w.Text[..20]).ShouldBe(["500 spans with a neg", "500 spans without a "]);
    }

    [Fact]
    public void NaN_elsewhere_does_not_cost_the_event()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("b", "Mul", $"{Now}", "2", more: """, "bandwidth": -Infinity, "x": [NaN, 1]""")));
        trace.SpanCount.ShouldBe(2);
        warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("12", 12_000)]
    [InlineData("12.5", 12_500)]
    [InlineData("0.0004", 0)]
    [InlineData("0.0005", 1)]
    [InlineData("1.25e1", 12_500)]
    [InlineData("\"12\"", 12_000)]
    [InlineData("\"12.0\"", 12_000)]
    [InlineData("0", 0)]
    public void Durations_are_read_as_written(string duration, long nanoseconds)
    {
        (Trace trace, _) = Read(Document(Row(1, CpuRow), Event("a", "Mul", $"\"{Now}\"", duration)));
        SpanTable spans = trace.Devices.Single().Spans;
        (spans.Ends[0] - spans.Starts[0]).ShouldBe(nanoseconds);
    }

    [Fact]
    public void Times_beyond_2_to_the_53_are_exact()
    {
        (Trace trace, _) = Read(Document(Row(1, CpuRow), Event("a", "Mul", "9007199254740.993", "1"), Event("b", "Mul", "9007199254740993", "1.001")));
        trace.Devices.Single().Spans.Starts.ToArray().ShouldContain(9_007_199_254_740_993_000);
        trace.Devices.Single().Spans.Ends.ToArray().ShouldContain(9_007_199_254_740_994_001);
    }

    [Fact]
    public void Of_a_key_that_comes_twice_the_last_holds()
    {
        (Trace trace, _) = Read(With(
            """{"ph": "s", "ph": "X", "pid": 9, "pid": 1, "ts": 1, "ts": 1795247904383639, "dur": 7, "dur": 2, "args": {"name": "no", "op": "No"}, "args": {"op": "Mul", "name": "x", "name": "b", "input0": "no", "input0": "yes"}}"""));
        Operation operation = Operations(trace).Single(o => o.Name == "b");
        operation.Type.ShouldBe("Mul");
        operation.Inputs.ShouldBe(["yes"]);
    }

    [Fact]
    public void Inputs_come_in_the_order_of_their_numbers()
    {
        string more = string.Concat(Enumerable.Range(0, 600).Reverse().Select(i => $", \"input{i}\": \"n{i}\"")) + ", \"input_shape\": \"x\", \"input1x\": \"y\"";
        (Trace trace, _) = Read(With(Event("b", "ConcatV2", $"{Now}", "2", more: more)));
        Operations(trace).Single(o => o.Name == "b").Inputs.ShouldBe(Enumerable.Range(0, 600).Select(i => $"n{i}"));
    }

    [Fact]
    public void Deep_nesting_is_read_over()
    {
        string deep = new string('[', 10_000) + new string(']', 10_000);
        (Trace trace, List<Warning> warnings) = Read(With(Event("b", "Mul", $"{Now}", "2", more: $", \"x\": {deep}")));
        trace.SpanCount.ShouldBe(2);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Nesting_without_end_is_damage()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("b", "Mul", $"{Now}", "2", more: $", \"x\": {new string('[', 2_000_000)}")));
        trace.SpanCount.ShouldBe(1);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("trace-damaged");
    }

    [Fact]
    public void A_name_of_a_megabyte_is_kept()
    {
        string name = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"scope{i % 10}/é"));
        (Trace trace, List<Warning> warnings) = Read(With(Event(name, "Mul", $"{Now}", "2")));
        warnings.ShouldBeEmpty();
        Operations(trace).ShouldContain(o => o.Name == name);
    }

    [Fact]
    public void An_event_beyond_64_MB_is_refused() =>
        Refusal(With(Event(new string('x', 70_000_000), "Mul", $"{Now}", "2"))).ShouldContain("is longer than 64 MB: this is no TensorFlow timeline");

    [Fact]
    public void Control_characters_stay_in_names_and_not_in_messages()
    {
        (Trace trace, List<Warning> warnings) = Read(With(
            Event("a\\u001b[2Jb\\n\\uD83D\\uDE00\\ud800", "Mul", $"{Now}", "2"), Event("c\\u001b[2J" + new string('d', 500), "Mul", $"{Now}", "-2")));
        Operations(trace).ShouldContain(o => o.Name == "a\u001b[2Jb\n😀\ufffd");
        string text = warnings.ShouldHaveSingleItem().Text;
        text.ShouldContain("`c\\u{1B}[2Jddd");
        text.Length.ShouldBeLessThan(250);
        text.Any(char.IsControl).ShouldBeFalse();
    }

    [Fact]
    public void Raw_control_characters_become_spaces()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("a\nb\tc", "Mul", $"{Now}", "2")));
        Operations(trace).ShouldContain(o => o.Name == "a b c");
        warnings.ShouldHaveSingleItem().Text.ShouldStartWith("1 string held control characters that JSON wants escaped: they were read as spaces; first: t.json");
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_become_replacement_characters()
    {
        byte[] json = Encoding.Latin1.GetBytes("\u00ef\u00bb\u00bf" + With(Event("caf\u00e9", "Mul", $"{Now}", "2")));
        (Trace trace, List<Warning> warnings) = Read(InputFile.Wrap(new MemoryStream(json), "t.json"));
        warnings.ShouldBeEmpty();
        Operations(trace).ShouldContain(o => o.Name == "caf\ufffd");
    }

    [Fact]
    public void Metadata_may_come_last_and_the_rest_is_unknown()
    {
        (Trace trace, List<Warning> warnings) = Read(Document(Good, Event("tpu", "Mul", $"{Now}", "1", pid: 2), Event("nobody", "Mul", $"{Now}", "1", pid: 3),
            Row(1, CpuRow), Row(2, "/job:w/replica:0/task:0/device:TPU:0 Compute")));
        Operations(trace).Single().Name.ShouldBe("a/MatMul");
        warnings.Select(w => w.Text).ShouldBe(
        [
            "1 span in rows that no `process_name` names, hence on unknown devices, is left out; first: `nobody` in a row without a name, t.json",
            "1 span on devices that are neither CPU nor GPU is left out; first: `tpu` in `/job:w/replica:0/task:0/device:TPU:0 Compute`, t.json",
        ], ignoreOrder: true);
    }

    [Fact]
    public void A_span_years_away_is_left_out()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("far", "Mul", "3978045970716470", "1"), Event("b", "Mul", $"{Now + 9}", "1")));
        trace.SpanCount.ShouldBe(2);
        warnings.ShouldHaveSingleItem().Text.ShouldBe(
            "1 span more than a day away from the rest of the file is left out; first: `far` at 3,978,045,970,716,470 µs in t.json,"
            + " whose median start is 1,795,247,904,383,648 µs");
    }

    /// <summary>The time of tensorpack#819: the year 2603, which 64 bits of nanoseconds do not reach.</summary>
    [Fact]
    public void A_time_beyond_2262_is_left_out()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("far", "Mul", "19978045970716470", "1")));
        trace.SpanCount.ShouldBe(1);
        warnings.ShouldHaveSingleItem().Text.ShouldStartWith(
            "1 span whose time does not fit into 64 bits of nanoseconds is left out; first: `far`, t.json, byte ");
    }

    [Fact]
    public void Times_since_boot_are_no_Unix_time()
    {
        (Trace trace, _) = Read(Document(Row(1, CpuRow), Event("a", "Mul", "5913729233", "1")));
        trace.Clock.HasEpoch.ShouldBeFalse();
        trace.Clock.Description.ShouldBe("µs since a moment that the file does not tell");
    }

    [Fact]
    public void A_step_given_twice_is_refused()
    {
        Smaragdine.Formats.Traces.TensorFlow.TensorFlowTraceBuilder builder = new(_ => { });
        builder.AddTimeline(Stream(With(), "a.json"), 3);
        Should.Throw<RefusedInputException>(() => builder.AddTimeline(Stream(With(), "b.json"), 3)).Message
            .ShouldBe("b.json: step 3 was already read from a.json; give each step once");
    }

    [Fact]
    public void Events_across_the_ends_of_the_buffer_are_read_once()
    {
        string[] events = [.. Enumerable.Range(0, 5000).Select(i => Event($"op{i}/" + new string('x', i % 611), "Mul", $"{Now + i}", "1"))];
        (Trace trace, List<Warning> warnings) = Read(Document([Row(1, CpuRow), .. events]));
        warnings.ShouldBeEmpty();
        trace.Devices.Single().Spans.Starts.ToArray().Order().ShouldBe(Enumerable.Range(0, 5000).Select(i => (Now + i) * 1000));
        trace.Devices.Single().Operations.Count.ShouldBe(5000);
    }

    [Fact]
    public void An_event_full_of_NaN_is_mended()
    {
        (Trace trace, List<Warning> warnings) = Read(With(Event("b", "Mul", $"{Now}", "2", more: $", \"x\": [{string.Join(',', Enumerable.Repeat("NaN", 1000))}]")));
        trace.SpanCount.ShouldBe(2);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_without_end_are_refused() =>
        Refusal(With([.. Enumerable.Range(2, 10_001).Select(i => Row(i, "/x"))])).ShouldBe(
            "t.json: more than 10,000 rows (`pid`s): this is no TensorFlow timeline");

    [Fact]
    public void Random_damage_never_throws_anything_but_a_refusal()
    {
        byte[] good = Encoding.UTF8.GetBytes(With([.. Enumerable.Range(0, 20).Select(i => Event($"op{i}\\u0041", "Mul", $"{Now + i}", "1.5", more: ", \"input0\": \"x\""))]));
        Random random = new(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            for (int k = 0; k < 4; k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "\"\\{}[],:-NI0e"[random.Next(13)]);
            }

            try
            {
                Read(InputFile.Wrap(new MemoryStream(bytes), "t.json"));
            }
            catch (RefusedInputException)
            {
                // nothing was left of it
            }
        }
    }
}
