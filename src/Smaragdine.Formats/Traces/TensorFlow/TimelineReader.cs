using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// Reads the JSON that tensorflow/python/client/timeline.py writes: never the whole text, never a tree of it. An event that does not lie
/// whole in the buffer is read again once more of it is there.
/// </summary>
internal sealed class TimelineReader : IDisposable
{
    /// <summary>Bytes of one event that are read again for mending it before it counts as damage.</summary>
    private const long MendingBudget = 256_000_000;

    /// <summary>Tokens that are mended in one file: each costs an exception or two (30 µs).</summary>
    private const int MaxMendings = 250_000;

    /// <summary>Rows of a timeline: two a device. Each costs memory.</summary>
    private const int MaxRows = 10_000;

    /// <summary>Deeper nesting is damage. Nothing here recurses: this bounds memory (one bit a level), not the stack.</summary>
    private static readonly JsonReaderOptions Options =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 100_000 };

    private readonly JsonWindow window;
    private readonly OperationTable operations;
    private readonly Findings findings;
    private readonly Action<Warning> warn;
    private readonly SourceFile file;
    private readonly TimelineEvent current = new();
    private readonly ByteTable processes = new();
    private readonly List<RowSpans> rows = [];
    private int[] inputs = new int[16];
    private long events;
    private long kept;
    private int lastName = -1;
    private bool sawEvents;
    private int mendings;

    private TimelineReader(BoundedStream stream, SourceFile file, OperationTable operations, Findings findings, Action<Warning> warn)
    {
        window = new(stream);
        this.file = file;
        this.operations = operations;
        this.findings = findings;
        this.warn = warn;
    }

    /// <summary>Reads a timeline.</summary>
    /// <exception cref="RefusedInputException">it is none, or an event is too long.</exception>
    public static SourceFile Read(BoundedStream stream, int? step, OperationTable operations, Findings findings, Action<Warning> warn)
    {
        SourceFile source = new(stream.Name, step, IsRunMetadata: false);
        using TimelineReader reader = new(stream, source, operations, findings, warn);
        reader.Read();
        source.Rows.AddRange(reader.rows);
        return source;
    }

    public void Dispose() => window.Dispose();

    private void Read()
    {
        SkipByteOrderMark();
        Utf8JsonReader reader = new(window.Bytes, isFinalBlock: false, new JsonReaderState(Options));
        switch (Next(ref reader))
        {
            case Step.Token when reader.TokenType is JsonTokenType.StartArray:
                sawEvents = true;
                if (ReadEvents(ref reader, bare: true))
                {
                    ReadTrailer(ref reader);
                }

                return;
            case Step.Token when reader.TokenType is JsonTokenType.StartObject:
                ReadDocument(ref reader);
                return;
            default:
                throw NotATrace();
        }
    }

    private void ReadDocument(ref Utf8JsonReader reader)
    {
        while (true)
        {
            switch (Next(ref reader))
            {
                case Step.Token when reader.TokenType is JsonTokenType.EndObject:
                    if (!sawEvents)
                    {
                        throw NoEvents();
                    }

                    ReadTrailer(ref reader);
                    return;
                case Step.Token:
                    break;
                case Step.End when sawEvents && !window.Stream.Truncated:
                    Unclosed("}");
                    return;
                case Step.End:
                    Cut();
                    return;
                default:
                    Damaged(ref reader);
                    return;
            }

            bool isEvents = reader.ValueTextEquals("traceEvents"u8);
            Step step = Next(ref reader);
            if (step is Step.Token && isEvents && reader.TokenType is JsonTokenType.StartArray)
            {
                sawEvents = true;
                if (!ReadEvents(ref reader, bare: false))
                {
                    return;
                }

                continue;
            }

            if (step is Step.Token)
            {
                step = Skip(ref reader);
            }

            if (step is Step.End)
            {
                Cut();
                return;
            }

            if (step is Step.Damage)
            {
                Damaged(ref reader);
                return;
            }
        }
    }

    /// <summary>Reads to the array's end; false where the file ends or breaks before.</summary>
    private bool ReadEvents(ref Utf8JsonReader reader, bool bare)
    {
        while (true)
        {
            switch (Next(ref reader))
            {
                case Step.Token when reader.TokenType is JsonTokenType.EndArray:
                    return true;
                case Step.Token when reader.TokenType is JsonTokenType.StartObject:
                    if (!ReadEvent(ref reader))
                    {
                        return false;
                    }

                    ReadPlainEvents(ref reader);
                    break;
                case Step.Token:
                    Step skipped = Skip(ref reader);
                    if (skipped is Step.Damage)
                    {
                        Damaged(ref reader);
                        return false;
                    }

                    if (skipped is Step.End)
                    {
                        Cut();
                        return false;
                    }

                    break;
                case Step.End when BetweenEvents() && !window.Stream.Truncated:
                    // The trace event format lets a bare array end without its bracket; a writer that was killed leaves the same.
                    if (!bare)
                    {
                        Unclosed("]}");
                    }

                    return false;
                case Step.End:
                    Cut();
                    return false;
                default:
                    Damaged(ref reader);
                    return false;
            }
        }
    }

    private bool ReadEvent(ref Utf8JsonReader reader)
    {
        Utf8JsonReader begin = reader;
        long budget = MendingBudget;
        while (true)
        {
            try
            {
                if (current.TryRead(ref reader))
                {
                    events++;
                    Take((int)begin.BytesConsumed - 1);
                    return true;
                }
            }
            catch (JsonException)
            {
                Mended mended = Mend(begin, ref budget);
                if (mended is Mended.No)
                {
                    Damaged(ref begin);
                    return false;
                }

                if (mended is not Mended.NeedsMore)
                {
                    reader = begin = Again(begin);
                    continue;
                }
            }

            if (!Refill(ref begin))
            {
                Cut(inEvent: true);
                return false;
            }

            reader = begin;
        }
    }

    /// <summary>
    /// Reads on from the end of an event for as long as plain ones follow that lie whole in the buffer; the reader takes over where they
    /// end, in the state in which it left the event before them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadPlainEvents(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> bytes = window.Bytes;
        int good = (int)reader.BytesConsumed;
        int at = good;
        while (PlainJson.TrySkipTo((byte)',', bytes, ref at) && PlainJson.TrySkipTo((byte)'{', bytes, ref at))
        {
            int begin = at - 1;
            if (!current.TryReadPlain(bytes, ref at))
            {
                break;
            }

            events++;
            Take(begin);
            good = at;
        }

        if (good > reader.BytesConsumed)
        {
            window.Discard(good);
            reader = new(window.Bytes, isFinalBlock: false, reader.CurrentState);
        }
    }

    private enum Step
    {
        Token,
        End,
        Damage,
    }

    /// <summary>Reads a token between events, however far away its end is.</summary>
    private Step Next(ref Utf8JsonReader reader)
    {
        Utf8JsonReader before = reader;
        long budget = MendingBudget;
        while (true)
        {
            try
            {
                if (reader.Read())
                {
                    return Step.Token;
                }
            }
            catch (JsonException)
            {
                Mended mended = Mend(before, ref budget);
                if (mended is Mended.No)
                {
                    reader = before;
                    return Step.Damage;
                }

                if (mended is not Mended.NeedsMore)
                {
                    reader = before = Again(before);
                    continue;
                }
            }

            if (!Refill(ref before))
            {
                reader = before;
                return Step.End;
            }

            reader = before;
        }
    }

    /// <summary>Reads over the value that has just begun, token by token: it may be longer than any buffer.</summary>
    private Step Skip(ref Utf8JsonReader reader)
    {
        int depth = 0;
        while (true)
        {
            depth += reader.TokenType switch
            {
                JsonTokenType.StartArray or JsonTokenType.StartObject => 1,
                JsonTokenType.EndArray or JsonTokenType.EndObject => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return Step.Token;
            }

            Step step = Next(ref reader);
            if (step is not Step.Token)
            {
                return step;
            }
        }
    }

    private Mended Mend(Utf8JsonReader from, ref long budget)
    {
        int good = JsonMending.LastGood(from);
        budget -= good - from.BytesConsumed;
        if (budget < 0 || ++mendings > MaxMendings)
        {
            return Mended.No;
        }

        Mended mended = JsonMending.Mend(window.Bytes, good);
        if (mended is Mended.Text && findings.Count(Findings.ControlCharacter))
        {
            findings.Place(Findings.ControlCharacter, At(0));
        }

        return mended;
    }

    /// <summary>The same place again, for bytes that were changed: what the reader has read stays behind.</summary>
    private Utf8JsonReader Again(Utf8JsonReader reader)
    {
        window.Discard((int)reader.BytesConsumed);
        return new(window.Bytes, isFinalBlock: false, reader.CurrentState);
    }

    private bool Refill(ref Utf8JsonReader reader)
    {
        window.Discard((int)reader.BytesConsumed);
        bool more = window.More();
        reader = new(window.Bytes, isFinalBlock: false, reader.CurrentState);
        return more;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int at)
    {
        ReadOnlySpan<byte> bytes = window.Bytes;
        ReadOnlySpan<byte> phase = current.Phase.In(bytes);
        if (phase.SequenceEqual("M"u8))
        {
            TakeMetadata(bytes);
            return;
        }

        if (!phase.SequenceEqual("X"u8) || !current.ArgumentName.IsText
            || (current.Category.IsText && !current.Category.In(bytes).SequenceEqual("Op"u8)))
        {
            return;
        }

        EventField type = current.ArgumentOperation.IsText ? current.ArgumentOperation : current.Name;
        int nameId = operations.Names.Intern(current.Text(current.ArgumentName, bytes));
        if (!TryTimes(bytes, nameId, at, out long start, out long end))
        {
            return;
        }

        int typeId = type is { IsText: true, Length: > 0 } ? operations.Names.Intern(current.Text(type, bytes)) : operations.Names.Unknown;
        int operation = operations.Intern(nameId, typeId, TakeInputs(bytes));
        int lane = current.Thread.IsPresent && Utf8Parser.TryParse(current.Thread.In(bytes), out int thread, out _) ? thread : 0;
        RowOf(bytes).Spans.Add(start, end, operation, step: 0, lane);
        lastName = nameId;
        kept++;
    }

    private ReadOnlySpan<int> TakeInputs(ReadOnlySpan<byte> bytes)
    {
        int count = current.Inputs.Count;
        if (inputs.Length < count)
        {
            inputs = new int[2 * count];
        }

        for (int i = 0; i < count; i++)
        {
            inputs[i] = operations.Names.Intern(current.Text(current.Inputs[i].Field, bytes));
        }

        return inputs.AsSpan(0, count);
    }

    private void TakeMetadata(ReadOnlySpan<byte> bytes)
    {
        if (current.Name.In(bytes).SequenceEqual("process_name"u8) && current.ArgumentName.IsText)
        {
            RowOf(bytes).Device = Encoding.UTF8.GetString(current.Text(current.ArgumentName, bytes));
        }
    }

    private RowSpans RowOf(ReadOnlySpan<byte> bytes)
    {
        int id = processes.Intern(current.Process.In(bytes));
        if (id == rows.Count)
        {
            if (id == MaxRows)
            {
                throw new RefusedInputException($"{file.Name}: more than {MaxRows:N0} rows (`pid`s): this is no TensorFlow timeline");
            }

            rows.Add(new());
        }

        return rows[id];
    }

    private bool TryTimes(ReadOnlySpan<byte> bytes, int name, int at, out long start, out long end)
    {
        end = 0;
        TimeText result = Time(current.Start, bytes, out start);
        TimeText durationResult = Time(current.Duration, bytes, out long duration);
        string? fault = null;
        if (result is TimeText.NotANumber || durationResult is TimeText.NotANumber)
        {
            fault = Findings.NotANumber;
        }
        else if (result is TimeText.OutOfRange || durationResult is TimeText.OutOfRange)
        {
            fault = Findings.Overflow;
        }
        else if (duration < 0)
        {
            fault = Findings.Negative;
        }
        else if (start > long.MaxValue - duration)
        {
            fault = Findings.Overflow;
        }

        end = fault is null ? start + duration : 0;
        if (fault is not null && findings.Count(fault))
        {
            findings.Place(fault, $"{Excerpt.Name(operations.Names[name])}, {At(at)}");
        }

        return fault is null;
    }

    private static TimeText Time(EventField field, ReadOnlySpan<byte> bytes, out long nanoseconds)
    {
        nanoseconds = 0;
        return field.Type is JsonTokenType.Number or JsonTokenType.String
            ? DecimalTime.Parse(field.In(bytes), out nanoseconds)
            : TimeText.NotANumber;
    }

    private void SkipByteOrderMark()
    {
        while (window.Bytes.Length < 3 && window.More())
        {
        }

        if (window.Bytes.IsEmpty)
        {
            throw new RefusedInputException(
                window.Stream.Truncated ? $"{file.Name}: the gzip data is damaged from its beginning" : $"{file.Name}: the file is empty");
        }

        if (window.Bytes.StartsWith("\uFEFF"u8))
        {
            window.Discard(3);
        }
    }

    /// <summary>Whether nothing but white space and a comma is left over.</summary>
    private bool BetweenEvents() => !window.Bytes.ContainsAnyExcept(" \t\r\n,"u8);

    private void ReadTrailer(ref Utf8JsonReader reader)
    {
        window.Discard((int)reader.BytesConsumed);
        do
        {
            int at = window.Bytes.IndexOfAnyExcept(" \t\r\n\0"u8);
            if (at >= 0)
            {
                file.Cut = true;
                warn(new(
                    "trace-trailing",
                    $"{At(at)}: something follows the end of the trace and is not read. Two files joined into one? Give them one by one.",
                    Incomplete: true));
                return;
            }

            window.Discard(window.Bytes.Length);
        }
        while (window.More());
    }

    private string At(int index) =>
        $"{file.Name}, byte {window.Offset + index:N0}, line {window.LineOf(Math.Max(0, index)):N0}";

    private string Kept() => kept == 0
        ? "no operation before it"
        : $"the {kept:N0} operation{(kept == 1 ? "" : "s")} before it {(kept == 1 ? "is" : "are")} kept, the last {Excerpt.Name(operations.Names[lastName])}";


    private void Cut(bool inEvent = false)
    {
        file.Cut = true;
        if (!sawEvents)
        {
            throw NotATrace();
        }

        string why = window.Stream.Truncated ? "the gzip data ends early or is damaged" : "the file ends";
        string where = inEvent ? $"inside event {events + 1:N0}" : $"after event {events:N0}";
        warn(new("trace-cut", $"{At(window.Bytes.Length)}: {why} {where}; {Kept()}", Incomplete: true));
    }

    private void Unclosed(string missing) =>
        warn(new("trace-unclosed", $"{At(window.Bytes.Length)}: the file ends without `{missing}`, after whole events ({events:N0}); if its writer was stopped, later ones are missing"));

    private void Damaged(ref Utf8JsonReader from)
    {
        if (!sawEvents)
        {
            throw NotATrace();
        }

        file.Cut = true;
        int good = JsonMending.LastGood(from);
        warn(new("trace-damaged", $"{At(good)}: no JSON from here, in or after event {events + 1:N0}; {Kept()}", Incomplete: true));
    }

    private RefusedInputException NotATrace() =>
        new($"{file.Name}: no TensorFlow timeline: expected JSON, an object with `traceEvents` or an array of events");

    private RefusedInputException NoEvents() =>
        new($"{file.Name}: no TensorFlow timeline: it is JSON, but has no `traceEvents`");
}
