using Google.Protobuf;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Traces.TensorFlow.Wire;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// Reads RunMetadata, or the StepStats inside it alone. Its outer levels are walked, never built: only one NodeExecStats is in memory at a
/// time. `scheduled_micros` is not used: in rows of the GPU tracer it holds nanoseconds, in TensorFlow 2 nanoseconds of another clock.
/// </summary>
internal sealed class StepStatsReader
{
    private static readonly MessageParser<NodeExecStats> Nodes = NodeExecStats.Parser.WithDiscardUnknownFields(true);

    /// <summary>Devices and streams of one file. Each costs memory.</summary>
    private const int MaxRows = 10_000;

    private const string EndsInside = "the file ends inside a field";

    private readonly CodedInputStream input;
    private readonly BoundedStream stream;
    private readonly SourceFile file;
    private readonly OperationTable operations;
    private readonly Findings findings;
    private readonly Dictionary<string, RowSpans> rows = new(StringComparer.Ordinal);
    private int[] inputs = new int[16];
    private bool microsecondsOnly;
    private long kept;
    private long whole;

    private StepStatsReader(BoundedStream stream, CodedInputStream input, SourceFile file, OperationTable operations, Findings findings)
    {
        this.stream = stream;
        this.input = input;
        this.file = file;
        this.operations = operations;
        this.findings = findings;
    }

    /// <summary>Reads a RunMetadata or StepStats.</summary>
    /// <exception cref="RefusedInputException">it is neither.</exception>
    public static SourceFile Read(BoundedStream stream, int? step, OperationTable operations, Findings findings, Action<Warning> warn)
    {
        byte[] head = new byte[512];
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        TensorFlowFormat format = TensorFlowFormats.Recognise(head.AsSpan(0, length));
        if (format is not (TensorFlowFormat.RunMetadata or TensorFlowFormat.StepStats))
        {
            throw new RefusedInputException(
                $"{stream.Name}: no RunMetadata or StepStats of TensorFlow: expected a protobuf that begins with a device's statistics");
        }

        SourceFile source = new(stream.Name, step, IsRunMetadata: true);
        using HeadedStream headed = new(head.AsMemory(0, length), stream);
        using CodedInputStream coded = new(headed);
        StepStatsReader reader = new(stream, coded, source, operations, findings);
        try
        {
            reader.ReadMessages(format is TensorFlowFormat.RunMetadata, long.MaxValue);
            if (stream.Truncated)
            {
                reader.Cut(warn, "the gzip data ends early or is damaged");
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            reader.Cut(warn, stream.Truncated ? "the gzip data ends early or is damaged" : Why(e));
        }

        source.HasNanoseconds = !reader.microsecondsOnly;
        return source;
    }

    private static string Why(Exception e) =>
        e is InvalidDataException ? e.Message
        : e.Message.Contains("middle of a field", StringComparison.Ordinal) ? EndsInside
        : "no protobuf from here";

    private void Cut(Action<Warning> warn, string why)
    {
        file.Cut = true;
        warn(new("trace-cut", $"{file.Name}, byte {whole:N0}: {why}; the {kept:N0} operation{(kept == 1 ? "" : "s")} before it {(kept == 1 ? "is" : "are")} kept", Incomplete: true));
    }

    /// <summary>RunMetadata → its step_stats; StepStats → its dev_stats. Both are field 1.</summary>
    private void ReadMessages(bool isRunMetadata, long end)
    {
        while (Tag(end) is uint tag and not 0)
        {
            if (tag != WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
            {
                Skip();
                continue;
            }

            long inner = End(end);
            if (isRunMetadata)
            {
                ReadMessages(isRunMetadata: false, inner);
            }
            else
            {
                ReadDevice(inner);
            }

            whole = input.Position;
        }
    }

    private void ReadDevice(long end)
    {
        RowSpans row = new();
        DeviceRow kind = default;
        while (Tag(end) is uint tag and not 0)
        {
            if (tag == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
            {
                string device = input.ReadString();
                kind = DeviceRow.Parse(device);
                if (!rows.TryGetValue(device, out RowSpans? known))
                {
                    if (rows.Count == MaxRows)
                    {
                        throw new RefusedInputException($"{file.Name}: more than {MaxRows:N0} devices: this is no RunMetadata of TensorFlow");
                    }

                    known = row;
                    known.Device = device;
                    rows.Add(device, known);
                    file.Rows.Add(known);
                }

                row = known;
            }
            else if (tag == WireFormat.MakeTag(2, WireFormat.WireType.LengthDelimited))
            {
                Take(Nodes.ParseFrom(input.ReadBytes()), row, kind);
                whole = input.Position;
            }
            else
            {
                Skip();
            }
        }

        if (row.Device is null && row.Spans.Count > 0)
        {
            file.Rows.Add(row);
        }
    }

    private void Take(NodeExecStats node, RowSpans row, DeviceRow kind)
    {
        if (!TryTimes(node, out long start, out long end))
        {
            return;
        }

        int count = 0;
        string name = node.NodeName;
        string type;
        if (kind.IsGpu)
        {
            (name, type) = Labels.ParseKernel(node.TimelineLabel, node.NodeName);
        }
        else if (name is "RecvTensor")
        {
            type = name; // the RPC layer's label follows no pattern
        }
        else
        {
            _ = Labels.TryParseHost(node.TimelineLabel, out type, out string[] names);
            count = names.Length;
            if (inputs.Length < count)
            {
                inputs = new int[2 * count];
            }

            for (int i = 0; i < count; i++)
            {
                inputs[i] = operations.Names.Intern(names[i]);
            }
        }

        int operation = operations.Intern(operations.Names.Intern(name), operations.Names.Intern(type), inputs.AsSpan(0, count));
        if (node.Output.Count > 0 && !operations.HasOutputs(operation))
        {
            operations.SetOutputs(operation, [.. node.Output.Select(ToTensor)]);
        }

        row.Spans.Add(start, end, operation, step: 0, (int)node.ThreadId);
        kept++;
    }

    private bool TryTimes(NodeExecStats node, out long start, out long end)
    {
        start = end = 0;
        string? fault = null;
        Int128 begin = node.AllStartNanos != 0 ? node.AllStartNanos : (Int128)node.AllStartMicros * 1000;
        Int128 duration = node.AllEndRelNanos != 0 ? node.AllEndRelNanos : (Int128)node.AllEndRelMicros * 1000;
        microsecondsOnly |= node.AllStartNanos == 0;
        if (duration < 0)
        {
            fault = Findings.Negative;
        }
        else if (begin < long.MinValue || begin + duration > long.MaxValue)
        {
            fault = Findings.Overflow;
        }
        else
        {
            start = (long)begin;
            end = (long)(begin + duration);
        }

        if (fault is not null && findings.Count(fault))
        {
            findings.Place(fault, $"{Excerpt.Name(node.NodeName)}, {file.Name}, before byte {input.Position:N0}");
        }

        return fault is null;
    }

    private static TensorInfo ToTensor(NodeOutput output)
    {
        TensorDescription? tensor = output.TensorDescription;
        return new(
            output.Slot,
            ElementTypes.NameOf(tensor?.Dtype ?? 0),
            tensor?.Shape is { UnknownRank: false } shape ? [.. shape.Dim.Select(d => d.Size)] : [],
            tensor?.AllocationDescription?.RequestedBytes ?? 0);
    }

    /// <summary>The next tag before <paramref name="end"/>; 0 at it.</summary>
    private uint Tag(long end)
    {
        if (input.Position > end)
        {
            throw new InvalidDataException("a field reaches beyond the message that holds it");
        }

        uint tag = input.Position == end ? 0 : input.ReadTag();
        return tag == 0 && end != long.MaxValue && input.Position != end ? throw new InvalidDataException(EndsInside) : tag;
    }

    private void Skip() => input.SkipLastField();

    /// <summary>Where the message that begins here ends.</summary>
    private long End(long outer)
    {
        long length = input.ReadLength();
        long end = input.Position + length;
        return length < 0 || end > outer ? throw new InvalidDataException("a message reaches beyond the one that holds it") : end;
    }
}
