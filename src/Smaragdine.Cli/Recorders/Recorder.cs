using System.Runtime.InteropServices;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Reports;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Activity;
using Smaragdine.Sensors.Children;
using Smaragdine.Sensors.Context;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Gpus;
using Smaragdine.Sensors.Host;
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
        if (options.Pid is { } running && !Directory.Exists($"/proc/{running}"))
        {
            throw new RefusedInputException($"there is no process {running}");
        }

        HostFacts host = HostProbe.Read(SystemRoot.Real);
        RankFacts? rank = RankVariables.Read(Environment.GetEnvironmentVariable);
        JobPlace? place = JobPlace.Of(options, host.Name, rank);
        string directory = place?.Directory ?? options.Output ?? $"smaragdine-{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}";
        if (place is not null)
        {
            RecordingFolder.RefuseRecording(place.Root);
            RecordingFolder.Make(directory);
        }

        using HostLock? elected = place is null ? null : Elect(place);
        bool readsSensors = place is null || elected is not null;
        SensorSet found = SensorSet.Find(options.Root, options.Sensors);
        using ExternalSensors external = SensorCommands.Start(readsSensors ? options.SensorCommands : [], talk);
        found = SensorCommands.Join(found, external, talk, options.RequireMeasured);

        // Who leaves the sensors to another starts no sensor commands: whether these measure anything is for the other to find out.
        bool knows = readsSensors || options.SensorCommands.Count == 0;
        if (options.RequireMeasured && knows && found.Used.Count == 0 && !external.Streams.Any(s => s.Quality is Quality.Measured))
        {
            if (readsSensors)
            {
                Say("nothing can be measured here, only estimated, and `--require measured` was given. `smaragdine doctor` says why");
            }

            RecordingFolder.Unmake(directory);
            return (int)ExitCode.No;
        }

        SensorSet set = readsSensors ? found : SensorSet.None;
        IReadOnlyDictionary<string, Watts> baseline = new Dictionary<string, Watts>(StringComparer.Ordinal);
        if (options.Baseline is { } rest && set.Used.Count + external.Streams.Count > 0)
        {
            Say($"measuring idle power for {Figures.Seconds(rest.TotalSeconds)} …");
            baseline = SamplingRun.Baseline(set, external, options.Period ?? Duration.FromMilliseconds(20), rest);
        }
        else if (options.Baseline is { } others && place is not null)
        {
            // A host is not idle while one of its ranks runs already.
            Thread.Sleep(TimeSpan.FromSeconds(others.TotalSeconds));
        }

        if (place is null)
        {
            RecordingFolder.Make(directory);
        }

        // Of every rank, whoever reads them: which of the host's GPUs it calls what.
        GpuCensus gpus = GpuCensus.Open(options.Root, SystemRoot.Real, options.Pid ?? Environment.ProcessId, found.Used);
        IReadOnlyList<string>? command = options.HideCommand || options.Pid is not null ? null : options.Command;
        ManifestFacts facts = HostManifest.Of(host with { Gpus = gpus.Facts(out _) }, rank, command, options.Pid, baseline) with { HoldsSensors = place is null ? null : readsSensors };
        try
        {
            return Record(set, external, gpus, directory, place, elected, facts);
        }
        catch (ChildProcessException e)
        {
            Say(e.Message);
            RecordingFolder.Unmake(directory);
            return e.ExitCode;
        }
    }

    /// <summary>One process of a host reads its sensors; null where another does, or where none can be chosen.</summary>
    private HostLock? Elect(JobPlace place)
    {
        try
        {
            return HostLock.TryTake(place.LockFile);
        }
        catch (IOException e)
        {
            Say($"rank {place.Rank.Rank} cannot tell whether another reads the host's sensors, and leaves them alone: {e.Message}");
            return null;
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

    private int Record(
        SensorSet set,
        ExternalSensors external,
        GpuCensus gpus,
        string directory,
        JobPlace? place,
        HostLock? elected,
        ManifestFacts facts)
    {
        DateTime started = DateTime.UtcNow;

        // Everything is read already when the program starts: its first milliseconds count like all others.
        using ProgramWatch? watch = options.Pid is null ? ProgramWatch.Create(SystemRoot.Real, BusyTimeSensor.DefaultPeriod) : null;
        ISensor[] sensors =
        [
            .. set.Open(options.Period),
            .. watch is null ? ActivitySensors.OfRunning(SystemRoot.Real, options.Pid!.Value) : ActivitySensors.Of(SystemRoot.Real, watch),
            .. gpus.Watch is { } users ? [users] : Array.Empty<ISensor>(),
            .. facts.HoldsSensors is false ? [] : ContextSensors.Open(options.Root, set.Used),
        ];
        using RecordingWriter writer = Create(directory, sensors, facts);
        external.Attach(writer);
        using Sampler sampler = new(sensors, writer, MonotonicClock.Instance);
        sampler.Start();
        using ChildProcess? child = watch?.Start(options.Command);
        try
        {
            if (child is not null)
            {
                gpus.Follow(child.Pid);
                facts = facts with { Program = facts.Program with { ProcessId = child.Pid } };
                writer.Tell(facts);
            }

            using SensorSuccession? succession = place is null || elected is not null
                ? null
                : new(place, options, () => SensorSet.Find(options.Root, options.Sensors), writer, facts, talk);
            if (succession is null)
            {
                Announce(set, external, directory, place);
            }

            int? exit = Wait(child, options.Pid ?? child!.Pid);
            succession?.Stop();
            SamplerStatistics statistics = sampler.Stop();
            external.Detach();

            // At once: a rank that goes on should read them, not wait for this one's last bytes.
            elected?.Dispose();
            ProgramAccount? account = watch?.End();
            SamplingStatistics counted = SamplingReport.ToFormat(statistics, account);
            if (succession is { TookOver: true })
            {
                counted = counted with { Streams = succession.Placed(counted.Streams) };
                facts = facts with { HoldsSensors = true };
            }

            facts = facts with { Program = facts.Program with { ExitCode = exit }, Host = facts.Host with { Gpus = gpus.Facts(out string? doubt) } };
            writer.Finish(counted, facts);
            TraceGathering.Gather([.. options.Traces.Select(t => place?.Expand(t) ?? t)], directory, started, Say);
            if (facts.HoldsSensors is not false)
            {
                RunSummary.Write(directory, place?.Root ?? directory, statistics, console);
            }

            if (doubt is not null)
            {
                Say($"which of the GPUs the program calls GPU:0 is not certain: {doubt}. `smaragdine report --map gpu-0=GPU:0` says it");
            }

            if (account?.LeftBehind is { } group)
            {
                Say($"the program made control groups of its own in {group}, which stays; `rmdir` takes it away once they are empty");
            }

            return exit ?? 0;
        }
        catch (Exception e) when (child is not null && e is (RefusedInputException or IOException or UnauthorizedAccessException))
        {
            // It was started for its own sake; what became of the recording is told, and its exit status passed on.
            elected?.Dispose();
            Say($"{e.Message}. The program goes on unrecorded");
            return child.WaitForExit();
        }
    }

    /// <summary>Until the program ends, the time is over, or the user says so.</summary>
    /// <returns>The child's exit status; null where it is another's child or goes on.</returns>
    private int? Wait(ChildProcess? child, int pid)
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

        using ManualResetEventSlim interrupted = new();
        using PosixSignalRegistration key = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration told = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        long start = TimeProvider.System.GetTimestamp();
        while (Directory.Exists($"/proc/{pid}") && !interrupted.IsSet
            && (most == Timeout.InfiniteTimeSpan || TimeProvider.System.GetElapsedTime(start) < most))
        {
            interrupted.Wait(20);
        }

        if (!Directory.Exists($"/proc/{pid}"))
        {
            Say($"process {pid} has ended");
        }

        return null;

        void Stop(PosixSignalContext context)
        {
            // There is a recording to finish; whoever signals once more means this process.
            context.Cancel = !interrupted.IsSet;
            interrupted.Set();
        }
    }

    private void Announce(SensorSet set, ExternalSensors external, string directory, JobPlace? place)
    {
        string read = SensorCommands.Names(set, external);
        string sensors = read.Length == 0 ? "no sensor can be read: power will be estimated from utilisation" : read;
        Say(place is null
            ? $"recording to {directory} · {sensors}"
            : $"recording {place.Rank.WorldSize} ranks to {place.Root} · {place.Host}: rank {place.Rank.Rank} reads the sensors for all ranks there · {sensors}");
        foreach (SensorFinding locked in set.Locked.DistinctBy(f => f.Domain))
        {
            Say($"{locked.Domain.Name} is there and may not be read{(locked.Unlock is { } how ? $": {how}" : "")}");
        }
    }

    private void Say(string text) => talk.Say(text);
}
