using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>A value of an event, by its place in the bytes that were read.</summary>
internal readonly record struct EventField(int Start, int Length, JsonTokenType Type, bool Escaped)
{
    public bool IsPresent => Type is not JsonTokenType.None;

    public bool IsText => Type is JsonTokenType.String;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, Length);
}

/// <summary>
/// The fields of the event at hand. Only places are kept until it is known that the event is wanted: half of a timeline's events are flows
/// that nobody reads. Of a key that comes twice the last holds.
/// </summary>
internal sealed class TimelineEvent
{
    private readonly List<(int Number, EventField Field)> inputs = [];
    private byte[] unescaped = new byte[256];

    public EventField Phase { get; private set; }

    public EventField Category { get; private set; }

    public EventField Name { get; private set; }

    public EventField Process { get; private set; }

    public EventField Thread { get; private set; }

    public EventField Start { get; private set; }

    public EventField Duration { get; private set; }

    public EventField ArgumentName { get; private set; }

    public EventField ArgumentOperation { get; private set; }

    /// <summary>`input0`, `input1`, … in the order of their numbers.</summary>
    public IReadOnlyList<(int Number, EventField Field)> Inputs => inputs;

    /// <summary>
    /// Reads the event whose `{` the reader has just read; false where its end is not at hand (the reader is then of no more use).
    /// </summary>
    /// <exception cref="JsonException">it is no JSON.</exception>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        Phase = Category = Name = Process = Thread = Start = Duration = default;
        ClearArguments();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject)
            {
                SortInputs();
                return true;
            }

            Member member = MemberOf(KeyOf(ref reader));
            if (!reader.Read())
            {
                return false;
            }

            if (member is Member.Arguments)
            {
                ClearArguments();
                if (reader.TokenType is JsonTokenType.StartObject)
                {
                    if (!TryReadArguments(ref reader))
                    {
                        return false;
                    }

                    continue;
                }
            }

            EventField field = FieldOf(ref reader);
            if (!reader.TrySkip())
            {
                return false;
            }

            Set(member, field);
        }

        return false;
    }

    /// <summary>
    /// The same without the reader, at several times its speed, for events as timeline.py writes them: no escapes, nothing nested but
    /// `args`. False for any other, and where the bytes end too near: the reader then has the word, and nothing has happened.
    /// </summary>
    /// <param name="bytes">The bytes at hand.</param>
    /// <param name="at">Behind the event's `{`; afterwards, if it was read, behind its `}`.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryReadPlain(ReadOnlySpan<byte> bytes, ref int at)
    {
        Phase = Category = Name = Process = Thread = Start = Duration = default;
        ClearArguments();
        int here = at;
        do
        {
            if (!PlainJson.TryReadKey(bytes, ref here, out ReadOnlySpan<byte> key))
            {
                return false;
            }

            Member member = MemberOf(key);
            if (member is Member.Arguments)
            {
                if (!TryReadPlainArguments(bytes, ref here))
                {
                    return false;
                }
            }
            else if (PlainJson.TryReadValue(bytes, ref here, out EventField field))
            {
                Set(member, field);
            }
            else
            {
                return false;
            }
        }
        while (PlainJson.TrySkipTo((byte)',', bytes, ref here));

        if (!PlainJson.TrySkipTo((byte)'}', bytes, ref here))
        {
            return false;
        }

        SortInputs();
        at = here;
        return true;
    }

    /// <summary>The text of a string or number, escapes undone; valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(EventField field, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> raw = field.In(bytes);
        if (!field.Escaped)
        {
            return raw;
        }

        if (unescaped.Length < raw.Length)
        {
            unescaped = new byte[raw.Length];
        }

        return unescaped.AsSpan(0, JsonStrings.Unescape(raw, unescaped));
    }

    private bool TryReadArguments(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject)
            {
                return true;
            }

            Argument argument = ArgumentOf(KeyOf(ref reader), out int number);
            if (!reader.Read())
            {
                return false;
            }

            EventField field = FieldOf(ref reader);
            if (!reader.TrySkip())
            {
                return false;
            }

            SetArgument(argument, number, field);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadPlainArguments(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (!PlainJson.TrySkipTo((byte)'{', bytes, ref at))
        {
            return false;
        }

        ClearArguments();
        do
        {
            if (!PlainJson.TryReadKey(bytes, ref at, out ReadOnlySpan<byte> key))
            {
                return false;
            }

            Argument argument = ArgumentOf(key, out int number);
            if (!PlainJson.TryReadValue(bytes, ref at, out EventField field))
            {
                return false;
            }

            SetArgument(argument, number, field);
        }
        while (PlainJson.TrySkipTo((byte)',', bytes, ref at));

        return PlainJson.TrySkipTo((byte)'}', bytes, ref at);
    }

    private void ClearArguments()
    {
        ArgumentName = ArgumentOperation = default;
        inputs.Clear();
    }

    /// <summary>By number; TensorFlow's JSON comes in dictionary order, in old Pythons any. Equal numbers: the last holds.</summary>
    private void SortInputs()
    {
        for (int i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Number <= inputs[i - 1].Number)
            {
                (int Number, EventField Field)[] sorted =
                    [.. inputs.GroupBy(x => x.Number).Select(g => g.Last()).OrderBy(x => x.Number)];
                inputs.Clear();
                inputs.AddRange(sorted);
                return;
            }
        }
    }

    private enum Member
    {
        Other,
        Phase,
        Category,
        Name,
        Process,
        Thread,
        Start,
        Duration,
        Arguments,
    }

    private enum Argument
    {
        Other,
        Name,
        Operation,
        Input,
    }

    private void SetArgument(Argument argument, int number, EventField field)
    {
        switch (argument)
        {
            case Argument.Input when field.IsText:
                inputs.Add((number, field));
                break;
            case Argument.Name:
                ArgumentName = field;
                break;
            case Argument.Operation:
                ArgumentOperation = field;
                break;
        }
    }

    private void Set(Member member, EventField field)
    {
        switch (member)
        {
            case Member.Phase:
                Phase = field;
                break;
            case Member.Category:
                Category = field;
                break;
            case Member.Name:
                Name = field;
                break;
            case Member.Process:
                Process = field;
                break;
            case Member.Thread:
                Thread = field;
                break;
            case Member.Start:
                Start = field;
                break;
            case Member.Duration:
                Duration = field;
                break;
        }
    }

    private static Member MemberOf(ReadOnlySpan<byte> key) =>
        key.Length switch
        {
            2 when key.SequenceEqual("ts"u8) => Member.Start,
            2 when key.SequenceEqual("ph"u8) => Member.Phase,
            3 when key.SequenceEqual("pid"u8) => Member.Process,
            3 when key.SequenceEqual("tid"u8) => Member.Thread,
            3 when key.SequenceEqual("dur"u8) => Member.Duration,
            3 when key.SequenceEqual("cat"u8) => Member.Category,
            4 when key.SequenceEqual("name"u8) => Member.Name,
            4 when key.SequenceEqual("args"u8) => Member.Arguments,
            _ => Member.Other,
        };

    private static ReadOnlySpan<byte> KeyOf(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> key = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return key;
        }

        byte[] text = new byte[key.Length];
        return text.AsSpan(0, JsonStrings.Unescape(key, text));
    }

    private static Argument ArgumentOf(ReadOnlySpan<byte> key, out int number)
    {
        number = -1;
        if (key.Length > 5 && key.StartsWith("input"u8))
        {
            if (Utf8Parser.TryParse(key[5..], out uint parsed, out int used) && used == key.Length - 5 && parsed < int.MaxValue)
            {
                number = (int)parsed;
                return Argument.Input;
            }

            return Argument.Other;
        }

        return key.Length switch
        {
            4 when key.SequenceEqual("name"u8) => Argument.Name,
            2 when key.SequenceEqual("op"u8) => Argument.Operation,
            _ => Argument.Other,
        };
    }

    private static EventField FieldOf(ref Utf8JsonReader reader)
    {
        int quote = reader.TokenType is JsonTokenType.String ? 1 : 0;
        return new((int)reader.TokenStartIndex + quote, reader.ValueSpan.Length, reader.TokenType, reader.ValueIsEscaped);
    }
}
