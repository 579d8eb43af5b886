using System.Text.RegularExpressions;
using Smaragdine.Formats.Reports;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Reports;

/// <summary>The text report of a small recording, as a person sees it.</summary>
public sealed partial class TextReportTests
{
    [Fact]
    public void Golden_measured()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        CliResult result = Support.Cli.Run("report", recording, "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 100)));
        Compare(result, """
            TOY training · TensorFlow 2.15.1 · 2 steps of 89.5 ms
            power  CPU:0  package-0  measured (a test)

              energy per step      J  ± step    %  time ms    W  forward  backward
              (all operations)  8.95    0.07  100     89.5  100     5.95      3.00
              └ model           8.95    0.07  100     89.5  100     5.95      3.00
                ├ dense         8.00    0.00   89     80.0  100     5.00      3.00
                └ extra         0.95    0.07   11     9.50  100     0.95         –

              where it went  operations 100 % · sum 8.95 J a step
              the run        29.0 J in 0.29 s; 62 % of its time is in traced steps
            """);
    }

    [Fact]
    public void Golden_time_only_has_no_column_of_energy_or_power()
    {
        using TempFolder folder = new();
        CliResult result = Support.Cli.Run("report", SmallRecording.Write(folder));
        Compare(result, """
            TOY training · TensorFlow 2.15.1 · 2 steps of 89.5 ms
            power  CPU:0  –  no power: time only

              time per step       ms  ± step    %  forward  backward
              (all operations)  89.5    0.71  100     59.5      30.0
              └ model           89.5    0.71  100     59.5      30.0
                ├ dense         80.0    0.00   89     50.0      30.0
                └ extra         9.50    0.71   11     9.50         –

              the run        0.29 s; 62 % of its time is in traced steps
            """);
    }

    [Fact]
    public void A_gpu_without_power_has_a_table_of_its_own_and_a_note()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, gpu: true);
        CliResult result = Support.Cli.Run("report", recording, "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 100)));
        result.Output.ShouldContain("       GPU:0  –          no power: time only\n");
        result.Output.ShouldContain("\n  CPU:0, derived\n");
        result.Output.ShouldContain("\n  GPU:0, no power: time only\n  time per step ");
        result.Output.ShouldContain("  note           GPU:0: no power, not in the total.\n");
    }

    [Fact]
    public void Joules_of_different_quality_are_in_tables_of_their_own()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder, gpu: true);
        folder.Write("activity.csv", Activity());
        CliResult result = Support.Cli.Run("report", recording, "--power", SmallRecording.Power(folder, "measured", 2, ("gpu-0", 200)));
        string[] headings = [.. result.Lines.Where(l => l.StartsWith("  CPU:0, ", StringComparison.Ordinal) || l.StartsWith("  GPU:0, ", StringComparison.Ordinal))];
        headings.ShouldBe(["  GPU:0, derived", "  CPU:0, estimated"]);
        string[] tables = result.Output.Split("  CPU:0, estimated\n");
        tables[0][tables[0].IndexOf("GPU:0, derived", StringComparison.Ordinal)..].ShouldNotContain("~");
        EveryJouleIsMarked(tables[1].Split("\n\n")[0], '~');
    }

    [Fact]
    public void Estimated_figures_are_marked_and_have_no_power_column()
    {
        CliResult result = Support.Cli.Run("report", SharedData.Sample("bert-base-finetune"), "--steps", "3,4");
        string table = result.Output.Split("\n\n")[1];
        EveryJouleIsMarked(table, '~');
        Headings(table).ShouldNotContain("W");
        result.Output.ShouldContain("sum ~");
        result.Output.ShouldContain("the run        ~");
        result.Output.ShouldContain("−60…+112 %");
    }

    [Fact]
    public void Simulated_figures_are_marked_power_too()
    {
        string sample = SharedData.Sample("bert-base-finetune");
        CliResult result = Support.Cli.Run("report", sample, "--steps", "3,4", "--power", Path.Combine(sample, "power-simulated.csv.gz"));
        string table = result.Output.Split("\n\n")[1];
        EveryJouleIsMarked(table, '?');
        Headings(table).ShouldContain("W");
        result.Output.ShouldContain("sum ?");
        result.Output.ShouldContain("the run        ?");
        result.Output.ShouldContain("this power was made up");
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(100, false)]
    public void Every_line_fits(int width, bool terminal)
    {
        TextStyle style = new(Color: terminal, Bars: terminal, width);
        string sample = SharedData.Sample("bert-base-finetune");
        string log = Path.Combine(sample, "power-simulated.csv.gz");
        string[][] ways =
        [
            [], ["--power", log, "--per", "token"], ["--by", "operation"], ["--by", "operation", "--fold-layers", "--power", log, "--per", "sample"],
            ["--by", "type"], ["--by", "pass"], ["--depth", "9", "--top", "100"], ["--attribution", "paper", "--power", log], ["--module", "bert/encoder"],
        ];
        foreach (string[] way in ways)
        {
            CliResult result = Support.Cli.Run(style, ["report", sample, "--steps", "4,5", .. way]);
            result.Code.ShouldBe(0, result.Error);
            Safe(result.Output, width, terminal, string.Join(' ', way));
        }
    }

    [Fact]
    public void Colour_says_nothing_that_plain_text_does_not()
    {
        string sample = SharedData.Sample("bert-base-finetune");
        CliResult plain = Support.Cli.Run("report", sample, "--steps", "3,4");
        CliResult colour = Support.Cli.Run(new TextStyle(Color: true, Bars: false, 100), "report", sample, "--steps", "3,4");
        colour.Output.ShouldContain("\x1b[33mwarning\x1b[0m");
        Ansi().Replace(colour.Output, "").ShouldBe(plain.Output);
    }

    [Theory]
    [InlineData("model/\x1b]0;owned\x07\x1b[2J/Add")]
    [InlineData("model/\u202egnp.exe\u2066/Add")]
    [InlineData("model/two\nlines\r/A\u2028dd")]
    [InlineData("model/\u009b31m\u200b\ufeff/Add")]
    [InlineData("")]
    public void Names_from_traces_cannot_reach_the_terminal(string name)
    {
        using TempFolder folder = new();
        name = name.Length > 0 ? name : $"model/{new string('x', 1_000_000)}/Add";
        string recording = SmallRecording.Write(folder, extra: name, manifest: System.Text.Json.JsonSerializer.Serialize(
            new { framework = name[..Math.Min(name.Length, 300)], model = "m\x1b[31m\n", mode = "\u202e", host = "h" }));
        string log = SmallRecording.Power(folder, "measured", 2, ("package-0", 100));
        foreach (string[] way in new string[][] { [], ["--power", log], ["--by", "operation"], ["--by", "type"], ["--depth", "5", "--top", "50"] })
        {
            foreach (int width in new[] { 80, 100 })
            {
                CliResult result = Support.Cli.Run(new TextStyle(Color: false, Bars: true, width), ["report", recording, .. way]);
                result.Code.ShouldBe(0, result.Error);
                Safe(result.Output, width, ansi: false, string.Join(' ', way));
                Safe(result.Error, 4000, ansi: false, "stderr");
            }
        }

        CliResult info = Support.Cli.Run("info", recording);
        Safe(info.Output, 4000, ansi: false, "info");
    }

    [Fact]
    public void Small_modules_are_summed_unless_asked_for()
    {
        string sample = SharedData.Sample("bert-base-finetune");
        Support.Cli.Run("report", sample, "--steps", "3,4").Output.ShouldContain("├ … 3 more ");
        Support.Cli.Run("report", sample, "--steps", "3,4", "--depth", "3").Output.ShouldContain("PolynomialDecay");
    }

    [Fact]
    public void The_papers_rule_is_labelled()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        CliResult result = Support.Cli.Run("report", recording, "--attribution", "paper", "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 100)));
        result.Output.ShouldContain("\nrule   the paper's released one, for comparing with published figures only");
    }

    private static void Safe(string output, int width, bool ansi, string way)
    {
        string text = ansi ? Ansi().Replace(output, "") : output;
        foreach (string line in text.Split('\n'))
        {
            line.Length.ShouldBeLessThanOrEqualTo(width, $"{way}: {line}");
            line.ShouldAllBe(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format && c != '\u2028', way);
        }
    }

    private static string[] Headings(string table) => table.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every figure in a column of joules or watts has the mark, or is a dash; columns of ±, %, time and calls are not of that kind.</summary>
    private static void EveryJouleIsMarked(string table, char mark)
    {
        string[] lines = table.Split('\n');
        string heading = lines[0];
        foreach (Match column in Heading().Matches(heading).Skip(1))
        {
            if (column.Value is "± step" or "%" or "calls" || column.Value.StartsWith("time", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string line in lines.Skip(1).Where(l => l.Length > 0))
            {
                int end = column.Index + column.Length;
                string cell = line[..Math.Min(end, line.Length)].Split("  ")[^1].Trim();
                (cell == "–" || cell.StartsWith(mark)).ShouldBeTrue($"`{cell}` under {column.Value} in `{line}`");
            }
        }
    }

    private static string Activity()
    {
        List<string> lines = ["unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies"];
        for (int i = -10; i < 60; i++)
        {
            long ns = SmallRecording.Start + (i * 10_000_000L);
            lines.Add($"{ns},{ns},{(i + 10) * 9_000_000L},{1000 + ((i + 10) * 2)},{500 + i + 10}");
        }

        return string.Join('\n', lines) + "\n";
    }

    private static void Compare(CliResult result, string expected)
    {
        result.Code.ShouldBe(0, result.Error);
        result.Output.TrimEnd().ShouldBe(expected.ReplaceLineEndings("\n").TrimEnd());
    }

    [GeneratedRegex("\x1b\\[[0-9;]*m", RegexOptions.None, 1000)]
    private static partial Regex Ansi();

    [GeneratedRegex(@"\S+(?: \S+)*", RegexOptions.None, 1000)]
    private static partial Regex Heading();
}
