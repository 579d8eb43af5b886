using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Tests.Sensors.Activity;
using Smaragdine.Tests.Sensors.Nvml;
using Smaragdine.Tests.Support;
using static Smaragdine.Sensors.Gpus.GpuCensus;

namespace Smaragdine.Tests.Sensors.Gpus;

[Collection(NvmlStubCollection.Name)]
public sealed class GpuCensusTests(NvmlStubs stubs) : IDisposable
{
    private readonly FakeProc proc = new();

    public void Dispose() => proc.Dispose();

    [NativeFact]
    public void Facts_before_anything_was_seen_are_those_of_the_program_s_variables()
    {
        proc.Process(100, 1);
        proc.Environment(100, "CUDA_VISIBLE_DEVICES=GPU-1111");
        GpuCensus census = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090));
        using ISensor watch = census.Watch.ShouldNotBeNull();
        census.Facts(out string? doubt).ShouldBe(
        [
            new GpuFacts { Visible = false, Name = "NVIDIA A100-SXM4-40GB", Uuid = Scripts.A100Uuid, PciBusId = "0000:65:00.0", Driver = "nvidia 550.54.15" },
            new GpuFacts { Index = 0, Name = "NVIDIA GeForce RTX 3090", Uuid = "GPU-11112222-3333-4444-5555-666677778888", PciBusId = "0000:b3:00.0", Driver = "nvidia 550.54.15" },
        ]);
        doubt.ShouldBeNull();
    }

    [NativeFact]
    public void Facts_of_different_cards_without_an_order_have_no_numbers()
    {
        proc.Process(100, 1);
        proc.Environment(100, "X=1");
        proc.Namespace(first: true);
        GpuCensus census = Open(stubs.Library(Scripts.A100 + Scripts.Rtx3090 + "gpu 0 compute 100 1\n"));
        using ISensor watch = census.Watch.ShouldNotBeNull();
        watch.Read(new long[2], new ReadStatus[2]);
        census.Facts(out string? doubt).ShouldAllBe(f => f.Index == null && f.Visible);
        doubt.ShouldNotBeNull().ShouldContain("CUDA_DEVICE_ORDER");
    }

    [NativeFact]
    public void A_gpu_that_is_not_read_is_listed_and_not_watched()
    {
        string library = stubs.Library(Scripts.A100);
        GpuCensus census = GpuCensus.Open(proc.Root with { NvmlLibrary = library }, proc.Root, 100, []);
        census.Watch.ShouldBeNull();
        census.Facts(out _).ShouldHaveSingleItem().Shared.ShouldBeNull();
        NvmlStubs.Users(library).ShouldBe(0);
    }

    [LinuxFact]
    public void Amd_cards_are_watched_by_the_address_that_their_sensor_has()
    {
        using CapturedTree tree = new("rocm");
        SensorFinding finding = new(Power.Domain.Gpu(5), "amdgpu", StreamKind.Power, SensorState.Ok, "", null, null, null, "x", null) { DeviceId = "0001:c1:00.0" };
        proc.Process(100, 1);
        proc.Environment(100, "HIP_VISIBLE_DEVICES=1");
        proc.Process(4242, 1);
        proc.Namespace(first: true);
        GpuCensus census = GpuCensus.Open(tree.Root, proc.Root, 100, [finding]);
        using ISensor watch = census.Watch.ShouldNotBeNull();
        watch.Streams.Single().Name.ShouldBe("gpu-5-other-processes");
        watch.Read(new long[1], new ReadStatus[1]);
        census.Facts(out _).Select(f => (f.Index, f.Visible, f.Shared)).ShouldBe([((int?)null, false, (bool?)null), (0, true, true), (null, false, null)]);
    }

    [Theory]
    [InlineData("10", "", "", "1 0", "")]
    [InlineData("10", "", "1", "- 0", "")]
    [InlineData(null, "01", "01", "0 1", "")]
    [InlineData("0", "10", "10", "1 0", "")]
    [InlineData("0", "0", "1", "? ?", "differently")]
    [InlineData("0", "01", "10", "? ?", "differently")]
    [InlineData("1", "-", "", "? ?", "hide")]
    [InlineData("!", "", "", "? ?", "may not be read")]
    public void Agree_takes_what_the_processes_on_the_cards_were_started_with(string? program, string onFirst, string onSecond, string expected, string doubt)
    {
        FakeGpus gpus = new(2);
        Sighting[] seen = [See(0, onFirst), See(1, onSecond)];
        GpuNumbering numbering = Agree(gpus, seen, program == "!" ? null : Variables(program));
        string.Join(' ', numbering.Numbers.Select(n => n?.ToString() ?? (numbering.Doubt is null ? "-" : "?"))).ShouldBe(expected);
        (numbering.Doubt ?? "").ShouldContain(doubt);
        (numbering.Doubt is null).ShouldBe(doubt.Length == 0);

        // Empty: nobody of the program; `-`: a process of its whose variables cannot be read.
        Sighting See(int card, string started) => new(gpus.Cards[card], null, Own: started is not "", started is "" or "-" ? [] : [Variables(started)]);
    }

    [Fact]
    public void A_card_alone_has_number_0_whatever_the_variables()
    {
        FakeGpus one = new(1);
        Agree(one, [new(one.Cards[0], null, true, [])], null).ShouldSatisfyAllConditions(n => n.Numbers.ShouldBe([0]), n => n.Doubt.ShouldBeNull());
    }

    private static GpuVariables Variables(string? visible) => new(visible, null, null, null, null);

    private GpuCensus Open(string library)
    {
        SystemRoot machine = proc.Root with { NvmlLibrary = library };
        return GpuCensus.Open(machine, proc.Root, 100, [.. new NvmlProbe().Find(machine).Where(f => f.Sensor == "nvml counter")]);
    }
}
