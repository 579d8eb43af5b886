using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Children;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>Samples a program from its start (or from now on) to its end, into a recording's directory.</summary>
internal sealed class Recorder(RecordOptions options, CliConsole console)
{
    private readonly Talk talk = new(console);

    /// <summary>Records.</summary>
    /// <returns>The program's exit status; 0 for one that was running already.</returns>
    public int Run()
    {
        SensorSet set = SensorSet.Find(options.Root, options.Sensors);
        using ExternalSensors external = SensorCommands.Start(options.SensorCommands, talk);
        set = SensorCommands.Join(set, external, talk, options.RequireMeasured);
        if (options.RequireMeasured && set.Used.Count == 0 && !external.Streams.Any(s => s.Quality is Quality.Measured))
        {
            Say("nothing can be measured here, only estimated, and `--require measured` was given. `smaragdine doctor` says why");
            return (int)ExitCode.No;
        }

        string directory = options.Output ?? $"smaragdine-{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}";
        using CancellationTokenSource interrupted = new();
        IReadOnlyDictionary<string, Watts> baseline = new Dictionary<string, Watts>(StringComparer.Ordinal);
        if (options.Baseline is { } rest && set.Used.Count + external.Streams.Count > 0)
        {
            Say($"measuring idle power for {Figures.Seconds(rest.TotalSeconds)} …");
            baseline = SamplingRun.Baseline(set, external, options.Period ?? Duration.FromMilliseconds(20), rest, interrupted.Token);
        }

        Prepare(directory);
        DateTime started = DateTime.UtcNow;
        try
        {
            using ChildProcess? child = options.Pid is null ? ChildProcess.Start(options.Command) : null;
            try
            {
                return Record(set, external, directory, baseline, child, started, interrupted);
            }
            catch (Exception e) when (child is not null && e is (RefusedInputException or IOException or UnauthorizedAccessException))
            {
                // It was started for its own sake; what became of the recording is told, and its exit status passed on.
                Say($"{e.Message}. The program goes on unrecorded");
                return child.WaitForExit();
            }
        }
        catch (ChildProcessException e)
        {
            Say(e.Message);
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }

            return e.ExitCode;
        }
    }

    /// <summary>Makes the directory before the program starts: an hour of training must not end in a directory that cannot be written.</summary>
    /// <exception cref="RefusedInputException">it cannot be made or written, or holds a recording.</exception>
    private static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            if (Directory.EnumerateFiles(directory, "samples.smrg").Any() || File.Exists(Path.Combine(directory, "manifest.json")))
            {
                throw new RefusedInputException($"{directory}: there is a recording already; name another directory with `-o`");
            }

            string probe = Path.Combine(directory, ".smaragdine");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedInputException($"{directory}: cannot be written: {e.Message}", e);
        }
    }

    private int Record(
        SensorSet set,
        ExternalSensors external,
        string directory,
        IReadOnlyDictionary<string, Watts> baseline,
        ChildProcess? child,
        DateTime started,
        CancellationTokenSource interrupted)
    {
        int pid = child?.Pid ?? options.Pid!.Value;
        IReadOnlyList<string>? command = options.HideCommand || options.Pid is not null ? null : options.Command;
        ISensor[] sensors = [.. set.Open(options.Period), .. ActivitySensors.Open(pid, child is not null)];
        ManifestFacts facts = HostManifest.Of(command, pid, baseline);
        using RecordingWriter writer = RecordingWriter.Create(
            directory,
            [.. sensors.SelectMany(s => s.Streams)],
            facts,
            new() { OnFailure = why => Say($"the recording stopped: {why}. What was recorded before is kept; the program goes on") });
        external.Attach(writer);
        using Sampler sampler = new(sensors, writer, MonotonicClock.Instance);
        sampler.Start();
        Announce(set, external, directory);
        int? exit = Wait(child, pid, interrupted);
        SamplerStatistics statistics = sampler.Stop();
        external.Detach();
        writer.Finish(SamplingReport.ToFormat(statistics, sampler.Streams.Count), facts with { Program = facts.Program with { ExitCode = exit } });
        TraceGathering.Gather(options.Traces, directory, started, Say);
        RunSummary.Write(directory, statistics, console);
        return exit ?? 0;
    }

    /// <summary>Until the program ends, the time is over, or the user says so.</summary>
    /// <returns>The child's exit status; null where it is another's child or goes on.</returns>
    private int? Wait(ChildProcess? child, int pid, CancellationTokenSource interrupted)
    {
        TimeSpan most = options.Duration is { } limit ? TimeSpan.FromSeconds(limit.TotalSeconds) : Timeout.InfiniteTimeSpan;
        if (child is not null)
        {
            if (most == Timeout.InfiniteTimeSpan || child.WaitForExit(most))
            {
                return child.WaitForExit();
            }

            Say($"{Figures.Seconds(most.TotalSeconds)} are over; the recording ends, the program is told to end too");
            child.Signal(15);
            return child.WaitForExit();
        }

        using System.Runtime.InteropServices.PosixSignalRegistration stop = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT,
            context =>
            {
                context.Cancel = true;
                interrupted.Cancel();
            });
        long start = TimeProvider.System.GetTimestamp();
        while (Directory.Exists($"/proc/{pid}") && !interrupted.IsCancellationRequested
            && (most == Timeout.InfiniteTimeSpan || TimeProvider.System.GetElapsedTime(start) < most))
        {
            interrupted.Token.WaitHandle.WaitOne(20);
        }

        if (!Directory.Exists($"/proc/{pid}"))
        {
            Say($"process {pid} has ended");
        }

        return null;
    }

    private void Announce(SensorSet set, ExternalSensors external, string directory)
    {
        List<string> read = [.. set.Used.Select(f => $"{f.Domain.Name} by {f.Sensor}"), .. external.Streams.Select(s => $"{s.Name} by {s.Source}")];
        string sensors = read.Count == 0 ? "no sensor can be read: power will be estimated from utilisation" : string.Join(", ", read);
        Say($"recording to {directory} · {sensors}");
        foreach (SensorFinding locked in set.Locked.DistinctBy(f => f.Domain))
        {
            Say($"{locked.Domain.Name} is there and may not be read{(locked.Unlock is { } how ? $": {how}" : "")}");
        }
    }

    private void Say(string text) => talk.Say(text);
}
