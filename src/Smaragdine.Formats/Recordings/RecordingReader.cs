using Smaragdine.Activity;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Traces.TensorFlow;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>Reads a recording: a directory of our own or in the paper's layout, or a bare trace.</summary>
public static class RecordingReader
{
    /// <summary>Reads what is there.</summary>
    /// <exception cref="RefusedInputException">there is no trace, or what there is cannot be used.</exception>
    /// <exception cref="NoSuchStepException">no file is of a step that was asked for.</exception>
    public static Recording Read(string path, RecordingOptions options, Action<Warning> warn)
    {
        RecordingLayout layout = Directory.Exists(path) ? RecordingLayout.OfDirectory(path) : OfFile(path, options);
        bool traced = layout.Timelines.Count + layout.RunMetadata.Count > 0;
        if (!traced && (layout.Recorded is null || layout.Others.Count > 0))
        {
            layout = OfUnnamed(layout, options);
            traced = layout.Timelines.Count + layout.RunMetadata.Count > 0;
        }

        Manifest manifest = Manifest.Empty;
        if (layout.Manifest is { } manifestFile)
        {
            using BoundedStream stream = InputFile.Open(manifestFile, options.MaxBytes);
            manifest = Manifest.Read(stream, manifestFile);
        }

        List<TraceFile> traces = [.. layout.RunMetadata, .. layout.Timelines];
        if (traces.Count > 0 && !traces.Exists(f => Wanted(f, options)))
        {
            List<int> steps = [.. traces.Select(f => f.Step).OfType<int>().Distinct().Order()];
            throw new NoSuchStepException($"{path}: none of the traced steps ({FootprintBuilder.Ranges(steps)}) is among those asked for");
        }

        // Steps that were not asked for are read too: on a GPU a step ends where the next one begins. What is wrong with them is not told.
        bool wanted = true;
        TensorFlowTraceBuilder builder = new(w =>
        {
            if (wanted)
            {
                warn(w);
            }
        });
        foreach ((TraceFile file, bool metadata) in layout.RunMetadata.Select(f => (f, true)).Concat(layout.Timelines.Select(f => (f, false))))
        {
            wanted = Wanted(file, options);
            try
            {
                using BoundedStream stream = OpenPart(file.Path, options);
                if (metadata)
                {
                    builder.AddRunMetadata(stream, file.Step);
                }
                else
                {
                    builder.AddTimeline(stream, file.Step);
                }
            }
            catch (RefusedInputException) when (!wanted)
            {
            }
        }

        wanted = true;
        RecordedSamples? samples = layout.Recorded is { } recorded ? ReadRecorded(recorded, manifest, options, warn) : null;
        (IReadOnlyList<DomainPower> sensors, ActivityInput? activity) = ReadSamples(layout, manifest, options, samples, warn);
        Trace trace = traced
            ? builder.Build(manifest.Steps.Count == 0 ? null : manifest.Steps.ToDictionary(s => s.Number, s => s.Window))
            : options.IsOneRank ? UntracedRun.OfRank(manifest) : UntracedRun.Of(path, manifest, samples, sensors, activity);
        return new()
        {
            Path = path,
            Layout = layout,
            Manifest = manifest,
            Trace = trace,
            Naming = new TensorFlowNaming(),
            Sensors = sensors,
            Activity = activity,
            Samples = samples,
        };
    }

    private static RecordedSamples ReadRecorded(string file, Manifest manifest, RecordingOptions options, Action<Warning> warn)
    {
        RecordedSamples samples;
        if (File.Exists(file) && new FileInfo(file).Length == 0)
        {
            // Killed before its first write: everywhere else an empty file is refused.
            samples = RecordingStreamReader.Read(Stream.Null, file, warn);
        }
        else
        {
            using BoundedStream stream = InputFile.Open(file, options.MaxBytes);
            samples = RecordingStreamReader.Read(stream, file, warn);
        }

        samples.CheckClocks(warn);
        if (manifest.Failure is { } failure)
        {
            warn(new("recording-stopped", $"the recorder stopped before the program did: {Excerpt.Of(failure, 300)}", Incomplete: true));
        }

        return samples;
    }

    /// <summary>A file of a directory. A pipe among them has no length, and opening one would wait for a writer that never comes.</summary>
    private static BoundedStream OpenPart(string path, RecordingOptions options) => new FileInfo(path).Length > 0
        ? InputFile.Open(path, options.MaxBytes)
        : throw new RefusedInputException($"{path}: the file is empty");

    private static bool Wanted(TraceFile file, RecordingOptions options) =>
        file.Step is not { } step || options.Steps is null || options.Steps.Contains(step);

    private static (IReadOnlyList<DomainPower> Sensors, ActivityInput? Activity) ReadSamples(
        RecordingLayout layout, Manifest manifest, RecordingOptions options, RecordedSamples? samples, Action<Warning> warn)
    {
        IReadOnlyList<DomainPower> sensors = [];
        ActivityInput? activity = null;
        if (layout.Samples.Count > 0)
        {
            DataSetReader reader = new();
            foreach (TraceFile file in layout.Samples)
            {
                using BoundedStream stream = OpenPart(file.Path, options);
                reader.Add(stream, warn);
            }

            sensors = reader.ToPower(warn);
            activity = reader.ToActivity(manifest.ClockTicks, warn);
            if (manifest.SimulatedSensors)
            {
                sensors = [.. sensors.Select(s => s with { Quality = Quality.Simulated })];
            }
        }

        if (samples is not null)
        {
            // Whoever made a directory with both kinds of samples: ours are the finer ones.
            sensors = !options.IsOneRank && samples.ToPower(warn) is { Count: > 0 } own ? own : sensors;
            activity = samples.ToActivity(manifest, warn) ?? activity;
        }

        if (layout.Activity is { } activityFile)
        {
            using BoundedStream stream = InputFile.Open(activityFile, options.MaxBytes);
            activity = ActivityLogReader.Read(stream, manifest.ClockTicks, warn);
        }

        return (sensors, activity);
    }

    /// <summary>A single file, recognised by its first bytes.</summary>
    private static RecordingLayout OfFile(string path, RecordingOptions options)
    {
        byte[] head = Head(path, options);
        if (RecordingStreamReader.Recognises(head))
        {
            return new() { Root = path, Recorded = path };
        }

        return Place(new() { Root = path }, path, TensorFlowFormats.Recognise(head)) ?? throw new RefusedInputException(
            $"{path}: not a trace that is known here. Expected TensorFlow's timeline JSON (an object with `traceEvents`) or a RunMetadata / StepStats protobuf, gzipped or not; it begins with `{Excerpt.Of(head.AsSpan(0, Math.Min(head.Length, 64)), 40)}`");
    }

    /// <summary>A directory whose traces have other names than the paper's layout: the one file that is a trace.</summary>
    private static RecordingLayout OfUnnamed(RecordingLayout layout, RecordingOptions options)
    {
        List<RecordingLayout> found = [];
        foreach (string file in layout.Others)
        {
            if (new FileInfo(file).Length > 0 && Place(layout, file, TensorFlowFormats.Recognise(Head(file, options))) is { } placed)
            {
                found.Add(placed);
            }
        }

        return found.Count switch
        {
            1 => found[0],
            0 when layout.Recorded is not null => layout,
            0 => throw layout.NoTrace(),
            _ => throw new RefusedInputException(
                $"{layout.Root}: holds {found.Count} traces without a step in their names; report one of them, or name them timeline-1.json, timeline-2.json, … if they are steps of one run"),
        };
    }

    private static RecordingLayout? Place(RecordingLayout layout, string file, TensorFlowFormat format) => format switch
    {
        TensorFlowFormat.Timeline => layout with { Timelines = [new(file, null)] },
        TensorFlowFormat.RunMetadata or TensorFlowFormat.StepStats => layout with { RunMetadata = [new(file, null)] },
        _ => null,
    };

    private static byte[] Head(string path, RecordingOptions options)
    {
        InputFile.RequireRereadable(path);
        byte[] head = new byte[TensorFlowFormats.HeadBytes];
        using BoundedStream stream = InputFile.Open(path, options.MaxBytes);
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }
}
