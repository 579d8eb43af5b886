using System.IO.Compression;
using System.Text;
using Smaragdine.Cli;
using Smaragdine.Formats.Reports;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`export` as a command: where it writes, what it refuses.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData("perfetto")]
    [InlineData("pprof")]
    [InlineData("speedscope")]
    [InlineData("folded")]
    [InlineData("openmetrics")]
    [InlineData("csv")]
    public void A_file_holds_what_standard_output_gets_and_the_rest_goes_to_standard_error(string format)
    {
        using TempFolder folder = new();
        string[] arguments = ["export", "--format", format, SmallRecording.Write(folder), "--power", SmallRecording.Power(folder, "simulated", 2, ("package-0", 50))];
        (int code, byte[] bytes, string error) = Run(TextStyle.Plain, arguments);
        code.ShouldBe(0, error);
        error.ShouldContain("warning: simulated (?)");

        CliResult written = Support.Cli.Run([.. arguments, "-o", folder.At("out")]);
        written.Code.ShouldBe(0, written.Error);
        written.Output.ShouldBeEmpty();
        written.Error.ShouldStartWith($"wrote {folder.At("out")}\nwarning: ");
        File.ReadAllBytes(folder.At("out")).ShouldBe(bytes);

        Support.Cli.Run([.. arguments, "-o", folder.At("out.gz")]).Code.ShouldBe(0);
        using GZipStream gzip = new(File.OpenRead(folder.At("out.gz")), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        gzip.CopyTo(unpacked);
        byte[] expected = bytes;
        if (format == "pprof")
        {
            using GZipStream profile = new(new MemoryStream(bytes), CompressionMode.Decompress);
            using MemoryStream plain = new();
            profile.CopyTo(plain);
            expected = plain.ToArray();
        }

        unpacked.ToArray().ShouldBe(expected, "gzipped once");
    }

    [Theory]
    [InlineData("perfetto", "--by pass", "--by: --format perfetto has no use for it; pprof, speedscope, folded have")]
    [InlineData("perfetto", "--fold-layers", "--fold-layers: --format perfetto has no use for it; pprof, speedscope, folded, openmetrics have")]
    [InlineData("csv", "--fold-layers", "--fold-layers: --format csv has no use for it")]
    [InlineData("pprof", "--value time", "--value: --format pprof has no use for it; folded has")]
    [InlineData("openmetrics", "--by module", "--by: --format openmetrics has no use for it")]
    [InlineData("paper", "--pass forward", "--pass: --format paper has no use for it; perfetto, pprof, speedscope, folded, openmetrics, csv have")]
    [InlineData("paper", "--module model", "--module: --format paper has no use for it")]
    [InlineData("folded", "--value power", "--value power: expected energy or time")]
    [InlineData("folded", "--by layer", "--by layer: expected module or pass")]
    [InlineData("folded", "--device disk", "--device disk: expected a device such as CPU:0")]
    [InlineData("folded", "--module nope", "--module nope: no such module")]
    [InlineData("speedscope", "--steps 9", "none of the traced steps (1..2) is among those asked for")]
    public void Options_that_a_format_cannot_follow_are_refused(string format, string options, string message)
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        CliResult result = Support.Cli.Run(["export", recording, "--format", format, "-o", folder.At("out"), .. options.Split(' ')]);
        result.Code.ShouldBe(2);
        result.Error.ShouldContain(message);
        File.Exists(folder.At("out")).ShouldBeFalse();
        Directory.Exists(folder.At("out")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("perfetto", "energy.pftrace")]
    [InlineData("pprof", "energy.pb.gz")]
    public void Bytes_are_not_written_to_a_terminal(string format, string name)
    {
        using TempFolder folder = new();
        (int code, byte[] bytes, string error) = Run(new(Color: true, Bars: true, 80), ["export", SmallRecording.Write(folder), "--format", format]);
        code.ShouldBe(2);
        error.ShouldContain($"`-o {name}`");
        bytes.ShouldBeEmpty();
    }

    [Fact]
    public void Every_command_of_the_page_of_exports_writes_its_file()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Root, "docs", "exports.md"));
        List<string> commands = [.. page.Split('\n').Where(l => l.StartsWith("./smaragdine export ", StringComparison.Ordinal)).Select(l => l.Split('#')[0].Trim())];
        commands.Count.ShouldBe(6);
        using TempFolder folder = new();
        foreach (string command in commands)
        {
            string[] arguments = command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            string file = folder.At(arguments[^1]);
            arguments[1] = SharedData.Sample("bert-base-predict");
            CliResult result = Support.Cli.Run([.. arguments[..^1], file]);
            result.Code.ShouldBe(0, command);
            new FileInfo(file).Length.ShouldBeGreaterThan(1000, command);
        }
    }

    [Fact]
    public void A_cut_trace_is_exported_and_exits_with_3()
    {
        using TempFolder folder = new();
        string recording = SmallRecording.Write(folder);
        string second = folder.At("timeline-2.json");
        File.WriteAllText(second, File.ReadAllText(second)[..^40]);
        CliResult result = Support.Cli.Run("export", recording, "--format", "folded", "--value", "time");
        result.Code.ShouldBe(3, result.Error);
        result.Error.ShouldContain("warning: ");
        result.Output.ShouldNotBeEmpty();
    }

    private static (int Code, byte[] Bytes, string Error) Run(TextStyle style, string[] arguments)
    {
        using MemoryStream bytes = new();
        using StreamWriter output = new(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new(output, bytes, error, style, TimeZoneInfo.Utc));
        output.Flush();
        return (code, bytes.ToArray(), error.ToString());
    }
}
