using System.Diagnostics;
using System.Text.Json.Nodes;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli;

/// <summary>`record` as the ranks of a job: processes of their own, a launcher's variables, sensors of a captured tree.</summary>
[Collection(Alone.Name)]
public sealed class JobRecordTests : IDisposable
{
    private const string Package = "sys/class/powercap/intel-rapl:0/energy_uj";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly List<Process> started = [];

    public void Dispose()
    {
        File.WriteAllText(folder.At("stop"), "");
        foreach (Process process in started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        folder.Dispose();
    }

    [LinuxFact]
    public void One_rank_reads_the_host_s_sensors_and_another_goes_on_when_it_is_killed()
    {
        using CapturedTree tree = new("intel-client");
        using MovingCounter counter = new(tree, Package, watts: 80, start: 1_000_000, 262_143_328_850);
        string stop = folder.At("stop");
        string wait = $"while [ ! -e {stop} ]; do sleep 0.05; done";
        string work = $"while [ ! -e {stop} ]; do :; done";
        List<Process> ranks = [.. new[] { work, wait, wait }.Select((program, rank) => Start(
            new() { ["RANK"] = $"{rank}", ["LOCAL_RANK"] = $"{rank}", ["WORLD_SIZE"] = "3" },
            "record", "--root", tree.Root.Path, "--sensors", "package-0", "--period", "4ms", "-o", folder.At("job"), "--", "timeout", "120", "sh", "-c", program))];
        Until(() => Holders().Count == 1 && Size(Holders()[0]) > 4000 && Manifests().Count == 3);
        int first = Holders()[0];
        ranks[first].Kill();
        ranks[first].WaitForExit();
        Until(() => Holders().Count == 2);
        int second = Holders().Single(h => h != first);
        long before = Size(second);
        Until(() => Size(second) > before + 4000);
        File.WriteAllText(stop, "");
        foreach (Process rank in ranks)
        {
            rank.WaitForExit(Patience).ShouldBeTrue();
        }

        ranks[second].ExitCode.ShouldBe(0);
        JsonObject report = Support.Cli.Json(folder.At("job"));
        double joules = report["run"]!["energy_j"]!.GetValue<double>();
        double truth = new[] { first, second }.Sum(h => CountedJoules(h));
        // Whatever the machine's load made of the times: no joule twice, and what is not known is told as uncovered. Three intervals of the gap count.
        double inGaps = report["run"]!["in_gaps_j"]!.AsObject().Sum(d => d.Value!.GetValue<double>());
        (joules - inGaps).ShouldBeLessThanOrEqualTo(truth + 5);
        double covered = report["run"]!["covered_s"]!.AsObject().Single().Value!.GetValue<double>();
        covered.ShouldBeGreaterThan(0.1);
        ((joules - inGaps) / covered).ShouldBeInRange(40, 160);
        covered.ShouldBeLessThan(report["run"]!["duration_s"]!.GetValue<double>());
        JsonArray devices = report["devices"]!.AsArray();
        devices.Select(d => d!["rank"]!.GetValue<int>()).ShouldBe([0, 1, 2]);
        devices.Sum(d => Figure(d, "energy_j")).ShouldBe(joules - inGaps, 1e-9 * joules);
        if (first != 0)
        {
            // The one that works had more of it than those that wait, while it was watched.
            Figure(devices[0], "outside_j").ShouldBeGreaterThan(Figure(devices[3 - first], "outside_j"));
        }

        CliResult info = Support.Cli.Run("info", folder.At("job"));
        info.Code.ShouldBe(3);
        info.Lines.Count(l => l.Contains("read the host's sensors")).ShouldBe(2);
        info.Output.ShouldContain("not finished");
    }

    [LinuxFact]
    public void A_job_s_number_names_the_directory_and_only_the_one_that_reads_the_sensors_says_so()
    {
        using CapturedTree tree = new("intel-client");
        List<Process> ranks = [.. Enumerable.Range(0, 2).Select(rank => Start(
            new()
            {
                ["SLURM_PROCID"] = $"{rank}", ["SLURM_LOCALID"] = $"{rank}", ["SLURM_STEP_NUM_TASKS"] = "2", ["SLURM_NTASKS"] = "64",
                ["SLURM_STEP_ID"] = "1", ["SLURM_JOB_ID"] = "9",
            },
            "record", "--root", tree.Root.Path, "--trace", Path.Combine(folder.Path, "out-{rank}.json"), "--", "sh", "-c", $"echo {{}} > out-{rank}.json; sleep 0.5"))];
        string[] said = [.. ranks.Select(r => r.StandardError.ReadToEnd())];
        ranks.ForEach(r => r.WaitForExit());
        ranks.ShouldAllBe(r => r.ExitCode == 0, string.Join('\n', said));
        JsonNode[] manifests = [.. Enumerable.Range(0, 2).Select(r => JsonNode.Parse(File.ReadAllText(Directory.GetFiles(folder.At("smaragdine-job-9.1"), "manifest.json", SearchOption.AllDirectories).Single(f => f.Contains($"/{r}/"))))!)];
        manifests.Select(m => m["rank"]!["job"]!.GetValue<string>()).ShouldBe(["9.1", "9.1"]);
        int holder = manifests[0]["holds_sensors"]!.GetValue<bool>() ? 0 : 1;
        said[holder].ShouldContain("reads the sensors for all ranks there");
        said[holder].ShouldContain("next: smaragdine report smaragdine-job-9.1");
        if (!manifests[1 - holder]["holds_sensors"]!.GetValue<bool>())
        {
            said[1 - holder].ShouldBeEmpty();
        }

        for (int rank = 0; rank < 2; rank++)
        {
            Directory.GetFiles(folder.At("smaragdine-job-9.1"), $"out-{rank}.json", SearchOption.AllDirectories).Single().ShouldContain($"/{rank}/");
        }
    }

    [LinuxFact]
    public void Ranks_that_leave_required_sensor_commands_to_another_start_their_programs()
    {
        string nothing = Directory.CreateDirectory(folder.At("nothing")).FullName;
        List<Process> ranks = [.. Enumerable.Range(0, 2).Select(rank => Start(
            new() { ["RANK"] = $"{rank}", ["WORLD_SIZE"] = "2" },
            "record", "--root", nothing, "--require", "measured", "--sensor-command", "while echo 'package-0 40'; do sleep 0.02; done", "-o", "job", "--",
            "sh", "-c", $"touch ran-{rank}; while [ ! -e ran-{1 - rank} ]; do sleep 0.02; done"))];
        foreach (Process rank in ranks)
        {
            rank.WaitForExit(Patience).ShouldBeTrue();
            rank.ExitCode.ShouldBe(0, rank.StandardError.ReadToEnd());
        }
    }

    [LinuxFact]
    public void Who_takes_over_reads_clocks_and_commands_too_whose_time_is_not_the_program_s()
    {
        using CapturedTree tree = new("intel-client");
        tree.Write("sys/devices/system/cpu/cpu0/topology/physical_package_id", "0\n");
        tree.Write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2000000\n");
        string wait = $"while [ ! -e {folder.At("stop")} ]; do sleep 0.05; done";
        const string Spin = "while echo 'wall 300'; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done";
        List<Process> ranks = [.. Enumerable.Range(0, 2).Select(rank => Start(
            new() { ["RANK"] = $"{rank}", ["WORLD_SIZE"] = "2" },
            "record", "--root", tree.Root.Path, "--sensors", "package-0", "--sensor-command", Spin, "-o", folder.At("job"), "--", "timeout", "120", "sh", "-c", wait))];
        Until(() => Holders().Count == 1 && Manifests().Count == 2);
        int first = Holders()[0];
        int second = 1 - first;
        ranks[first].Kill();
        Until(() => Holders().Count == 2);
        long before = Size(second);
        Until(() => Size(second) > before + 2000);
        File.WriteAllText(folder.At("stop"), "");
        ranks[second].WaitForExit(Patience).ShouldBeTrue();
        ranks[second].StandardError.ReadToEnd().ShouldContain("wall by command while");
        using FileStream file = File.OpenRead(Path.Combine(FolderOf(second), "samples.smrg"));
        RecordedSamples samples = RecordingStreamReader.Read(file, "samples", _ => { });
        samples.Series.Select(s => s.Stream.Name).ShouldContain("package-0-frequency");
        samples.Series.Single(s => s.Stream.Name == "wall").Count.ShouldBeGreaterThan(0);

        // The command spins for a second and more; the program sleeps.
        samples.Program!.Charged.TotalSeconds.ShouldBeLessThan(0.4);
    }

    [LinuxFact]
    public void A_rank_is_refused_before_its_program_starts_where_its_job_has_no_name_or_the_directory_is_a_recording()
    {
        Dictionary<string, string> environment = new() { ["RANK"] = "1", ["WORLD_SIZE"] = "2" };
        folder.Write("taken/manifest.json", "{}");
        Process unnamed = Start(environment, "record", "--", "touch", "proof");
        Process taken = Start(environment, "record", "-o", "taken", "--", "touch", "proof");
        unnamed.StandardError.ReadToEnd().ShouldContain("name one directory for all ranks with `-o DIR`");
        taken.StandardError.ReadToEnd().ShouldContain("taken: there is a recording already");
        unnamed.WaitForExit();
        taken.WaitForExit();
        unnamed.ExitCode.ShouldBe(2);
        taken.ExitCode.ShouldBe(4);
        File.Exists(folder.At("proof")).ShouldBeFalse();
    }

    private Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo info = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "smaragdine.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info)!;
        started.Add(process);
        return process;
    }

    private static void Until(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            Thread.Sleep(20);
        }
    }

    private List<(int Rank, string Folder, Manifest Manifest)> Manifests()
    {
        List<(int, string, Manifest)> found = [];
        foreach (string file in Directory.Exists(folder.At("job")) ? Directory.GetFiles(folder.At("job"), "manifest.json", SearchOption.AllDirectories) : [])
        {
            using FileStream stream = File.OpenRead(file);
            Manifest manifest = Manifest.Read(stream, file);
            found.Add((manifest.Rank!.Rank, Path.GetDirectoryName(file)!, manifest));
        }

        return found;
    }

    private List<int> Holders() => [.. Manifests().Where(m => m.Manifest.HoldsSensors is true).Select(m => m.Rank)];

    private string FolderOf(int rank) => Manifests().Single(m => m.Rank == rank).Folder;

    private long Size(int rank) => new FileInfo(Path.Combine(FolderOf(rank), "samples.smrg")) is { Exists: true } file ? file.Length : 0;

    /// <summary>What the counter moved while a rank read it, J.</summary>
    private double CountedJoules(int rank)
    {
        using FileStream file = File.OpenRead(Path.Combine(FolderOf(rank), "samples.smrg"));
        SampleSeries counter = RecordingStreamReader.Read(file, "samples", _ => { }).Series.Single(s => s.Stream.Kind is StreamKind.Energy);
        return (counter.Values[^1] - counter.Values[0]) / 1e6;
    }

    private static double Figure(JsonNode? row, string name) => row![name]!.GetValue<double>();
}
