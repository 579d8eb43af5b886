using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Attribution;

public sealed class PowerMappingTests
{
    private readonly List<Warning> warnings = [];

    [Fact]
    public void Packages_and_their_memory_feed_the_cpu_and_what_lies_inside_them_feeds_nothing()
    {
        MappedPower mapped = Map(Request("CPU:0") with { Sources = [Domains("package-0", "package-1", "dram-0", "core-0", "uncore-0")] });
        Fed(mapped, DeviceId.Cpu()).ShouldBe(["package-0", "package-1", "dram-0"]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_machine_s_power_is_shown_and_never_attributed()
    {
        MappedPower mapped = Map(Request("CPU:0") with { Sources = [Domains("psys", "VDD_IN", "package-0")] });
        mapped.WholeMachine.Select(d => d.Domain.Name).ShouldBe(["psys", "vdd_in"]);
        Fed(mapped, DeviceId.Cpu()).ShouldBe(["package-0"]);
    }

    [Fact]
    public void Each_device_takes_the_first_source_that_has_it()
    {
        MappedPower mapped = Map(Request("CPU:0", "GPU:0") with { Sources = [Domains("gpu-0"), Domains("package-0", "gpu-0"), Domains("package-0", "dram-0")] });
        Fed(mapped, DeviceId.Gpu(0)).ShouldBe(["gpu-0"]);
        Fed(mapped, DeviceId.Cpu()).ShouldBe(["package-0"]);
    }

    [Fact]
    public void A_gpu_is_found_by_its_uuid_before_its_number()
    {
        DomainPower second = Fed(Domain.Gpu(3), (0, 1, 10)) with { DeviceUuid = "GPU-abc" };
        MappedPower mapped = Map(Request("GPU:0") with { Sources = [[second]], Gpus = [new() { Index = 0, Uuid = "GPU-ABC" }] });
        Fed(mapped, DeviceId.Gpu(0)).ShouldBe(["gpu-3"]);
    }

    [Fact]
    public void A_gpu_that_the_program_does_not_see_feeds_nothing_not_even_the_device_of_its_number()
    {
        PowerMappingRequest request = Request("GPU:0") with
        {
            Sources = [[Card("gpu-0", "a"), Card("gpu-1", "b")]],
            Gpus = [new() { Visible = false, PciBusId = "a" }, new() { Index = 0, PciBusId = "b" }],
        };
        MappedPower mapped = Map(request);
        Fed(mapped, DeviceId.Gpu(0)).ShouldBe(["gpu-1"]);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("gpu-hidden");
        warnings[0].Text.ShouldStartWith("gpu-0:");
    }

    [Fact]
    public void A_gpu_whose_number_is_not_known_is_refused_until_it_is_mapped()
    {
        PowerMappingRequest request = Request("GPU:0") with
        {
            Sources = [[Card("gpu-0", "a"), Card("gpu-1", "b")]],
            Gpus = [new() { Uuid = "a" }, new() { Uuid = "b", Shared = true }],
        };
        Should.Throw<RefusedInputException>(() => Map(request)).Message.ShouldContain("`--map gpu-0=GPU:0`");

        // With every device of the trace spoken for, the other card is none of the program's.
        MappedPower mapped = Map(request with { Mappings = [new("gpu-1", DeviceId.Gpu(0), false)] });
        Fed(mapped, DeviceId.Gpu(0)).ShouldBe(["gpu-1"]);
        mapped.Devices[DeviceId.Gpu(0)].Gaps.ShouldBe(GapRule.Unattributed);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("domain-unused");
        Fed(Map(request with { IsUntraced = true, Devices = [DeviceId.Gpu(0), DeviceId.Gpu(1)] }), DeviceId.Gpu(1)).ShouldBe(["gpu-1"]);
    }

    [Fact]
    public void A_gpu_that_the_trace_does_not_have_is_left_out_and_said_so()
    {
        MappedPower mapped = Map(Request("GPU:0") with { Sources = [Domains("gpu-0", "gpu-1")] });
        Fed(mapped, DeviceId.Gpu(0)).ShouldBe(["gpu-0"]);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("domain-unused");
        warnings[0].Text.ShouldStartWith("gpu-1:");
    }

    [Fact]
    public void Gpus_that_could_be_one_or_another_are_refused_with_the_way_to_say_it() =>
        Should.Throw<RefusedInputException>(() => Map(Request("GPU:0") with { Sources = [Domains("gpu-2", "gpu-3")] }))
            .Message.ShouldContain("--map gpu-2=GPU:0");

    [Fact]
    public void A_name_that_says_nothing_is_refused_unless_it_is_mapped()
    {
        PowerMappingRequest request = Request("CPU:0") with { Sources = [Domains("vdd_cpu")] };
        Should.Throw<RefusedInputException>(() => Map(request)).Message.ShouldContain("--map vdd_cpu=CPU:0");
        Fed(Map(request with { Mappings = [new("VDD_CPU", DeviceId.Cpu(), false)] }), DeviceId.Cpu()).ShouldBe(["vdd_cpu"]);
        Map(request with { Mappings = [new("vdd_cpu", null, true)] }).WholeMachine.ShouldHaveSingleItem();
        Map(request with { Mappings = [new("vdd_cpu", null, false)] }).Devices.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void The_gaps_of_a_gpu_that_others_share_are_nobody_s()
    {
        PowerMappingRequest request = Request("GPU:0") with { Sources = [Domains("gpu-0")] };
        Map(request).Devices[DeviceId.Gpu(0)].Gaps.ShouldBe(GapRule.Idle);
        Map(request with { Gpus = [new() { Index = 0 }, new() { Index = 1, Shared = true }] }).Devices[DeviceId.Gpu(0)].Gaps.ShouldBe(GapRule.Idle);
        Map(request with { Gpus = [new() { Index = 0, Shared = true }] }).Devices[DeviceId.Gpu(0)].Gaps.ShouldBe(GapRule.Unattributed);
    }

    [Fact]
    public void Without_activity_the_program_owns_the_processor()
    {
        DevicePower power = Map(Request("CPU:0") with
        {
            Sources = [Domains("package-0")],
            Baseline = new Dictionary<string, Watts> { ["package-0"] = Watts.From(4) },
        }).Devices[DeviceId.Cpu()];
        power.Gaps.ShouldBe(GapRule.Idle);
        power.Domains[0].Activity.ShouldBeNull();
        power.Domains[0].Baseline.ShouldBe(Watts.From(4));
    }

    [Fact]
    public void Each_package_is_shared_by_its_own_socket_s_time()
    {
        ActivityTimeline zero = Socket(0);
        ActivityTimeline one = Socket(1);
        DevicePower power = Map(Request("CPU:0") with
        {
            Sources = [Domains("package-0", "package-1", "dram-1")],
            Activity = new([zero, one], 8),
        }).Devices[DeviceId.Cpu()];
        power.Gaps.ShouldBe(GapRule.ByActivity);
        power.Domains.Select(d => d.Activity).ShouldBe([zero, one, one]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_socket_s_own_time_goes_before_the_host_s()
    {
        ActivityTimeline host = Socket(null);
        ActivityTimeline one = Socket(1);
        DevicePower power = Map(Request("CPU:0") with { Sources = [Domains("package-0", "package-1")], Activity = new([host, one], 8) }).Devices[DeviceId.Cpu()];
        power.Domains.Select(d => d.Activity).ShouldBe([host, one]);
    }

    [Fact]
    public void A_single_package_is_shared_by_the_host_s_time_without_a_word()
    {
        ActivityTimeline host = Socket(null);
        Map(Request("CPU:0") with { Sources = [Domains("package-0")], Activity = new([host], 8) }).Devices[DeviceId.Cpu()].Domains[0].Activity.ShouldBe(host);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_package_feeds_the_processor_of_a_single_rank_and_is_refused_where_there_are_several()
    {
        Fed(Map(Request("3/CPU:0", "3/GPU:0") with { Sources = [Domains("package-0")] }), DeviceId.Cpu(rank: 3)).ShouldBe(["package-0"]);
        PowerMappingRequest several = Request("0/CPU:0", "1/CPU:0") with { Sources = [Domains("package-0")] };
        Should.Throw<RefusedInputException>(() => Map(several)).Message.ShouldContain("--map package-0=0/CPU:0");
        Fed(Map(several with { Mappings = [new("package-0", DeviceId.Cpu(rank: 1), false)] }), DeviceId.Cpu(rank: 1)).ShouldBe(["package-0"]);
    }

    [Fact]
    public void A_warning_of_what_is_not_counted_has_its_grammar()
    {
        Map(Request("CPU:0") with { Sources = [Domains("gpu-0")] });
        warnings.Single().Text.ShouldContain("no device that it feeds");
        warnings.Clear();
        Map(Request("CPU:0") with { Sources = [Domains("gpu-0", "gpu-1")] });
        warnings.Single().Text.ShouldStartWith("gpu-0, gpu-1: the trace has no device that they feed");
    }

    [Fact]
    public void Packages_are_pooled_with_a_warning_where_the_activity_has_no_sockets()
    {
        ActivityTimeline host = Socket(null);
        DevicePower power = Map(Request("CPU:0") with { Sources = [Domains("package-0", "package-1")], Activity = new([host], 8) }).Devices[DeviceId.Cpu()];
        power.Domains.ShouldAllBe(d => d.Activity == host);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("sockets-pooled");
    }

    [Fact]
    public void PowerMapping_package_of_a_socket_that_the_activity_lacks_is_not_shared_by_another_s_time()
    {
        DevicePower power = Map(Request("CPU:0") with
        {
            Sources = [Domains("package-0", "package-2")],
            Activity = new([Socket(0), Socket(1)], 8),
        }).Devices[DeviceId.Cpu()];
        power.Domains[1].Activity.ShouldBeNull();
        warnings.ShouldHaveSingleItem().Code.ShouldBe("socket-unknown");
        Split(Cpu(("a", 0, 1)), power, 0, 1).Domains[1].Unattributed.ShouldBe(10, 1e-12);
    }

    [Theory]
    [InlineData("CPU:0", true, "CPU:0")]
    [InlineData("gpu:12", true, "GPU:12")]
    [InlineData("3/GPU:0", true, "3/GPU:0")]
    [InlineData("node-1.x/cpu:0", true, "node-1.x/CPU:0")]
    [InlineData("node1/GPU:2", true, "node1/GPU:2")]
    [InlineData("/CPU:0", false, null)]
    [InlineData("a b/CPU:0", false, null)]
    [InlineData("TPU:0", false, null)]
    [InlineData("GPU", false, null)]
    [InlineData("GPU:-1", false, null)]
    [InlineData("GPU:0:1", false, null)]
    public void Devices_are_read_by_name(string text, bool known, string? name)
    {
        DeviceId.TryParse(text, out DeviceId device).ShouldBe(known);
        if (known)
        {
            device.ToString().ShouldBe(name);
        }
    }

    [Fact]
    public void Devices_are_ordered_by_rank_kind_and_number()
    {
        DeviceId[] devices = [DeviceId.Gpu(0, 1), DeviceId.Gpu(1), DeviceId.Cpu(rank: 1), DeviceId.Gpu(0), DeviceId.Cpu()];
        devices.Order().Select(d => d.ToString()).ShouldBe(["CPU:0", "GPU:0", "GPU:1", "1/CPU:0", "1/GPU:0"]);
        DeviceId[] ofJob = [DeviceId.Gpu(3, host: "b"), DeviceId.Gpu(3, host: "a"), DeviceId.Gpu(0, 1, "a"), DeviceId.Cpu(0, 1, "a"), DeviceId.Cpu(0, 0, "a")];
        ofJob.Order().Select(d => d.Label).ShouldBe(["a/CPU:0 rank 0", "a/CPU:0 rank 1", "1/GPU:0", "a/GPU:3", "b/GPU:3"]);
    }

    [Theory]
    [InlineData("CPU:0", true)]
    [InlineData("2/CPU:0", true)]
    [InlineData("n1/CPU:0", true)]
    [InlineData("n2/CPU:0", false)]
    [InlineData("1/CPU:0", false)]
    [InlineData("CPU:1", false)]
    [InlineData("GPU:0", false)]
    public void What_a_name_leaves_open_may_be_any_rank_s_or_host_s(string name, bool means)
    {
        DeviceId.TryParse(name, out DeviceId device).ShouldBeTrue();
        device.Means(DeviceId.Cpu(0, 2, "n1")).ShouldBe(means);
    }

    [Theory]
    [InlineData("Package-1", DomainKind.Package, 1, "package-1")]
    [InlineData("package", DomainKind.Package, 0, "package-0")]
    [InlineData("GPU:2", DomainKind.Gpu, 2, "gpu-2")]
    [InlineData("dram_0", DomainKind.Dram, 0, "dram-0")]
    [InlineData("psys", DomainKind.Whole, 0, "psys")]
    [InlineData("core-0", DomainKind.InsidePackage, 0, "core-0")]
    [InlineData("packages of mine", DomainKind.Unknown, 0, "packages of mine")]
    public void Domains_are_read_by_name(string text, DomainKind kind, int index, string name) =>
        Domain.Parse(text).ShouldBe(new Domain(name, kind, index));

    [Fact]
    public void Timelines_refuse_what_they_cannot_hold()
    {
        Should.Throw<ArgumentException>(() => Timeline((0, 2, 1), (1, 3, 1)));
        Should.Throw<ArgumentException>(() => Timeline((0, 2, -1)));
        Should.Throw<ArgumentException>(() => Timeline((0, 2, double.NaN)));
        Should.Throw<ArgumentException>(() => Used((0, 2, 1, 1), (1, 3, 1, 1)));
        Timeline((2, 2, 5)).IsEmpty.ShouldBeTrue();
        Used((2, 2, 1, 1)).Count.ShouldBe(0);
        Used((0, 1, -0.1, -0.2)).Program[0].ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => PowerTimeline.Empty.Extent);
        Timeline((1, 2, 5), (4, 6, 1)).Extent.ShouldBe(Window(1, 6));
        Should.Throw<ArgumentException>(() => Cpu(("a", 2, 1)));
        TraceOf(Cpu(("a", 1, 2)), Gpu(("kernel", 0, 5))).Extent().ShouldBe(Window(0, 5));
        TraceOf().Extent().ShouldBeNull();
        TraceOf(Cpu(("a", 1, 2)), Gpu(("kernel", 0, 5))).SpanCount.ShouldBe(2);
    }

    private MappedPower Map(PowerMappingRequest request) => PowerMapping.Map(request, warnings.Add);

    private static List<string> Fed(MappedPower mapped, DeviceId device) => [.. mapped.Devices[device].Domains.Select(d => d.Power.Domain.Name)];

    private static DomainPower Fed(Domain domain, params (double Start, double End, double Watts)[] pieces) => Scenes.Fed(domain, pieces);

    private static IReadOnlyList<DomainPower> Domains(params string[] names) => [.. names.Select(n => Scenes.Fed(Domain.Parse(n), (0, 1, 10)))];

    private static ActivityTimeline Socket(int? socket)
    {
        ActivityTimeline.Builder builder = new(socket, 4);
        builder.Add(0, Ns(1), 1, 0);
        return builder.Build();
    }

    private static PowerMappingRequest Request(params string[] devices) => new(
        [.. devices.Select(d => DeviceId.TryParse(d, out DeviceId id) ? id : throw new ArgumentException(d, nameof(devices)))],
        [], [], [], null, new Dictionary<string, Watts>());

    private static DomainPower Card(string domain, string device) => Fed(Domain.Parse(domain), (0, 1, 10)) with { DeviceUuid = device };
}
