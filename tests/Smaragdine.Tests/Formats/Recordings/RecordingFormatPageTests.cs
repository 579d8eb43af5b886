using System.Text.RegularExpressions;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Formats.Recordings;

/// <summary>docs/recording-format.md is what is written and read.</summary>
public sealed class RecordingFormatPageTests
{
    [Fact]
    public void The_pages_example_decodes_as_the_page_says()
    {
        byte[] bytes = Example();
        (RecordedSamples read, List<Warning> warnings) = SampleFiles.Read(bytes);
        warnings.ShouldBeEmpty();
        read.Version.ShouldBe(new Version(1, 1));
        read.Finished.ShouldBeTrue();
        read.Clocks.ShouldBe([(1_000_000_000, 1_704_067_200_000_000_000)]);
        read.Series.Single().Stream.ShouldBe(Stream);
        SampleFiles.Samples(read.Series[0]).ShouldBe([(1_000_000_000, 500, 9000), (1_004_000_000, 80_500, 9100), (1_008_000_100, 160_400, 8900)]);
        read.Series[0].Statistics.ShouldBe(new StreamStatistics { Missed = 1 });
    }

    [Fact]
    public void The_pages_example_is_what_the_writer_writes()
    {
        byte[] bytes = SampleFiles.Write([Stream], w =>
        {
            w.Clock(1_000_000_000, 1_704_067_200_000_000_000);
            w.Append(0, 1_000_000_000, 500, 9000);
            w.Append(0, 1_004_000_000, 80_500, 9100);
            w.Append(0, 1_008_000_100, 160_400, 8900);
        }, statistics: new([new() { Missed = 1 }]));
        Convert.ToHexString(Example()).ShouldBe(Convert.ToHexString(bytes));
    }

    [Fact]
    public void The_checksum_is_CRC_32C() => SampleFormat.Crc32C(0, "123456789"u8).ShouldBe(0xE3069283);

    private static RecordedStream Stream { get; } = new("package-0", StreamKind.Energy, "powercap", Quality.Measured, Duration.FromMilliseconds(4));

    /// <summary>The hexadecimal column of the page's example: what stands before `|` in the block marked `hex`.</summary>
    private static byte[] Example()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Root, "docs", "recording-format.md"));
        string block = Regex.Match(page, "```hex\n(?<block>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["block"].Value;
        return Convert.FromHexString(string.Concat(block.Split('\n').Select(l => l.Split('|')[0].Replace(" ", "", StringComparison.Ordinal))));
    }
}
