namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Name and type of a span, told from what TensorFlow wrote of it; as its own timeline.py does, and where that fails, further.</summary>
internal static class Labels
{
    /// <summary>
    /// `name = Op(in0, in1)` → `Op` and the inputs; greedy like timeline.py's `(.*) = (.*)\((.*)\)`. A label of another form
    /// (`edge_12_x @ /job:…` of a send) has no type.
    /// </summary>
    public static bool TryParseHost(string label, out string type, out string[] inputs)
    {
        type = "unknown";
        inputs = [];
        int close = label.LastIndexOf(')');
        int open = close > 0 ? label.LastIndexOf('(', close - 1) : -1;

        // The greedy middle group may hold no later " = ": it would have gone to the first.
        int equals = open > 0 ? label.LastIndexOf(" = ", open - 1, open, StringComparison.Ordinal) : -1;
        if (equals < 0 || equals + 3 > open)
        {
            return false;
        }

        type = label[(equals + 3)..open];
        if (open + 1 < close)
        {
            inputs = label[(open + 1)..close].Split(", ");
        }

        return true;
    }

    /// <summary>
    /// Name and type of a kernel or copy: an annotation `name:op`, found in the label after `@@`, in the node's name (alone or before
    /// `::kernel`), or at the label's start; a kernel without one keeps its own name and is of type `unknown`.
    /// </summary>
    public static (string Name, string Type) ParseKernel(string label, string nodeName)
    {
        int start = label.IndexOf("@@", StringComparison.Ordinal);
        int end = start < 0 ? -1 : label.IndexOf('#', start);
        if (end > start + 2 && TryAnnotation(label[(start + 2)..end], out string name, out string type))
        {
            return (name, type);
        }

        if (TryAnnotation(nodeName, out name, out type))
        {
            return (name, type);
        }

        int space = label.IndexOf(' ', StringComparison.Ordinal);
        return TryAnnotation(space < 0 ? label : label[..space], out name, out type)
            ? (name, type)
            : (nodeName, WaitingOperations.IsCopy(nodeName, "unknown") ? nodeName : "unknown");
    }

    /// <summary>
    /// `name:op`, `name:op::kernel` → name and op. A bare C++ name (`void Eigen::internal::…`, `cub::DeviceReduce`) is none: its first colon
    /// follows a space or precedes another colon.
    /// </summary>
    private static bool TryAnnotation(string text, out string name, out string type)
    {
        name = type = "";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon + 1 == text.Length || text[colon + 1] is ':' or ' ' || text.AsSpan(0, colon).ContainsAny(" <("))
        {
            return false;
        }

        int end = text.IndexOf(':', colon + 1);
        name = text[..colon];
        type = text[(colon + 1)..(end < 0 ? text.Length : end)];
        return true;
    }
}
