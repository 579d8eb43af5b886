using Smaragdine.Formats.Files;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Brings the spans of one file to their devices: rows told apart, clocks checked, runs labelled, GPU rows merged.</summary>
internal sealed class FileSpans(
    SourceFile file,
    OperationTable operations,
    Findings findings,
    TaskRanks ranks,
    GpuRows gpuRows,
    Func<DeviceId, DeviceBuilder> deviceOf)
{
    private readonly List<(DeviceRow Row, SpanTable Spans)> host = [];
    private readonly List<(DeviceRow Row, SpanTable Spans)> gpu = [];
    private List<long> runs = [long.MinValue];
    private long median;

    /// <summary>The rows by which a file's clock is told: the host's, or where it has none, all.</summary>
    private static IEnumerable<SpanTable> ClockRows(SourceFile file)
    {
        SpanTable[] hostRows =
        [
            .. file.Rows.Where(r => r.Device is not null && DeviceRow.Parse(r.Device).Kind is RowKind.Cpu or RowKind.Dispatch).Select(r => r.Spans),
        ];
        return hostRows.Any(s => s.Count > 0) ? hostRows : file.Rows.Select(r => r.Spans);
    }

    /// <summary>The median start of a file's spans on the host's clock; null where it has none.</summary>
    public static long? MedianStart(SourceFile file) => file.MedianStart ??= RowClock.MedianStart(ClockRows(file));

    /// <summary>Adds the spans, which the file then has no longer; returns how many steps a bare file has, 0 for a numbered one.</summary>
    public int AddTo(int firstStep, StepInputs? inputs)
    {
        median = MedianStart(file) ?? 0;
        Sort();
        if (file.Step is null)
        {
            runs = RunBoundaries.Find(host.Select(h => Near(h.Spans)), operations);
        }

        foreach ((DeviceRow row, SpanTable spans) in host)
        {
            AddHost(row, spans, firstStep, inputs);
        }

        foreach (IGrouping<DeviceId, (DeviceRow Row, SpanTable Spans)> device in gpu.GroupBy(r => DeviceId.Gpu(r.Row.Device, ranks.RankOf(r.Row))))
        {
            AddGpu(deviceOf(device.Key), [.. device], firstStep);
        }

        foreach (RowSpans row in file.Rows)
        {
            row.Spans = new();
        }

        return file.Step is null ? runs.Count : 0;
    }

    private void Sort()
    {
        foreach (RowSpans row in file.Rows.Where(r => r.Spans.Count > 0))
        {
            if (row.Device is null)
            {
                LeaveOut(Findings.UnnamedRow, row.Spans, "a row without a name");
                continue;
            }

            DeviceRow kind = DeviceRow.Parse(row.Device);
            if (kind.Kind is RowKind.Unknown)
            {
                LeaveOut(Findings.UnknownDevice, row.Spans, Excerpt.Name(row.Device));
            }
            else if (kind.IsGpu && !RowClock.Near(RowClock.MedianStart([row.Spans])!.Value, median))
            {
                gpuRows.LeaveOut(file.Name, row.Device, row.Spans.Count);
            }
            else if (kind.Kind is not RowKind.NoSpans)
            {
                gpuRows.Add(kind);
                (kind.IsGpu ? gpu : host).Add((kind, row.Spans));
            }
        }
    }

    private void LeaveOut(string kind, SpanTable spans, string place)
    {
        for (int i = 0; i < spans.Count; i++)
        {
            if (findings.Count(kind))
            {
                findings.Place(kind, $"{Excerpt.Name(operations.Names[operations.NameOf(spans.Operations[i])])} in {place}, {file.Name}");
            }
        }
    }

    private void AddHost(DeviceRow row, SpanTable spans, int firstStep, StepInputs? inputs)
    {
        // Work is dispatched by the host's CPU, whichever GPU it is for.
        bool dispatch = row.Kind is RowKind.Dispatch;
        DeviceBuilder device = deviceOf(DeviceId.Cpu(dispatch ? 0 : row.Device, ranks.RankOf(row)));
        OperationTraits traits = dispatch ? OperationTraits.Dispatch : OperationTraits.None;
        DeviceId? dispatchesTo = dispatch ? DeviceId.Gpu(row.Device, ranks.RankOf(row)) : null;
        ReadOnlySpan<long> starts = spans.Starts;
        ReadOnlySpan<long> ends = spans.Ends;
        ReadOnlySpan<int> ids = spans.Operations;
        ReadOnlySpan<int> lanes = spans.Lanes;
        if (device.Trace.Spans.Count == 0)
        {
            // In place: a span is written at or before where it is read. Nobody else holds the row's table.
            spans.Clear();
            device.Trace.Adopt(spans);
        }
        else
        {
            device.Trace.Spans.Reserve(device.Trace.Spans.Count + ids.Length);
        }

        for (int i = 0; i < ids.Length; i++)
        {
            int operation = ids[i];
            if (operations.NameOf(operation) == operations.Names.Source || !IsPlausible(starts[i], ends[i], operation))
            {
                continue;
            }

            device.Add(
                starts[i],
                ends[i],
                operation,
                inputs?.For(operation, operations) ?? operation,
                traits,
                firstStep + RunBoundaries.RunOf(runs, starts[i]),
                lanes[i],
                dispatchesTo);
        }
    }

    private void AddGpu(DeviceBuilder device, List<(DeviceRow Row, SpanTable Spans)> rows, int firstStep)
    {
        for (int r = 0; r < rows.Count; r++)
        {
            rows[r] = (rows[r].Row, Near(rows[r].Spans, count: true));
        }

        foreach (GpuSpan span in RowMerge.Merge(rows, operations))
        {
            device.Add(
                span.Start,
                span.End,
                span.Operation,
                span.Operation,
                span.Copy ? OperationTraits.Copy | OperationTraits.Waits : OperationTraits.None,
                firstStep + RunBoundaries.RunOf(runs, span.Start),
                span.Lane);
        }
    }

    /// <summary>The spans that lie near the file's median; the others are counted on request.</summary>
    private SpanTable Near(SpanTable spans, bool count = false)
    {
        bool all = true;
        for (int i = 0; i < spans.Count && all; i++)
        {
            all = IsNear(spans, i);
        }

        if (all)
        {
            return spans;
        }

        SpanTable near = new();
        for (int i = 0; i < spans.Count; i++)
        {
            if (count ? IsPlausible(spans.Starts[i], spans.Ends[i], spans.Operations[i]) : IsNear(spans, i))
            {
                near.Add(spans.Starts[i], spans.Ends[i], spans.Operations[i], 0, spans.Lanes[i]);
            }
        }

        return near;
    }

    private bool IsNear(SpanTable spans, int i) => RowClock.Near(spans.Starts[i], median) && RowClock.Near(spans.Ends[i], median);

    private bool IsPlausible(long start, long end, int operation)
    {
        if (RowClock.Near(start, median) && RowClock.Near(end, median))
        {
            return true;
        }

        if (findings.Count(Findings.Outlier))
        {
            string name = operations.Names[operations.NameOf(operation)];
            findings.Place(
                Findings.Outlier,
                $"{Excerpt.Name(name)} at {start / 1000:N0} µs in {file.Name}, whose median start is {median / 1000:N0} µs");
        }

        return false;
    }
}
