using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public class NvmlLibraryTests(NvmlStubs stubs)
{
    [Fact]
    public void TryOpen_no_library_says_what_to_install()
    {
        NvmlLibrary.TryOpen("/nowhere/libnvidia-ml.so.1", out NvmlProblem? problem).ShouldBeNull();
        problem.ShouldNotBeNull().Code.ShouldBe(NvmlReturn.LibraryNotFound);
        problem.Unlock.ShouldNotBeNull().ShouldContain("utility");
    }

    [NativeFact]
    public void TryOpen_function_missing_is_told_apart_from_library_missing()
    {
        NvmlLibrary.TryOpen(stubs.Library("", "WITHOUT_SHUTDOWN"), out NvmlProblem? problem).ShouldBeNull();
        problem.ShouldNotBeNull().Code.ShouldBe(NvmlReturn.FunctionNotFound);
    }

    [NativeTheory]
    [InlineData(NvmlReturn.DriverNotLoaded, "modprobe nvidia")]
    [InlineData(NvmlReturn.LibRmVersionMismatch, "reboot")]
    [InlineData(NvmlReturn.NoPermission, "/dev/nvidiactl")]
    [InlineData(NvmlReturn.GpuIsLost, "reboot")]
    public void TryOpen_init_fails_says_what_to_do(NvmlReturn code, string unlock)
    {
        NvmlLibrary.TryOpen(stubs.Library($"init {(int)code}"), out NvmlProblem? problem).ShouldBeNull();
        problem.ShouldNotBeNull().Code.ShouldBe(code);
        problem.Text.ShouldContain(NvmlErrors.Name(code));
        problem.Unlock.ShouldNotBeNull().ShouldContain(unlock);
    }

    [NativeFact]
    public void Gpus_a100_is_described_through_the_real_layouts()
    {
        using NvmlLibrary library = stubs.Open(Scripts.A100 + Scripts.Rtx3090);
        library.DriverVersion.ShouldBe("550.54.15");
        IReadOnlyList<NvmlGpu> gpus = library.Gpus(out NvmlReturn code);
        code.ShouldBe(NvmlReturn.Success);
        gpus.Count.ShouldBe(2);

        NvmlGpu a100 = gpus[0];
        a100.Name.ShouldBe("NVIDIA A100-SXM4-40GB");
        a100.Uuid.ShouldBe(Scripts.A100Uuid);
        a100.PciBusId.ShouldBe("00000000:65:00.0");
        a100.PciAddress.ShouldBe("0000:65:00.0");
        a100.PciDeviceId.ShouldBe((ushort)0x20B0);
        a100.Architecture.ShouldBe(NvmlArchitecture.Ampere);
        a100.Mig.ShouldBe(NvmlMigMode.Off);
        a100.IsGa100.ShouldBeTrue();
        a100.PowerUsageIsAverage.ShouldBe(false);
        gpus[1].PciAddress.ShouldBe("0000:b3:00.0");
        gpus[1].Mig.ShouldBe(NvmlMigMode.NotSupported);
        gpus[1].PowerUsageIsAverage.ShouldBe(true);
    }

    [NativeFact]
    public void Gpus_one_may_not_be_opened_keeps_its_number()
    {
        using NvmlLibrary library = stubs.Open(Scripts.A100 + Scripts.Rtx3090 + "gpu 0 handle 4");
        IReadOnlyList<NvmlGpu> gpus = library.Gpus(out _);
        gpus[0].Access.ShouldBe(NvmlReturn.NoPermission);
        gpus[0].DeviceId.ShouldBeNull();
        gpus[1].Index.ShouldBe(1);
        gpus[1].Access.ShouldBe(NvmlReturn.Success);
    }

    [NativeFact]
    public void Gpus_count_fails_gives_the_code()
    {
        using NvmlLibrary library = stubs.Open("count 999");
        library.Gpus(out NvmlReturn code).ShouldBeEmpty();
        code.ShouldBe(NvmlReturn.Unknown);
    }

    [NativeFact]
    public void Gpus_mig_lists_the_instances()
    {
        using NvmlLibrary library = stubs.Open(Scripts.A100 + "gpu 0 mig 1\ngpu 0 instance MIG-aaaa\ngpu 0 instance MIG-bbbb\n");
        NvmlGpu gpu = library.Gpus(out _)[0];
        gpu.Mig.ShouldBe(NvmlMigMode.On);
        gpu.MigUuids.ShouldBe(["MIG-aaaa", "MIG-bbbb"]);
    }

    [NativeFact]
    public void Open_another_card_in_the_slot_is_not_taken()
    {
        using NvmlLibrary library = stubs.Open(Scripts.A100);
        NvmlGpu gpu = library.Gpus(out _)[0];
        library.Open(gpu, out _).ShouldBe(NvmlReturn.Success);
        library.Open(gpu with { Uuid = "GPU-other" }, out nint device).ShouldBe(NvmlReturn.GpuNotFound);
        device.ShouldBe(0);
    }

    [NativeFact]
    public void Dispose_shuts_down_once_and_later_calls_say_so()
    {
        string path = stubs.Library(Scripts.A100);
        NvmlLibrary library = NvmlLibrary.TryOpen(path, out _).ShouldNotBeNull();
        NvmlStubs.Users(path).ShouldBe(1);
        library.Dispose();
        library.Dispose();
        NvmlStubs.Users(path).ShouldBe(0);
        library.Gpus(out NvmlReturn code).ShouldBeEmpty();
        code.ShouldBe(NvmlReturn.Uninitialized);
        library.DriverVersion.ShouldBe("");
    }

    [NativeFact]
    public void Gpus_name_with_control_characters_is_made_printable()
    {
        using NvmlLibrary library = stubs.Open(Scripts.A100 + "gpu 0 name Evil\u001b[31m card\n");
        library.Gpus(out _)[0].Name.ShouldBe("Evil?[31m card");
    }

    [Theory]
    [InlineData("NVIDIA A100-PCIE-40GB", 0, true)]
    [InlineData("NVIDIA A30", 0, true)]
    [InlineData("NVIDIA RTX A3000 Laptop GPU", 0, false)]
    [InlineData("NVIDIA GeForce RTX 3090", 0, false)]
    [InlineData("anything", 0x20B7, true)]
    [InlineData("NVIDIA A10", 0x2236, false)]
    public void IsGa100_is_told_by_device_id_or_name(string name, int device, bool expected) =>
        new NvmlGpu(0, name, "", "", NvmlArchitecture.Ampere) { PciDeviceId = (ushort)device }.IsGa100.ShouldBe(expected);

    [Theory]
    [InlineData(NvmlArchitecture.Kepler, false)]
    [InlineData(NvmlArchitecture.Volta, false)]
    [InlineData(NvmlArchitecture.Turing, false)]
    [InlineData(NvmlArchitecture.Ampere, true)]
    [InlineData(NvmlArchitecture.Hopper, true)]
    [InlineData(NvmlArchitecture.Blackwell, true)]
    [InlineData(NvmlArchitecture.Unknown, null)]
    public void PowerUsageIsAverage_follows_the_architecture(NvmlArchitecture architecture, bool? expected) =>
        new NvmlGpu(0, "", "", "", architecture).PowerUsageIsAverage.ShouldBe(expected);

    [Fact]
    public void Explain_every_code_has_a_sentence()
    {
        foreach (NvmlReturn code in Enum.GetValues<NvmlReturn>())
        {
            NvmlErrors.Explain(code, "it").Text.ShouldStartWith("it: ");
        }

        NvmlErrors.Name((NvmlReturn)42).ShouldBe("ERROR 42");
    }
}
