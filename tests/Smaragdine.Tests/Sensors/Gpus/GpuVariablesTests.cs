using System.Diagnostics;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Tests.Sensors.Activity;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Gpus;

public sealed class GpuVariablesTests
{
    [Theory]
    [InlineData("A=1\0CUDA_VISIBLE_DEVICES=2,0\0B=2\0", "2,0")]
    [InlineData("CUDA_VISIBLE_DEVICES=\0", "")]
    [InlineData("CUDA_VISIBLE_DEVICES=1", "1")]
    [InlineData("XCUDA_VISIBLE_DEVICES=1\0CUDA_VISIBLE_DEVICES_=1\0", null)]
    [InlineData("CUDA_VISIBLE_DEVICES=1\0CUDA_VISIBLE_DEVICES=2\0", "1")]
    [InlineData("", null)]
    public void Find_takes_the_first_of_that_name(string environment, string? expected) =>
        GpuVariables.Find(System.Text.Encoding.UTF8.GetBytes(environment), "CUDA_VISIBLE_DEVICES").ShouldBe(expected);

    [Fact]
    public void Of_a_process_that_is_gone_or_has_ended_is_not_known()
    {
        using FakeProc proc = new();
        GpuVariables.Of(proc.Root, 100).ShouldBeNull();
        proc.Environment(100);
        GpuVariables.Of(proc.Root, 100).ShouldBeNull();
        proc.Environment(100, "HIP_VISIBLE_DEVICES=1", "PASSWORD=x");
        GpuVariables.Of(proc.Root, 100).ShouldBe(new(null, null, null, "1", null));
    }

    [LinuxFact]
    public void Of_a_real_process_is_what_it_was_started_with()
    {
        ProcessStartInfo start = new("sleep", ["30"]);
        start.Environment["CUDA_VISIBLE_DEVICES"] = "1,0";
        start.Environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
        using Process child = Process.Start(start)!;
        try
        {
            GpuVariables found = GpuVariables.Of(SystemRoot.Real, child.Id).ShouldNotBeNull();
            (found.CudaVisible, found.CudaOrder).ShouldBe(("1,0", "PCI_BUS_ID"));
        }
        finally
        {
            child.Kill();
        }
    }
}
