namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>What TensorFlow writes of a `session.run`.</summary>
public enum TensorFlowFormat
{
    /// <summary>None of these.</summary>
    None,

    /// <summary>JSON of timeline.py.</summary>
    Timeline,

    /// <summary>A RunMetadata protobuf.</summary>
    RunMetadata,

    /// <summary>The StepStats inside it, alone.</summary>
    StepStats,
}

/// <summary>Recognises TensorFlow's traces by content.</summary>
public static class TensorFlowFormats
{
    /// <summary>Bytes of a file's head, unpacked, that tell a timeline even where rows are long: 64 KiB. A protobuf needs 300.</summary>
    public const int HeadBytes = 1 << 16;

    /// <summary>
    /// Tells by the first bytes. A timeline is JSON with `traceEvents` (or a bare array) and rows named as timeline.py names them, or events
    /// of category `Op`: PyTorch, ONNX Runtime and the trace viewer's JSON are none. The two protobufs are told apart by how deep the first
    /// device string lies: it begins with `/`.
    /// </summary>
    public static TensorFlowFormat Recognise(ReadOnlySpan<byte> head)
    {
        if (DeviceAt(head, depth: 3))
        {
            return TensorFlowFormat.RunMetadata;
        }

        if (DeviceAt(head, depth: 2))
        {
            return TensorFlowFormat.StepStats;
        }

        ReadOnlySpan<byte> text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        int first = text.IndexOfAnyExcept(" \t\r\n"u8);
        bool isTrace = first >= 0 && (text[first] == '[' || (text[first] == '{' && text.IndexOf("\"traceEvents\""u8) >= 0));
        return isTrace && HasTimelineMark(text) ? TensorFlowFormat.Timeline : TensorFlowFormat.None;
    }

    private static bool HasTimelineMark(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\"process_name\""u8) >= 0
            && (text.IndexOf(" Compute\""u8) >= 0 || text.IndexOf(" Tensors\""u8) >= 0 || text.IndexOf("\"Allocators\""u8) >= 0))
        {
            return true;
        }

        for (int at = text.IndexOf("\"cat\""u8); at >= 0;)
        {
            ReadOnlySpan<byte> value = text[(at + 5)..].TrimStart(" \t\r\n:"u8);
            if (value.StartsWith("\"Op\""u8))
            {
                return true;
            }

            int next = text[(at + 5)..].IndexOf("\"cat\""u8);
            at = next < 0 ? -1 : at + 5 + next;
        }

        return false;
    }

    /// <summary>Whether field 1 of field 1 of … begins with `/`, each of them the first of its message.</summary>
    private static bool DeviceAt(ReadOnlySpan<byte> head, int depth)
    {
        const byte FirstField = 0x0a;
        for (; depth > 0; depth--)
        {
            if (head.IsEmpty || head[0] != FirstField)
            {
                return false;
            }

            head = head[1..];
            int length = 0;
            while (length < head.Length && length < 5 && (head[length] & 0x80) != 0)
            {
                length++;
            }

            if (length >= head.Length)
            {
                return false;
            }

            head = head[(length + 1)..];
        }

        return !head.IsEmpty && head[0] == '/';
    }
}
