using Smaragdine.Recordings;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Hwmon;

public sealed class RocmGpusTests
{
    [LinuxFact]
    public void Cards_are_kfd_s_nodes_with_compute_units_in_the_order_of_their_numbers()
    {
        using CapturedTree tree = new("rocm");
        using RocmGpus gpus = RocmGpus.TryOpen(tree.Root).ShouldNotBeNull();
        gpus.Cards.Select(c => c.Facts).ShouldBe(
        [
            new GpuFacts { Name = "AMD Instinct MI210", Uuid = "GPU-e23bc7588a90ce0d", PciBusId = "0000:c6:00.0", Driver = "amdgpu 6.8.5" },
            new GpuFacts { Uuid = "GPU-0123456789abcdef", PciBusId = "0001:c1:00.0", Driver = "amdgpu 6.8.5" },
            new GpuFacts { PciBusId = "0000:e3:00.1", Driver = "amdgpu 6.8.5" },
        ]);
    }

    [LinuxTheory]
    [InlineData(null, null, null, "0 1 2")]
    [InlineData(null, "2,0", null, "1 - 0")]
    [InlineData(null, null, "2,0", "1 - 0")]
    [InlineData(null, "1", "0", "- 0 -")]
    [InlineData("2,1", null, null, "- 1 0")]
    [InlineData("2,1", "1", null, "- 0 -")]
    [InlineData("gpu-0123456789ABCDEF,0", null, null, "1 0 -")]
    [InlineData("", null, null, "- - -")]
    [InlineData(null, "0,-1,1", null, "0 - -")]
    [InlineData(null, "0,9,1", null, "0 - -")]
    [InlineData(null, "1,1,0", null, "1 0 -")]
    [InlineData("GPU-0", null, null, "- - -")]
    public void Hip_chooses_among_what_rocr_leaves(string? rocr, string? hip, string? cuda, string expected)
    {
        using CapturedTree tree = new("rocm");
        using RocmGpus gpus = RocmGpus.TryOpen(tree.Root).ShouldNotBeNull();
        GpuNumbering numbering = gpus.Number(new(cuda, null, rocr, hip, null));
        string.Join(' ', numbering.Numbers.Select(n => n?.ToString() ?? "-")).ShouldBe(expected);
        numbering.Doubt.ShouldBeNull();
        gpus.Number(new(cuda, null, rocr, hip, "0")).Doubt.ShouldNotBeNull().ShouldContain("GPU_DEVICE_ORDINAL");
    }

    [LinuxFact]
    public void A_process_is_on_the_cards_whose_memory_it_holds()
    {
        using CapturedTree tree = new("rocm");
        using RocmGpus gpus = RocmGpus.TryOpen(tree.Root).ShouldNotBeNull();
        List<int> pids = [];
        gpus.TryListProcesses(0, pids).ShouldBeTrue();
        pids.ShouldBeEmpty();
        gpus.TryListProcesses(1, pids).ShouldBeTrue();
        pids.ShouldBe([4242]);
        Directory.Delete(tree.At("sys/class/kfd/kfd/proc"), recursive: true);
        gpus.TryListProcesses(1, pids).ShouldBeFalse();
    }

    [LinuxFact]
    public void Without_kfd_there_is_no_family()
    {
        using CapturedTree tree = new("amdgpu");
        RocmGpus.TryOpen(tree.Root).ShouldBeNull();
    }
}
