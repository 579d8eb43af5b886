using System.CommandLine;
using System.Globalization;
using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine info`: what a file is, how it was recognised, its clock, devices, steps, spans.</summary>
internal static class InfoCommand
{
    public static Command Create(CliConsole console)
    {
        ReportArguments arguments = new();
        Command command = new("info", "What a recording or trace is, how it was recognised, its clock, devices, steps and spans.");
        arguments.AddPathTo(command);
        command.SetAction(parsed => (int)Run(arguments.Bind(parsed, console), console));
        return command;
    }

    private static ExitCode Run(ReportOptions options, CliConsole console)
    {
        string path = options.Path;
        List<Warning> warnings = [];
        TextWriter output = console.Output;
        if (JobLayout.Of(path, options.MaxBytes, warnings.Add) is { } job)
        {
            JobInfo.Write(JobReader.Read(job, new(MaxBytes: options.MaxBytes), warnings.Add), output);
            return Warn(warnings, output);
        }

        Recording recording = RecordingReader.Read(path, new(MaxBytes: options.MaxBytes), warnings.Add);
        RecordingLayout layout = recording.Layout;
        output.WriteLine(Printable.Text(path));
        Line(output, "is", Kind(layout));
        Line(output, "recognised", Recognised(layout));
        if (recording.Manifest.Rank is { } rank)
        {
            Line(output, "rank", $"{JobInfo.RankText(rank)}{JobInfo.SensorsText(recording.Manifest.HoldsSensors)}");
        }

        if (recording.Manifest.Framework is { } framework)
        {
            Line(output, "framework", $"{framework} {recording.Manifest.FrameworkVersion}".TrimEnd());
        }

        Line(output, "clock", $"{recording.Trace.Clock.Description}, to {Precise(recording.Trace.Clock.Error)}");
        Interval? whole = recording.Trace.IsUntraced ? recording.Samples?.Extent ?? recording.Manifest.Run : recording.Trace.Extent();
        if (recording.Trace.Clock.HasEpoch && whole is { } extent)
        {
            Line(output, "from", $"{extent.Start}");
            Line(output, "to", $"{extent.End} ({Figures.Seconds(extent.Length.TotalSeconds)})");
        }

        Line(output, "steps", Steps(recording));
        foreach (DeviceTrace device in recording.Trace.IsUntraced ? [] : recording.Trace.Devices)
        {
            int dispatch = device.Operations.Count(o => o.Traits.HasFlag(OperationTraits.Dispatch));
            Line(output, "device", $"{device.Id}: {N(device.Spans.Count)} spans of {N(device.Operations.Count)} operations{(dispatch > 0 ? $", {N(dispatch)} of them dispatch to a GPU" : "")}");
        }

        Line(output, "sensors", recording.Sensors.Count == 0
            ? "none"
            : string.Join("; ", recording.Sensors.Select(Sensor)));
        Line(output, "activity", recording.Activity is { } activity
            ? $"{N(activity.Timelines.Max(t => t.Count))} intervals, {N(activity.LogicalCpus)} logical CPU{(activity.LogicalCpus == 1 ? "" : "s")}{(activity.Timelines.Count > 1 ? $", {N(activity.Timelines.Count)} sockets" : "")}"
            : "none");
        if (recording.Samples is { } samples)
        {
            StreamTable.Write(samples, output);
        }

        return Warn(warnings, output);
    }

    private static ExitCode Warn(List<Warning> warnings, TextWriter output)
    {
        foreach (Warning warning in warnings)
        {
            Line(output, "warning", Printable.Text(warning.Text));
        }

        return warnings.Exists(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;
    }

    private static string Kind(RecordingLayout layout)
    {
        bool timeline = layout.Timelines.Count > 0;
        bool metadata = layout.RunMetadata.Count > 0;
        if (!timeline && !metadata)
        {
            return Directory.Exists(layout.Root) ? "a recording without traces: power and activity of the whole run" : "a recording's samples: power and activity of the whole run";
        }

        string traces = timeline && metadata ? "TensorFlow timelines and RunMetadata" : metadata ? "TensorFlow RunMetadata" : "TensorFlow timelines";
        return Directory.Exists(layout.Root) ? $"a recording: {traces}" : $"a bare trace: {(metadata ? "TensorFlow RunMetadata" : "a TensorFlow timeline")}";
    }

    private static string Recognised(RecordingLayout layout)
    {
        if (!Directory.Exists(layout.Root))
        {
            return "by its first bytes";
        }

        (string What, int Count)[] kinds =
        [
            ("timeline", layout.Timelines.Count), ("RunMetadata", layout.RunMetadata.Count), ("samples", layout.Samples.Count),
            (Path.GetFileName(layout.Recorded ?? ""), layout.Recorded is null ? 0 : 1),
            ("manifest.json", layout.Manifest is null ? 0 : 1), ("activity.csv", layout.Activity is null ? 0 : 1),
        ];
        return $"by names: {string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => k.Count == 1 ? k.What : $"{N(k.Count)} {k.What} files"))}";
    }

    private static string Steps(Recording recording)
    {
        IReadOnlyList<TracedStep> steps = recording.Trace.Steps;
        if (recording.Trace.IsUntraced && recording.Manifest.Steps.Count == 0)
        {
            return "the run as one";
        }

        string told = recording.Manifest.Steps.Count > 0 ? ", windows from the manifest" : "";
        return steps.Count == 0 ? "none" : $"{N(steps.Count)} ({FootprintBuilder.Ranges([.. steps.Select(s => s.Number)])}){told}";
    }

    internal static string Sensor(DomainPower sensor) =>
        $"{Printable.Text(sensor.Domain.Name)} ({sensor.Quality.Name()}, {Printable.Text(sensor.Source)}, {N(sensor.Timeline.Count)} intervals)";

    private static string Precise(Duration error) => error.Nanoseconds >= 1000 ? $"{error.Nanoseconds / 1000} µs" : $"{error.Nanoseconds} ns";

    internal static string N(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    internal static void Line(TextWriter output, string label, string text) => output.WriteLine($"  {label,-11} {Printable.Fit(text, 2000)}");
}
