using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

public class CudaVisibleDevicesTests
{
    private static readonly NvmlGpu[] Alike =
    [
        Gpu(0, "0000:10:00.0", "GPU-aaaa0000-1"), Gpu(1, "0000:20:00.0", "GPU-bbbb0000-2"), Gpu(2, "0000:30:00.0", "GPU-bbcc0000-3"),
    ];

    [Theory]
    [InlineData(null, "0 1 2")]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("2,0", "2 0")]
    [InlineData(" 1 , 2 ", "1 2")]
    [InlineData("0,2,-1,1", "0 2")]
    [InlineData("-1", "")]
    [InlineData("0,7,1", "0")]
    [InlineData("0,,1", "0")]
    [InlineData("NoDevFiles", "")]
    [InlineData("GPU-bbbb", "1")]
    [InlineData("gpu-bbcc,GPU-aaaa0000-1", "2 0")]
    [InlineData("GPU-bb,0", "")]
    [InlineData("GPU-ffff,0", "")]
    [InlineData("GPU-aaaa,1", "0 1")]
    [InlineData("MIG-GPU-bbbb0000-2/3/0", "1")]
    public void Map_list_of_alike_gpus_is_certain(string? visible, string expected)
    {
        CudaNumbering numbering = CudaVisibleDevices.Map(visible, null, Alike);
        string.Join(' ', numbering.Devices.Select(d => d.Gpu.Index)).ShouldBe(expected);
        numbering.Devices.Select(d => d.ProgramIndex).ShouldBe(Enumerable.Range(0, numbering.Devices.Count));
        numbering.Doubt.ShouldBeNull();
    }

    [Fact]
    public void Map_gpus_differ_is_doubtful_by_number_and_certain_by_uuid_or_pci_order()
    {
        NvmlGpu[] mixed = [Alike[0] with { Name = "Slow" }, Alike[1]];
        CudaVisibleDevices.Map(null, null, mixed).Doubt.ShouldNotBeNull().ShouldContain("CUDA_DEVICE_ORDER");
        CudaVisibleDevices.Map("1", "FASTEST_FIRST", mixed).Doubt.ShouldNotBeNull();
        CudaVisibleDevices.Map("1", "PCI_BUS_ID", mixed).Doubt.ShouldBeNull();
        CudaVisibleDevices.Map("GPU-aaaa", null, mixed).Doubt.ShouldBeNull();
    }

    [Fact]
    public void Map_nvml_counts_in_another_order_than_pci()
    {
        NvmlGpu[] gpus = [Gpu(0, "0000:30:00.0", "GPU-c"), Gpu(1, "0000:10:00.0", "GPU-a")];
        CudaVisibleDevices.Map("0", "PCI_BUS_ID", gpus).Devices.ShouldHaveSingleItem().Gpu.Index.ShouldBe(1);
    }

    [Fact]
    public void Map_gpu_that_may_not_be_opened_is_not_counted()
    {
        NvmlGpu[] gpus = [NvmlGpu.Closed(0, NvmlReturn.NoPermission), Alike[1]];
        CudaVisibleDevices.Map("0", null, gpus).Devices.ShouldHaveSingleItem().Gpu.Index.ShouldBe(1);
    }

    [Fact]
    public void Map_same_gpu_twice_is_doubtful() =>
        CudaVisibleDevices.Map("0,GPU-aaaa", null, Alike).Doubt.ShouldNotBeNull().ShouldContain("twice");

    [Fact]
    public void Map_mig_instance_belongs_to_its_gpu()
    {
        NvmlGpu[] gpus = [Alike[0], Alike[1] with { Mig = NvmlMigMode.On, MigUuids = ["MIG-1111-a", "MIG-2222-b"] }];
        CudaDevice device = CudaVisibleDevices.Map("MIG-2222", null, gpus).Devices.ShouldHaveSingleItem();
        device.Gpu.Index.ShouldBe(1);
        device.MigUuid.ShouldBe("MIG-2222-b");
        CudaVisibleDevices.Map("1", null, gpus).Devices.ShouldHaveSingleItem().MigUuid.ShouldBe("MIG-1111-a");
        CudaVisibleDevices.Map("MIG-1111,MIG-2222", null, gpus).Doubt.ShouldNotBeNull().ShouldContain("one instance");
        CudaVisibleDevices.Map(null, null, gpus).Doubt.ShouldNotBeNull();
    }

    private static NvmlGpu Gpu(int index, string pci, string uuid) => new(index, "Card", uuid, pci, NvmlArchitecture.Ada);
}
