using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.Reports;

public sealed class TextDevicesTests
{
    private const string KittiBox = "data/tf-timeline/rogerluo1995_KittiBox__timeline_01.json";

    [SharedFact(KittiBox)]
    public void Launching_and_running_kernels_are_not_added_up_where_there_is_only_time()
    {
        CliResult result = Support.Cli.Run("report", Path.Combine(SharedData.Shared, KittiBox), "--depth", "1");
        result.Code.ShouldBe(0);
        result.Output.ShouldContain("CPU:0, no power: time only");
        result.Output.ShouldContain("GPU:0, no power: time only");
        string gpu = result.Output[result.Output.IndexOf("GPU:0, no power: time only", StringComparison.Ordinal)..];
        gpu.Split('\n').First(l => l.Contains("(all operations)", StringComparison.Ordinal)).ShouldContain("1.85");
    }
}
