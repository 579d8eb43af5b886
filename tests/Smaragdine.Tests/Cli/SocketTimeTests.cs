using System.Globalization;
using System.Text.Json.Nodes;
using Smaragdine.Activity;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Tests.Formats.Recordings;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Cli;

/// <summary>Program time by socket, from threads to the report.</summary>
[Collection(Alone.Name)]
public sealed class SocketTimeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void A_real_program_s_time_is_on_the_socket_whose_cpus_it_runs_on()
    {
        // All CPUs of this machine are in socket 1 here; in socket 0 there is one that does not exist.
        Directory.CreateSymbolicLink(folder.At("proc"), "/proc");
        foreach (int cpu in Enumerable.Range(0, 1024).Where(c => Directory.Exists($"/sys/devices/system/cpu/cpu{c}")).Append(2000))
        {
            folder.Write($"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", cpu == 2000 ? "0" : "1");
        }

        using ChildProcess child = ChildProcess.Start(["sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"]);
        using SamplingRun run = new(ActivitySensors.OfRunning(new(folder.Path), child.Pid));
        child.WaitForExit().ShouldBe(0);
        RecordedSamples samples = run.Stop(_ => { });
        samples.Series.Select(s => s.Stream.Name).ShouldBe(["program", "program-0", "program-1", "program-threads", "busy-0", "busy-1"]);
        SampleSeries whole = samples.Series[0];
        for (int i = 0; i < whole.Count; i++)
        {
            whole.Values[i].ShouldBe(samples.Series[1].Values[i] + samples.Series[2].Values[i]);
        }

        samples.Series[2].Values[^1].ShouldBe(whole.Values[^1]);
        whole.Values[^1].ShouldBeGreaterThan(0);
        samples.Series[3].Values.ShouldContain(1);
        ActivityInput activity = samples.ToActivity(new() { LogicalCpus = Environment.ProcessorCount }, _ => { }).ShouldNotBeNull();
        activity.Timelines.Select(t => t.Socket).ShouldBe([0, 1]);
        activity.Timelines[0].Program.ToArray().ShouldAllBe(p => p == 0);
        activity.Timelines[1].Program.ToArray().Max().ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Each_package_is_shared_by_its_own_socket_s_time()
    {
        RecordedStream[] streams =
        [
            SampleFiles.Energy("package-0"), SampleFiles.Energy("package-1"),
            Time("program", StreamKind.ProgramTime, null), Time("program-0", StreamKind.ProgramTime, 0), Time("program-1", StreamKind.ProgramTime, 1),
            Time("busy-0", StreamKind.BusyTime, 0), Time("busy-1", StreamKind.BusyTime, 1),
        ];

        // 2 s at 10 and 20 W; the program on one CPU of socket 1, somebody else on one of each.
        long[] perMillisecond = [10_000, 20_000, 1_000_000, 0, 1_000_000, 1_000_000, 2_000_000];
        folder.Write("run/samples.smrg", SampleFiles.Write(streams, writer =>
        {
            writer.Clock(0, SmallTimeline.Epoch * 1000);
            for (int i = 0; i <= 200; i++)
            {
                foreach ((int stream, long rate) in perMillisecond.Index())
                {
                    writer.Append(stream, i * 10_000_000L, rate * i * 10);
                }

                if (i % 50 == 49)
                {
                    writer.Drain();
                }
            }
        }));
        folder.Write("run/manifest.json", """{"cpu":{"logical":8,"sockets":[{"socket":0,"logical":4},{"socket":1,"logical":4}]}}""");
        JsonObject report = Support.Cli.Json(folder.At("run"));
        report["warnings"]!.AsArray().ShouldNotContain(w => w!["code"]!.GetValue<string>() == "sockets-pooled");
        JsonNode device = report["devices"]!.AsArray().Single()!;
        device["outside_j"]!.GetValue<double>().ShouldBe(20, 1e-6);
        device["other_processes_j"]!.GetValue<double>().ShouldBe(40, 1e-6);

        static RecordedStream Time(string name, StreamKind kind, int? socket) => new(name, kind, "proc", Quality.Measured, Duration.FromMilliseconds(10)) { Socket = socket };
    }
}
