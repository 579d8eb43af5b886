using Smaragdine.Activity;
using Smaragdine.Cli.Live;
using Smaragdine.Power;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli.Live;

/// <summary>What readings come to: rows that add up, GPUs that have an owner or none.</summary>
public sealed class TopFramesTests
{
    [Fact]
    public void Rows_add_up_to_the_processors_power_and_threads_of_the_kernel_are_one()
    {
        TopFrame frame = Build([Domain("package-0", 30), Domain("package-1", 20), Domain("dram-0", 10), Domain("machine", 500)], gpus: []);
        frame.Processors.Power.ShouldBe(new(Watts.From(60), Quality.Measured));
        (frame.Processes.Sum(p => p.Power!.Value.Amount.Value) + frame.Processors.Unseen!.Value.Value + frame.Processors.Idle!.Value.Value).ShouldBe(60, 1e-9);
        frame.Processes.Select(p => p.Name).ShouldBe(["train", "sh", "2 kernel threads"]);
        frame.Processes[0].Power!.Value.Amount.Value.ShouldBe(30, 1e-9);
        frame.Processes[0].Power!.Value.Quality.ShouldBe(Quality.Derived);
        frame.Processes[0].Busy!.Value.ShouldBe(1, 1e-9);
        frame.Processes[2].Pid.ShouldBeNull();
    }

    [Fact]
    public void With_one_socket_missing_the_processors_power_is_missing_and_not_less()
    {
        TopFrame frame = Build([Domain("package-0", 30), Domain("package-1", null)], gpus: []);
        frame.Processors.Power.ShouldBeNull();
        frame.Processors.Idle.ShouldBeNull();
        frame.Processes.ShouldAllBe(p => p.Power == null);
        frame.Processes[0].Busy!.Value.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void An_estimate_stays_one()
    {
        TopFrame frame = Build([Domain("package-0", 30, Quality.Estimated)], gpus: []);
        frame.Processes[0].Power!.Value.Quality.ShouldBe(Quality.Estimated);
    }

    [Fact]
    public void A_gpu_s_power_is_its_sole_user_s()
    {
        TopFrame frame = Build([Domain("gpu-0", 231)], gpus: [Gpu(0, new(41, 1 << 30, null, Graphics: false), new(900, 5, null, Graphics: true))]);
        TopGpu board = frame.Gpus.Single();
        (board.SoleUser, board.Idle!.Value.Value, board.Unattributed!.Value.Value, board.Users).ShouldBe((41, 0, 0, 2));
        TopProcess user = frame.Processes.Single(p => p.Pid == 41);
        user.Gpus.ShouldBe([new("gpu-0", 1 << 30, false, new(Watts.From(231), Quality.Derived))]);
        user.KnownWatts.ShouldBe(231);
        TopProcess screen = frame.Processes.Single(p => p.Pid == 900);
        screen.Gpus.Single().Power.ShouldBeNull();
        screen.Busy.ShouldBeNull();
        screen.Name.ShouldBe("(not visible here)");
    }

    [Fact]
    public void A_gpu_that_several_or_unknown_ones_use_is_unattributed_and_one_that_nobody_uses_is_idle()
    {
        TopFrame frame = Build(
            [Domain("gpu-0", 100), Domain("gpu-1", 200), Domain("gpu-2", 40)],
            gpus: [Gpu(0, new(41, null, null, false), new(42, null, null, false)), new(Board(1), null), Gpu(2)]);
        frame.Gpus.Select(g => (g.SoleUser, g.Idle!.Value.Value, g.Unattributed!.Value.Value)).ShouldBe([(null, 0, 100), (null, 0, 200), (null, 40, 0)]);
        frame.Processes.Where(p => p.Pid is 41 or 42).ShouldAllBe(p => p.Gpus.Single().Power == null);
        TopProcess resting = frame.Processes.Single(p => p.Pid == 42);
        resting.Busy.ShouldBe(0);
    }

    [Fact]
    public void A_gpu_is_found_by_its_id_before_its_number()
    {
        TopFrame frame = Build([Domain("gpu-0", 100) with { DeviceId = "GPU-b" }, Domain("gpu-1", 200) with { DeviceId = "GPU-a" }], gpus: [new(Board(0) with { Uuid = "GPU-a" }, [])]);
        frame.Gpus.Single().Gpu.ShouldBe("gpu-1");
        frame.Gpus.Single().Power!.Value.Amount.Value.ShouldBe(200);
        TopFrame unread = Build([Domain("package-0", 1)], gpus: [Gpu(0)]);
        unread.Gpus.Single().Power.ShouldBeNull();
        unread.Gpus.Single().Idle.ShouldBeNull();
    }

    [Fact]
    public void Orders_put_the_largest_first()
    {
        TopProcess busy = new(5, "busy", null, null, 2, new(Watts.From(20), Quality.Derived));
        TopProcess gpu = new(9, "gpu", null, null, 0.5, new(Watts.From(5), Quality.Derived)) { Gpus = [new("gpu-0", 7, false, new(Watts.From(200), Quality.Derived))] };
        TopProcess small = new(1, "small", null, null, 0.1, null);
        TopProcess[] all = [small, busy, gpu];
        TopOrders.Sort(all, TopOrder.Power).ShouldBe([gpu, busy, small]);
        TopOrders.Sort(all, TopOrder.Cpu).ShouldBe([busy, gpu, small]);
        TopOrders.Sort(all, TopOrder.Gpu).ShouldBe([gpu, busy, small]);
        TopOrders.Sort(all, TopOrder.Pid).ShouldBe([small, busy, gpu]);
    }

    internal static TopDomain Domain(string name, double? watts, Quality quality = Quality.Measured) =>
        new(Smaragdine.Power.Domain.Parse(name), watts is { } w ? Watts.From(w) : null, quality, "powercap", null);

    /// <summary>Two CPUs for a second: `train` has one, `sh` and two threads of the kernel a third of the other, a part is unseen.</summary>
    internal static TopFrame Build(IReadOnlyList<TopDomain> domains, IReadOnlyList<GpuUsers> gpus, string command = "python3 train.py")
    {
        ProcessUse use = new ProcessTimes(
            1_000_000_000,
            Duration.FromSeconds(2),
            [Time(41, 1), Time(43, 0.3), Time(2, 0.2), Time(3, 0.05)]).Since(new(0, Duration.Zero, []));
        TopFrames frames = new(
            "node7",
            2,
            new Dictionary<string, Watts>(),
            key => key.Pid < 10,
            pid => pid switch
            {
                41 => new("train", command, "ada"),
                42 => new("rest", "rest", "ada"),
                43 => new("sh", null, "root"),
                _ => null,
            });
        return frames.Build(Instant.FromUnixNanoseconds(1_700_000_000_000_000_000), domains, use, gpus);
    }

    private static ProcessTime Time(int pid, double seconds) => new(new(pid, 0), Duration.FromSeconds(seconds));

    private static GpuUsers Gpu(int index, params NvmlProcess[] processes) => new(Board(index), processes);

    private static NvmlGpu Board(int index) => new(index, "NVIDIA H100", "", "", NvmlArchitecture.Hopper);
}
