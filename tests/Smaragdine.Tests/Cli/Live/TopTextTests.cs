using System.Text;
using System.Text.Json.Nodes;
using Smaragdine.Cli.Live;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli.Live;

/// <summary>A frame as text and as JSON.</summary>
public sealed class TopTextTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void Lines_fit_the_width_and_foreign_text_moves_nothing(int width)
    {
        TopFrame frame = TopFramesTests.Build(
            [TopFramesTests.Domain("package-0", 30, Quality.Estimated), TopFramesTests.Domain("gpu-0", null)],
            gpus: [],
            command: "/opt/venv/bin/python3 \u001b[2J\u202e " + new string('x', 500));
        string[] lines = Lines(frame, new(Color: false, Bars: true, width), rows: 20);
        lines.ShouldAllBe(l => l.Length <= width);
        string text = string.Join('\n', lines);
        text.ShouldNotContain('\u001b');
        text.ShouldNotContain('\u202e');
        text.ShouldContain("  python3 ");
        text.ShouldContain("[sh]");
        text.ShouldContain("~15.0 W");
        lines.Single(l => l.Contains("gpu-0", StringComparison.Ordinal)).ShouldContain(" – ");
        lines.Single(l => l.Contains("processors", StringComparison.Ordinal)).ShouldContain("200.0");
    }

    [Fact]
    public void What_there_is_no_room_for_is_one_line_and_the_lines_are_as_many_as_said()
    {
        TopFrame frame = TopFramesTests.Build([TopFramesTests.Domain("package-0", 40)], gpus: []);
        string[] all = Lines(frame, TextStyle.Plain, rows: 3);
        all.Length.ShouldBe(TopText.OtherLines(frame) + 3);
        string[] few = Lines(frame, TextStyle.Plain, rows: 2);
        few.Length.ShouldBe(TopText.OtherLines(frame) + 2);
        few.Single(l => l.Contains("… 2 more", StringComparison.Ordinal)).ShouldContain("11.0 W");
    }

    [Fact]
    public void Json_has_the_same_figures_and_null_for_what_is_missing()
    {
        TopFrame frame = TopFramesTests.Build([TopFramesTests.Domain("package-0", 40), TopFramesTests.Domain("gpu-0", null)], gpus: []);
        JsonNode json = Json(frame, TopOrder.Cpu, most: 2, out string text);
        text.Count(c => c == '\n').ShouldBe(1);
        json["schema"]!.GetValue<string>().ShouldBe("smaragdine.top/1");
        json["period_s"]!.GetValue<double>().ShouldBe(1);
        json["domains"]!.AsArray().Select(d => d!["power_w"]?.GetValue<double>()).ShouldBe([40, null]);
        json["processes"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ShouldBe(["train", "sh"]);
        json["processes_left_out"]!.GetValue<int>().ShouldBe(1);
        json["processes"]![0]!["power_w"]!.GetValue<double>().ShouldBe(20, 1e-9);
        json["processes"]![0]!["quality"]!.GetValue<string>().ShouldBe("derived");
        json["processes"]![1]!["command"].ShouldBeNull();
        json["processors"]!["domains"]!.AsArray().Select(d => d!.GetValue<string>()).ShouldBe(["package-0"]);
    }

    [Fact]
    public void The_page_names_every_field()
    {
        string page = File.ReadAllText(Path.Combine(Support.SharedData.Root, "docs", "top.md"));
        TopFrame frame = TopFramesTests.Build([TopFramesTests.Domain("package-0", 40), TopFramesTests.Domain("gpu-0", 100)], gpus: [new(new(0, "X", "", "", default), [new(41, 1, null, false)])]);
        JsonNode json = Json(frame, TopOrder.Power, int.MaxValue, out _);
        foreach (string field in Fields(json).Distinct())
        {
            page.ShouldContain($"`{field}`");
        }
    }

    [Fact]
    public void A_minute_is_drawn_from_the_right_and_what_is_not_known_is_blank()
    {
        Sparklines minute = new();
        Domain domain = Domain.Package(0);
        minute.Draw(domain, 5).ShouldBe("     ");
        (int Second, double? Watts)[] moments = [(0, 1000), (70, 80), (80, 10), (90, 40), (100, null), (110, 80), (119, 80)];
        foreach ((int second, double? watts) in moments)
        {
            minute.Add(Instant.FromUnixMilliseconds(second * 1000), [TopFramesTests.Domain("package-0", watts)]);
        }

        string drawn = minute.Draw(domain, 60);
        drawn.Length.ShouldBe(60);
        drawn[^1].ShouldBe('█');
        drawn[^10].ShouldBe('█');
        drawn[^20].ShouldBe(' ');
        drawn[^30].ShouldBe('▅');
        drawn[^40].ShouldBe('▂');
        drawn[^50].ShouldBe('█');
    }

    private static string[] Lines(TopFrame frame, TextStyle style, int rows)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Sparklines minute = new();
        minute.Add(frame.Time, frame.Domains);
        new TopText(style, TopOrder.Power, rows, TimeZoneInfo.Utc).Write(frame, minute, output);
        return output.ToString().TrimEnd('\n').Split('\n');
    }

    private static JsonNode Json(TopFrame frame, TopOrder order, int most, out string text)
    {
        using MemoryStream bytes = new();
        TopJson.Write(frame, order, most, ["a note"], indented: false, bytes);
        text = Encoding.UTF8.GetString(bytes.ToArray());
        return JsonNode.Parse(text)!;
    }

    private static IEnumerable<string> Fields(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(f => Fields(f.Value).Prepend(f.Key)),
        JsonArray items => items.SelectMany(Fields),
        _ => [],
    };
}
