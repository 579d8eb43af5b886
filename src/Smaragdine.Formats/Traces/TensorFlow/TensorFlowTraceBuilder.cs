using Smaragdine.Formats.Files;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// Makes one <see cref="Trace"/> of the files that TensorFlow wrote of a run: timelines (JSON), RunMetadata and StepStats (protobuf), one of
/// each per step. Where a step has both, RunMetadata wins (nanoseconds, shapes), unless it alone was cut; the timeline adds inputs.
/// What is wrong with single spans is counted, and told in one warning of a kind by <see cref="Build"/>. Not thread-safe.
/// </summary>
/// <param name="warn">Told of what was cut, left out or may mislead.</param>
public sealed class TensorFlowTraceBuilder(Action<Warning> warn)
{
    private readonly OperationTable operations = new(new());
    private readonly Findings findings = new();
    private readonly List<SourceFile> files = [];
    private readonly SortedDictionary<DeviceId, DeviceBuilder> devices = [];

    /// <summary>Adds a timeline.</summary>
    /// <param name="stream">The JSON; left open.</param>
    /// <param name="step">The step it is of; null for a bare file, whose runs are told apart by `_SOURCE` and numbered from 1.</param>
    /// <exception cref="RefusedInputException">it is no timeline.</exception>
    public void AddTimeline(BoundedStream stream, int? step) =>
        Add(TimelineReader.Read(stream, step, operations, findings, warn));

    /// <summary>Adds a RunMetadata, or the StepStats of one.</summary>
    /// <param name="stream">The protobuf; left open.</param>
    /// <param name="step">As of <see cref="AddTimeline"/>.</param>
    /// <exception cref="RefusedInputException">it is neither.</exception>
    public void AddRunMetadata(BoundedStream stream, int? step) =>
        Add(StepStatsReader.Read(stream, step, operations, findings, warn));

    /// <summary>The trace of everything that was added.</summary>
    /// <param name="stepWindows">When each step ran, from the manifest; null where there is none.</param>
    /// <exception cref="RefusedInputException">no file holds an operation.</exception>
    public Trace Build(IReadOnlyDictionary<int, Interval>? stepWindows)
    {
        List<SourceFile> chosen = ChooseFiles();
        ILookup<int, SourceFile> inputFiles = files.Where(f => f is { IsRunMetadata: false, Step: not null }).ToLookup(f => f.Step!.Value);
        TaskRanks ranks = new(chosen.SelectMany(f => f.Rows).Select(r => DeviceRow.Parse(r.Device ?? "")));
        int next = 1 + files.Max(f => f.Step) ?? 1;
        GpuRows seen = new();
        TraceClock clock = ClockOf(chosen);
        foreach (SourceFile file in chosen)
        {
            StepInputs? inputs = file is { IsRunMetadata: true, Step: { } step } ? new(inputFiles[step], operations) : null;
            next += new FileSpans(file, operations, findings, ranks, seen, DeviceOf).AddTo(file.Step ?? next, inputs);
        }

        seen.Warn(ranks, warn);
        foreach (Warning warning in findings.ToWarnings())
        {
            warn(warning);
        }

        DeviceTrace[] traces = [.. devices.Values.Select(d => d.Trace).Where(d => d.Spans.Count > 0)];
        if (traces.Length == 0)
        {
            throw new RefusedInputException(
                $"{(files.Count == 0 ? "nothing" : string.Join(", ", files.Take(3).Select(f => f.Name)))}: no operation of TensorFlow in it."
                + " Was the step traced (RunOptions.FULL_TRACE), and is this its timeline or RunMetadata?");
        }

        return new()
        {
            Devices = traces,
            Steps = StepsOf(traces, stepWindows),
            Clock = clock,
            Framework = "TensorFlow",
        };
    }

    private void Add(SourceFile file)
    {
        if (file.Step is { } step && files.Find(f => f.Step == step && f.IsRunMetadata == file.IsRunMetadata) is { } other)
        {
            throw new RefusedInputException($"{file.Name}: step {step} was already read from {other.Name}; give each step once");
        }

        if (file.SpanCount == 0)
        {
            warn(new("trace-empty", $"{file.Name}: no operation of TensorFlow in it", file.Cut));
        }

        files.Add(file);
    }

    /// <summary>Of each step the better file: RunMetadata, but a whole timeline rather than a RunMetadata that was cut.</summary>
    private List<SourceFile> ChooseFiles() =>
    [
        .. files.Where(f => f.Step is null),
        .. files.Where(f => f.Step is not null).GroupBy(f => f.Step).OrderBy(g => g.Key)
            .Select(g => g.OrderBy(f => f.SpanCount == 0).ThenBy(f => f.Cut).ThenBy(f => !f.IsRunMetadata).First()),
    ];

    private DeviceBuilder DeviceOf(DeviceId id)
    {
        if (!devices.TryGetValue(id, out DeviceBuilder? device))
        {
            device = new(id, operations);
            devices.Add(id, device);
        }

        return device;
    }

    private static TracedStep[] StepsOf(DeviceTrace[] traces, IReadOnlyDictionary<int, Interval>? windows)
    {
        SortedSet<int> numbers = [];
        foreach (DeviceTrace device in traces)
        {
            int last = -1;
            foreach (int step in device.Spans.Steps)
            {
                // Steps come in long runs.
                if (step != last)
                {
                    numbers.Add(last = step);
                }
            }
        }

        return [.. numbers.Select(n => new TracedStep(n, windows is not null && windows.TryGetValue(n, out Interval window) ? window : null))];
    }

    private static TraceClock ClockOf(List<SourceFile> chosen)
    {
        bool hasNanoseconds = chosen.Where(f => f.SpanCount > 0).All(f => f.HasNanoseconds);
        bool isUnix = chosen.All(f => f.SpanCount == 0 || RowClock.IsUnix(FileSpans.MedianStart(f) ?? 0));
        string unit = hasNanoseconds ? "ns" : "µs";
        return new(
            isUnix,
            Duration.FromNanoseconds(hasNanoseconds ? 1 : 1000),
            isUnix ? $"Unix time in {unit}" : $"{unit} since a moment that the file does not tell");
    }
}
