using Smaragdine.Tests.Support;
using CliRun = Smaragdine.Tests.Support.Cli;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>A job's ranks share their host's processors: what an export calls a device must tell them apart, or a reader adds or refuses them.</summary>
public sealed class JobExportTests
{
    [Fact]
    public void Ranks_of_one_host_have_metrics_of_their_own()
    {
        using TempFolder folder = new();
        Job(folder);
        CliResult result = CliRun.Run("export", folder.Path, "--format", "openmetrics", "--power", SmallRecording.Power(folder, "measured", 2, ("package-0", 20)));
        result.Code.ShouldBeOneOf([0, 3], result.Error);
        List<string> series = [.. result.Output.Split('\n').Where(l => l.StartsWith("smaragdine_", StringComparison.Ordinal)).Select(l => l[..l.LastIndexOf(' ')])];
        series.Count.ShouldBeGreaterThan(10);
        series.ShouldBeUnique();
        result.Output.ShouldContain("node1/CPU:0 rank 1");
    }

    private static void Job(TempFolder folder)
    {
        for (int rank = 0; rank < 2; rank++)
        {
            using TempFolder one = new();
            SmallRecording.Write(one, manifest: $$$"""{"framework": "tensorflow", "host": "node1", "rank": {"launcher": "torchrun", "rank": {{{rank}}}, "local_rank": {{{rank}}}, "world_size": 2, "job": "7"}}""");
            foreach (string file in Directory.EnumerateFiles(one.Path))
            {
                folder.Write($"node1/{rank}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        }
    }
}
