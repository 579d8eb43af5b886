using System.Text.RegularExpressions;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>What README and other pages show is what the commands print.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md", 3)]
    [InlineData("docs/diff.md", 1)]
    public void Every_transcript_of_a_page_is_what_its_command_prints(string page, int least)
    {
        MatchCollection transcripts = Transcript().Matches(File.ReadAllText(Path.Combine(SharedData.Root, page)));
        transcripts.Count.ShouldBeGreaterThanOrEqualTo(least);
        foreach (Match transcript in transcripts)
        {
            string[] args = [.. transcript.Groups["args"].Value.Split(' ')
                .Select(a => a.StartsWith("samples/", StringComparison.Ordinal) ? Path.Combine(SharedData.Root, a) : a)];
            CliResult result = Support.Cli.Run(args);
            result.Code.ShouldBe(0, result.Error);
            string printed = result.Output.Replace(SharedData.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            printed.TrimEnd().ShouldStartWith(transcript.Groups["output"].Value.TrimEnd(), Case.Sensitive, transcript.Groups["args"].Value);
        }
    }

    [GeneratedRegex(@"```\n\$ \./smaragdine (?<args>[^\n]+)\n(?<output>.*?)\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Transcript();
}
