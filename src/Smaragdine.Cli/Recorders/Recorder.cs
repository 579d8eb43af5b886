using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>Samples a program from its start (or from now on) to its end, into a recording's directory.</summary>
internal sealed class Recorder(RecordOptions options, CliConsole console)
{
    /// <summary>Records.</summary>
    /// <returns>The program's exit status; 0 for one that was running already.</returns>
    public int Run()
    {
        SensorSet set = SensorSet.Find(options.Root, options.Sensors);
        if (options.RequireMeasured && set.Used.Count == 0)
        {
            Say("nothing can be measured here, only estimated, and `--require measured` was given. `smaragdine doctor` says why");
            return (int)ExitCode.No;
        }

        string directory = options.Output ?? $"smaragdine-{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}";
        using CancellationTokenSource interrupted = new();
        IReadOnlyDictionary<string, Watts> baseline = new Dictionary<string, Watts>(StringComparer.Ordinal);
        if (options.Baseline is { } rest && set.Used.Count > 0)
        {
            Say($"measuring idle power for {Figures.Seconds(rest.TotalSeconds)} …");
            baseline = SamplingRun.Baseline(set, options.Period ?? Duration.FromMilliseconds(20), rest, interrupted.Token);
        }

        Prepare(directory);
        try
        {
            return Record(set, directory, baseline, interrupted);
        }
        catch (ChildProcessException e)
        {
            Say(e.Message);
            Unmake(directory);
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

    /// <summary>Of a program that could not be started nothing was recorded: the directory goes away again, unless something else is in it.</summary>
    private static void Unmake(string directory)
    {
        try
        {
            File.Delete(Path.Combine(directory, "samples.smrg"));
            File.Delete(Path.Combine(directory, "manifest.json"));
            if (!Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be taken away is a recording of nothing; why there is no program was said.
        }
    }

    private RecordingWriter Create(string directory, IReadOnlyList<ISensor> sensors, ManifestFacts facts)
    {
        try
        {
            return RecordingWriter.Create(
                directory,
                [.. sensors.SelectMany(s => s.Streams)],
                facts,
                new() { OnFailure = why => Say($"the recording stopped: {why}. What was recorded before is kept; the program goes on") });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (ISensor sensor in sensors)
            {
                sensor.Dispose();
            }

            throw new RefusedInputException($"{directory}: cannot be written: {e.Message}", e);
        }
    }

    private int Record(SensorSet set, string directory, IReadOnlyDictionary<string, Watts> baseline, CancellationTokenSource interrupted)
    {
        DateTime started = DateTime.UtcNow;
        IReadOnlyList<string>? command = options.HideCommand || options.Pid is not null ? null : options.Command;

        // Everything is read already when the program starts: its first milliseconds count like all others.
        using ProgramWatch? watch = options.Pid is null ? ProgramWatch.Create(SystemRoot.Real, BusyTimeSensor.DefaultPeriod) : null;
        ISensor[] sensors = [.. set.Open(options.Period), .. watch is null ? ActivitySensors.OfRunning(options.Pid!.Value) : ActivitySensors.With(watch.Sensor)];
        ManifestFacts facts = HostManifest.Of(command, options.Pid, baseline);
        using RecordingWriter writer = Create(directory, sensors, facts);
        using Sampler sampler = new(sensors, writer, MonotonicClock.Instance);
        sampler.Start();
        using ChildProcess? child = watch?.Start(options.Command);
        try
        {
            if (child is not null)
            {
                facts = facts with { Program = facts.Program with { ProcessId = child.Pid } };
                writer.Tell(facts);
            }

            Announce(set, directory);
            int? exit = Wait(child, options.Pid ?? child!.Pid, interrupted);
            SamplerStatistics statistics = sampler.Stop();
            ProgramAccount? account = watch?.End();
            writer.Finish(SamplingReport.ToFormat(statistics, account), facts with { Program = facts.Program with { ExitCode = exit } });
            TraceGathering.Gather(options.Traces, directory, started, Say);
            RunSummary.Write(directory, statistics, console);
            if (account?.LeftBehind is { } group)
            {
                Say($"the program made control groups of its own in {group}, which stays; `rmdir` takes it away once they are empty");
            }

            return exit ?? 0;
        }
        catch (Exception e) when (child is not null && e is (RefusedInputException or IOException or UnauthorizedAccessException))
        {
            // It was started for its own sake; what became of the recording is told, and its exit status passed on.
            Say($"{e.Message}. The program goes on unrecorded");
            return child.WaitForExit();
        }
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

    private void Announce(SensorSet set, string directory)
    {
        string sensors = set.Used.Count == 0
            ? "no sensor can be read: power will be estimated from utilisation"
            : string.Join(", ", set.Used.Select(f => $"{f.Domain.Name} by {f.Sensor}"));
        Say($"recording to {directory} · {sensors}");
        foreach (SensorFinding locked in set.Locked.DistinctBy(f => f.Domain))
        {
            Say($"{locked.Domain.Name} is there and may not be read{(locked.Unlock is { } how ? $": {how}" : "")}");
        }
    }

    private void Say(string text) => console.Error.WriteLine($"smaragdine: {Printable.Text(text)}");
}
