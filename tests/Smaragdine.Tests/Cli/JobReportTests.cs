using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`report`, `info` and `export` of a job's directory.</summary>
public sealed class JobReportTests : IDisposable
{
    /// <summary>40 W over the 1.99 s between the first and the last sample.</summary>
    private const double HostJoules = 79.6;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_host_s_energy_is_shared_among_its_ranks_by_on_cpu_time_and_counted_once()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1.5) { Package = .. }, new(1, "n1", 0.5));
        JsonObject report = Support.Cli.Json(job);
        report["run"]!["energy_j"]!.GetValue<double>().ShouldBe(HostJoules, 1e-6);
        report["run"]!["by_domain"]!["n1/package-0"]!.GetValue<double>().ShouldBe(HostJoules, 1e-6);
        report["run"]!["duration_s"]!.GetValue<double>().ShouldBe(1.99, 1e-9);
        report["recording"]!["host"]!.GetValue<string>().ShouldBe("n1");
        JsonArray devices = report["devices"]!.AsArray();
        devices.Select(d => (d!["device"]!.GetValue<string>(), d["rank"]!.GetValue<int>(), d["host"]!.GetValue<string>())).ShouldBe([("n1/CPU:0", 0, "n1"), ("n1/CPU:0", 1, "n1")]);
        // Of the 3 CPUs that are busy the ranks use 1.5 and 0.5: a quarter each of the rest is nobody's of them.
        Figure(devices[0], "energy_j").ShouldBe(HostJoules * 0.75, 1e-6);
        Figure(devices[0], "outside_j").ShouldBe(HostJoules * 0.5, 1e-6);
        Figure(devices[0], "other_processes_j").ShouldBe(HostJoules * 0.25, 1e-6);
        Figure(devices[1], "energy_j").ShouldBe(HostJoules * 0.25, 1e-6);
        Figure(devices[1], "outside_j").ShouldBe(HostJoules / 6, 1e-6);
        report["warnings"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Sensors_that_one_rank_took_over_from_another_are_one_timeline()
    {
        string whole = SmallJob.Write(folder, "whole", new(0, "n1", 1) { Package = .. }, new(1, "n1", 1));
        string bridged = SmallJob.Write(folder, "bridged", new(0, "n1", 1) { Package = ..100 }, new(1, "n1", 1) { Package = 102.. });
        string gap = SmallJob.Write(folder, "gap", new(0, "n1", 1) { Package = ..100 }, new(1, "n1", 1) { Package = 150.. });
        string twice = SmallJob.Write(folder, "twice", new(0, "n1", 1) { Package = ..120 }, new(1, "n1", 1) { Package = 80.. });
        Energy(whole).ShouldBe(HostJoules, 1e-6);
        Energy(bridged).ShouldBe(HostJoules, 1e-6);
        Energy(twice).ShouldBe(HostJoules, 1e-6);
        // Half a second between the holders: what the counter advanced is the run's, but of three median intervals only nobody knows when.
        Energy(gap).ShouldBe(HostJoules, 1e-6);
        JsonObject report = Support.Cli.Json(gap);
        report["run"]!["in_gaps_j"]!.AsObject().Sum(d => d.Value!.GetValue<double>()).ShouldBe(0.48 * 40, 1e-6);
        report["devices"]!.AsArray().Sum(d => Figure(d, "energy_j")).ShouldBe(HostJoules - (0.48 * 40), 1e-6);
        string info = Support.Cli.Run("info", gap).Output;
        info.ShouldContain("gaps        package-0: 1, 0.48 s together");
    }

    [Fact]
    public void Hosts_keep_their_energies_apart()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1) { Package = .. }, new(1, "n1", 1), new(2, "n2", 2) { Package = ..101 }, new(3, "n2", 0));
        JsonObject report = Support.Cli.Json(job);
        report["run"]!["by_domain"]!["n1/package-0"]!.GetValue<double>().ShouldBe(HostJoules, 1e-6);
        report["run"]!["by_domain"]!["n2/package-0"]!.GetValue<double>().ShouldBe(40, 1e-6);
        report["run"]!["energy_j"]!.GetValue<double>().ShouldBe(HostJoules + 40, 1e-6);
        report["devices"]!.AsArray().Select(d => Figure(d, "energy_j")).Sum().ShouldBe(HostJoules + 40, 1e-6);
        Figure(report["devices"]!.AsArray().Single(d => d!["rank"]!.GetValue<int>() == 3), "outside_j").ShouldBe(0);
        CliResult log = Support.Cli.Run("report", job, "--power", folder.Write("log.csv", SmallTimeline.PowerLog(40, 100)));
        log.Code.ShouldBe(2);
        log.Error.ShouldContain("a log is of one host");
    }

    [Fact]
    public void One_host_s_directory_is_a_report_of_its_ranks()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1) { Package = .. }, new(1, "n2", 1) { Package = .. });
        CliResult host = Support.Cli.Run("report", Path.Combine(job, "n2"));
        host.Code.ShouldBe(0, host.Output);
        host.Output.ShouldContain("n2/package-0");
        host.Output.ShouldContain("rank 0 of 2: not on this host");
    }

    [Fact]
    public void One_rank_by_itself_says_that_there_are_others()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1.5) { Package = .. }, new(1, "n1", 0.5));
        JsonObject holder = Support.Cli.Json(Path.Combine(job, "n1", "0"));
        Figure(holder["devices"]![0], "outside_j").ShouldBe(HostJoules * 0.5, 1e-6);
        holder["warnings"]![0]!["text"]!.GetValue<string>().ShouldContain("rank 0 of 2: the power is its whole host's");
        CliResult other = Support.Cli.Run("report", Path.Combine(job, "n1", "1"));
        other.Output.ShouldContain("another rank read");
        Support.Cli.Run("info", Path.Combine(job, "n1", "1")).Output.ShouldContain("1 of 2 (slurm, job 77), another rank read its host's sensors");
    }

    [Fact]
    public void A_gpu_is_its_rank_s_by_uuid_and_the_host_s_where_ranks_share_it()
    {
        (string, string)[] sensors = [("gpu-0", "GPU-a"), ("gpu-1", "GPU-b"), ("gpu-2", "GPU-c")];
        string job = SmallJob.Write(
            folder,
            "job",
            new(0, "n1", 1) { Package = .., GpuSensors = sensors, Gpus = ["GPU-b", "GPU-c"], Timelines = Gpu(0) },
            new(1, "n1", 1) { Gpus = ["GPU-a", "GPU-c"], Timelines = Gpu(0) });
        JsonObject report = Support.Cli.Json(job);
        Dictionary<string, JsonNode> devices = report["devices"]!.AsArray().Where(d => d!["device"]!.GetValue<string>().Contains("GPU")).ToDictionary(d => d!["device"]!.GetValue<string>(), d => d!);
        devices.Keys.ShouldBe(["0/GPU:0", "1/GPU:0", "n1/GPU:2"]);
        devices["0/GPU:0"]["domains"]![0]!["domain"]!.GetValue<string>().ShouldBe("gpu-1");
        devices["1/GPU:0"]["domains"]![0]!["domain"]!.GetValue<string>().ShouldBe("gpu-0");
        devices["1/GPU:0"]["rank"]!.GetValue<int>().ShouldBe(1);
        devices["n1/GPU:2"]["rank"].ShouldBeNull();
        Figure(devices["n1/GPU:2"], "unattributed_j").ShouldBe(Figure(devices["n1/GPU:2"], "energy_j"));
        Figure(devices["n1/GPU:2"], "energy_j").ShouldBeGreaterThan(1);
        report["run"]!["by_domain"]!["n1/gpu-2"]!.GetValue<double>().ShouldBe(199, 0.1);
        JsonObject said = Support.Cli.Json(job, "--map", "gpu-2=1/GPU:1");
        said["devices"]!.AsArray().ShouldContain(d => d!["device"]!.GetValue<string>() == "1/GPU:1");
        Support.Cli.Run("report", job, "--map", "gpu-2=GPU:0").Error.ShouldContain("say which: `--map gpu-2=0/GPU:0`");
    }

    [Fact]
    public void Steps_of_one_number_are_one_step_and_modules_are_summed_over_ranks()
    {
        Dictionary<int, string> Steps(params int[] numbers) => numbers.ToDictionary(n => n, n => SmallTimeline.Cpu(("m/a", "MatMul", 400_000 + (n * 200_000), 100_000)));
        string job = SmallJob.Write(
            folder,
            "job",
            new(0, "n1", 1) { Package = .., Timelines = Steps(1, 2, 3), Busy = 2 },
            new(1, "n1", 1) { Timelines = Steps(1, 2), Busy = 2 },
            new(2, "n1", 0) { Busy = 2 });
        CliResult text = Support.Cli.Run("report", job);
        text.Output.ShouldContain("2 steps of 0.10 s");
        Flat(text.Output).ShouldContain("rank 1 lacks step 3: left out, the figures are over the 2");
        JsonObject report = Support.Cli.Json(job);
        JsonArray operations = report["operations"]!.AsArray();
        operations.Select(o => (o!["operation"]!.GetValue<string>(), o["rank"]!.GetValue<int>(), Math.Round(Figure(o, "energy_j"), 6))).ShouldBe([("m/a", 0, 2), ("m/a", 1, 2)]);
        Figure(report["modules"]![0], "energy_j").ShouldBe(4, 1e-6);
        Figure(report["devices"]!.AsArray().Single(d => d!["rank"]!.GetValue<int>() == 2), "window_s").ShouldBe(0.1, 1e-9);
        Support.Cli.Run("report", job, "--rank", "1", "--format", "csv").Lines.Length.ShouldBe(2);
        Support.Cli.Run("report", job, "--rank", "7").Error.ShouldContain("--rank 7: there are 0..2");
        Support.Cli.Run("report", job, "--device", "1/CPU:0", "--format", "csv").Lines.Length.ShouldBe(2);
        Support.Cli.Run("report", job, "--device", "n1/CPU:0", "--format", "csv").Lines.Length.ShouldBe(3);
        Support.Cli.Run("export", job, "--format", "paper", "-o", folder.At("paper")).Code.ShouldBe(0);
        string[] rows = File.ReadAllLines(Path.Combine(folder.At("paper"), "footprint.csv"));
        rows.ShouldContain(r => r.StartsWith("0/CPU:0,1,m/a,"));
        rows.ShouldContain(r => r.StartsWith("1/CPU:0,1,m/a,"));
    }

    [Fact]
    public void Recordings_of_two_jobs_or_of_one_rank_twice_are_refused()
    {
        string mixed = SmallJob.Write(folder, "mixed", new(0, "n1", 1) { Package = .. }, new(1, "n1", 1) { Job = "78" });
        CliResult run = Support.Cli.Run("report", mixed);
        run.Code.ShouldBe(4);
        run.Error.ShouldContain("different jobs");
        run.Error.ShouldContain("has the job 78");
        string twice = SmallJob.Write(folder, "twice", new(0, "n1", 1) { Package = .. }, new(0, "n2", 1));
        Support.Cli.Run("info", twice).Error.ShouldContain("rank 0 is there 2 times");
    }

    [Fact]
    public void A_rank_that_is_missing_damaged_or_empty_is_told_and_the_others_are_reported()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1) { Package = .. }, new(1, "n1", 1), new(2, "n1", 1), new(3, "n1", 1));
        Directory.Delete(Path.Combine(job, "n1", "1"), recursive: true);
        File.WriteAllText(Path.Combine(job, "n1", "2", "samples.smrg"), "");
        File.WriteAllText(Path.Combine(job, "n1", "3", "manifest.json"), "{");
        foreach (string command in new[] { "report", "info" })
        {
            CliResult run = Support.Cli.Run(command, job);
            run.Code.ShouldBe(3, run.Error);
            string flat = Flat(run.Output);
            flat.ShouldContain("ranks 1, 3 of 4: no recording");
            flat.ShouldContain("2: nothing was recorded");
            flat.ShouldContain("manifest.json: not valid JSON");
            flat.ShouldContain("package-0");
        }
    }

    [Fact]
    public void Names_of_one_machine_are_one_host_and_machines_of_one_name_are_two()
    {
        string one = SmallJob.Write(folder, "one", new(0, "pod-a", 1) { Package = .., BootId = "b1" }, new(1, "pod-b", 1) { Package = .., BootId = "b1" });
        JsonObject report = Support.Cli.Json(one);
        report["run"]!["energy_j"]!.GetValue<double>().ShouldBe(HostJoules, 1e-6);
        report["run"]!["by_domain"]!.AsObject().Select(d => d.Key).ShouldBe(["pod-a/package-0"]);
        string two = SmallJob.Write(folder, "two", new(0, "n", 1) { Package = .., BootId = "b1" }, new(1, "n", 1) { Package = .., BootId = "b2" });
        Support.Cli.Json(two)["run"]!["by_domain"]!.AsObject().Select(d => d.Key).ShouldBe(["n/package-0", "n-2/package-0"]);
    }

    [Fact]
    public void Many_ranks_are_summed_in_the_text_by_host()
    {
        string job = SmallJob.Write(folder, "job", [.. Enumerable.Range(0, 8).Select(i => new SmallRank(i, i < 5 ? "n1" : "n2", 0.5) { Package = i % 5 == 0 ? .. : null })]);
        string text = Flat(Support.Cli.Run("report", job).Output);
        text.ShouldContain("n1/CPU:0, 5 ranks program 83 %");
        text.ShouldContain("n2/CPU:0, 3 ranks program 50 %");
        text.ShouldContain("sum 79.6 J");
    }

    [Fact]
    public void Info_lists_hosts_ranks_and_who_read_the_sensors()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1), new(1, "n1", 1) { Package = .. }, new(2, "n2", 1));
        CliResult info = Support.Cli.Run("info", job);
        info.Code.ShouldBe(0, info.Output);
        info.Output.ShouldContain("3 ranks of 3 on 2 hosts (slurm, job 77)");
        info.Lines.Single(l => l.Contains("read the host's sensors")).ShouldStartWith("  rank 1 ");
        info.Lines.Where(l => l.TrimStart().StartsWith("sensors")).Select(l => l.Contains("none")).ShouldBe([false, true]);
    }

    [Fact]
    public void Without_any_sensor_a_host_s_power_is_estimated_once()
    {
        string job = SmallJob.Write(folder, "job", new(0, "n1", 1), new(1, "n1", 1));
        JsonObject report = Support.Cli.Json(job);
        report["run"]!["by_quality"]!.AsObject().Select(q => q.Key).ShouldBe(["estimated"]);
        // 4 CPUs, 3 of them busy, by the average of cloud machines or the EPYC's: in any case less than two hosts' worth.
        double joules = report["run"]!["energy_j"]!.GetValue<double>();
        report["devices"]!.AsArray().Sum(d => Figure(d, "energy_j")).ShouldBe(joules, 1e-9 * joules);
        joules.ShouldBe(((4 * 0.74) + (3 * (3.5 - 0.74))) * 1.99, 0.1);
    }

    [Fact]
    public void Real_traces_of_two_ranks_on_one_host_take_the_host_s_energy_together()
    {
        string sample = Path.Combine(SharedData.Root, "samples", "bert-base-finetune");
        string log = Path.Combine(sample, "power-simulated.csv.gz");
        foreach (int rank in new[] { 0, 1 })
        {
            string to = Directory.CreateDirectory(folder.At($"job/node/{rank}")).FullName;
            foreach (string file in new[] { "timeline-1.json.gz", "timeline-2.json.gz", "samples-1.pb.gz", "samples-2.pb.gz" })
            {
                File.Copy(Path.Combine(sample, file), Path.Combine(to, file));
            }

            File.WriteAllText(Path.Combine(to, "manifest.json"), $$"""{"host":"node","rank":{"launcher":"mpi","rank":{{rank}},"world_size":2} }""");
        }

        JsonObject job = Support.Cli.Json(folder.At("job"), "--power", log);
        JsonObject alone = Support.Cli.Json(folder.At("job/node/0"), "--power", log);
        double expected = Figure(alone["devices"]![0], "energy_j");
        expected.ShouldBeGreaterThan(1);
        job["devices"]!.AsArray().Select(d => Figure(d, "energy_j")).Sum().ShouldBe(expected, 1e-9 * expected);
        job["operations"]!.AsArray().Select(o => o!["rank"]!.GetValue<int>()).Distinct().ShouldBe([0, 1]);
        job["operations"]!.AsArray().Count.ShouldBe(2 * alone["operations"]!.AsArray().Count);
        job["run"]!["energy_j"]!.GetValue<double>().ShouldBe(alone["run"]!["energy_j"]!.GetValue<double>(), 1e-9 * expected);
    }

    [Fact]
    public void Directories_with_numbers_for_names_are_no_job_without_ranks_in_their_manifests()
    {
        folder.Write("runs/1/manifest.json", """{"host":"n1"}""");
        folder.Write("runs/1/timeline-1.json", SmallTimeline.Cpu(("a", "MatMul", 0, 10)));
        CliResult run = Support.Cli.Run("report", folder.At("runs"));
        run.Code.ShouldBe(4);
        run.Error.ShouldContain("no trace here");
    }

    private double Energy(string job) => Support.Cli.Json(job)["run"]!["energy_j"]!.GetValue<double>();

    private static double Figure(JsonNode? row, string name) => row![name]!.GetValue<double>();

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Dictionary<int, string> Gpu(int index) => new()
    {
        [1] = SmallTimeline.Text($"/device:GPU:{index}/stream:all Compute", SmallTimeline.Event("m/k", "MatMul", $"{SmallTimeline.Epoch + 500_000}", "100000")),
    };
}
