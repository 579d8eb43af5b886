using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Host;

namespace Smaragdine.Tests.Sensors.Host;

public sealed class HostProbeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smaragdine-host-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Put(string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    [Fact]
    public void Facts_of_a_server_with_two_sockets()
    {
        Put("proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763 64-Core Processor\n\nprocessor\t: 1\n");
        Put("proc/sys/kernel/hostname", "node17\n");
        Put("proc/sys/kernel/osrelease", "6.8.0-45-generic\n");
        Put("proc/self/cgroup", "0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-1.scope\n");
        Put("sys/devices/system/cpu/online", "0-3\n");
        for (int cpu = 0; cpu < 4; cpu++)
        {
            Put($"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", $"{cpu / 2}\n");
        }

        Put("sys/devices/system/cpu/cpufreq/policy0/x", "");
        Put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
        Put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");

        HostFacts facts = HostProbe.Read(new(folder));
        facts.Sockets.ShouldBe([new(0, 2), new(1, 2)]);
        facts.ShouldBe(new()
        {
            Name = "node17",
            OperatingSystem = facts.OperatingSystem,
            Kernel = "6.8.0-45-generic",
            Architecture = facts.Architecture,
            CpuModel = "AMD EPYC 7763 64-Core Processor",
            LogicalCpus = 4,
            Sockets = facts.Sockets,
            Governor = "performance",
            ClockSource = "tsc",
            ClockTicks = 100,
            Container = "kubepods",
        });
    }

    [Fact]
    public void Empty_tree_gives_nulls() =>
        HostProbe.Read(new(folder)).ShouldSatisfyAllConditions(
            f => f.CpuModel.ShouldBeNull(),
            f => f.Sockets.ShouldBeEmpty(),
            f => f.LogicalCpus.ShouldBe(1),
            f => f.Container.ShouldBeNull());

    [Fact]
    public void Docker_shows_by_its_mark()
    {
        Put(".dockerenv", "");
        HostProbe.Read(new(folder)).Container.ShouldBe("docker");
    }

    [Fact]
    public void Environment_is_asked_for_rank_variables_only()
    {
        HashSet<string> asked = [];
        RankVariables.Read(name =>
        {
            asked.Add(name);
            return null;
        }).ShouldBeNull();
        asked.ShouldBeSubsetOf(RankVariables.Names);
        RankVariables.Names.ShouldAllBe(n => n.Contains("RANK") || n.Contains("SIZE") || n.Contains("JOB") || n.StartsWith("SLURM_") || n == "TORCHELASTIC_RUN_ID" || n == "PMIX_NAMESPACE");
    }

    [Theory]
    [InlineData("RANK=3 LOCAL_RANK=1 WORLD_SIZE=8 SLURM_PROCID=0 SLURM_JOB_ID=77", "torchrun", 3, 1, 8, "77")]
    [InlineData("SLURM_PROCID=5 SLURM_LOCALID=1 SLURM_NTASKS=8 SLURM_JOB_ID=12_3", "slurm", 5, 1, 8, "12_3")]
    [InlineData("SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_NTASKS=64 SLURM_STEP_NUM_TASKS=8 SLURM_STEP_ID=2 SLURM_JOB_ID=77", "slurm", 0, 0, 8, "77.2")]
    [InlineData("RANK=3 LOCAL_RANK=1 WORLD_SIZE=8 TORCHELASTIC_RUN_ID=none", "torchrun", 3, 1, 8, null)]
    [InlineData("RANK=3 LOCAL_RANK=1 WORLD_SIZE=8 TORCHELASTIC_RUN_ID=0d7e-55", "torchrun", 3, 1, 8, "0d7e-55")]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_SIZE=4 PMIX_NAMESPACE=prterun-n1-77@1", "openmpi", 2, 0, 4, "prterun-n1-77@1")]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 SLURM_JOB_ID=9 SLURM_STEP_ID=0 SLURM_PROCID=0", "openmpi", 2, null, 4, "9")]
    [InlineData("PMI_RANK=1 PMI_LOCAL_RANK=1 PMI_SIZE=2 PBS_JOBID=12.server", "pmi", 1, 1, 2, "12.server")]
    [InlineData("OMPI_COMM_WORLD_RANK=2", "openmpi", 2, null, null, null)]
    [InlineData("PMI_RANK=0 PMI_SIZE=4", "pmi", 0, null, 4, null)]
    [InlineData("RANK=x PMI_RANK=1 SLURM_JOB_ID=../../etc", "pmi", 1, null, null, null)]
    public void Rank_is_the_innermost_launchers(string environment, string launcher, int rank, int? local, int? size, string? job)
    {
        Dictionary<string, string> set = environment.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        RankVariables.Read(set.GetValueOrDefault).ShouldBe(new RankFacts(launcher, rank, local, size, job));
    }

    [Fact]
    public void RankVariables_slurm_s_batch_script_is_no_rank_though_it_has_rank_0_of_as_many_as_were_asked_for()
    {
        Dictionary<string, string> set = new() { ["SLURM_PROCID"] = "0", ["SLURM_LOCALID"] = "0", ["SLURM_NTASKS"] = "64", ["SLURM_JOB_ID"] = "7" };
        RankVariables.Read(n => set.GetValueOrDefault(n)).ShouldBeNull();
    }

    [Theory]
    [InlineData("0-3,8", 5)]
    [InlineData("0\n", 1)]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    [InlineData("a", null)]
    [InlineData("0-99999999", null)]
    public void Cpu_list_is_counted(string list, int? count) => HostText.CountList(list).ShouldBe(count);

    [Fact]
    public void Arm_without_a_name_is_implementer_and_part() =>
        HostText.CpuModel("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n").ShouldBe("arm implementer 0x41 part 0xd4f");

    [Fact]
    public void Busy_sockets_come_from_the_topology()
    {
        Put("proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 1 0 0 9 9 0 0 7 0 0\ncpu1 2 0 0 9 9 0 0 7 0 0\ncpu2 4 0 0 9 9 0 0 7 0 0\nintr 1\n");
        Put("sys/devices/system/cpu/cpu0/topology/physical_package_id", "0");
        Put("sys/devices/system/cpu/cpu1/topology/physical_package_id", "3");
        Put("sys/devices/system/cpu/cpu2/topology/physical_package_id", "0");
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using Smaragdine.Sensors.Activity.BusyTimeSensor sensor = Smaragdine.Sensors.Activity.BusyTimeSensor.Open(new(folder));
        long[] values = new long[2];
        ReadStatus[] statuses = new ReadStatus[2];
        sensor.Read(values, statuses);
        sensor.Streams.Select(s => (s.Name, s.Socket)).ShouldBe([("busy-0", 0), ("busy-3", 3)]);
        values.ShouldBe([50_000_000, 20_000_000]);

        // cpu2 goes offline: what it had stays.
        Put("proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 2 0 0 9 9 0 0 7 0 0\ncpu1 2 0 0 9 9 0 0 7 0 0\nintr 1\n");
        sensor.Read(values, statuses);
        values.ShouldBe([60_000_000, 20_000_000]);
        Put("proc/stat", "garbage");
        sensor.Read(values, statuses);
        statuses.ShouldAllBe(s => s == ReadStatus.Missed);
    }
}
