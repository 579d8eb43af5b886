using System.Globalization;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>What a row of a trace shows.</summary>
internal enum RowKind
{
    /// <summary>A device that is none of the below: a TPU, a custom device.</summary>
    Unknown,

    /// <summary>Tensors or allocators: no spans.</summary>
    NoSpans,

    /// <summary>Operations that ran on a CPU.</summary>
    Cpu,

    /// <summary>Operations placed on a GPU, as the host saw them: the time to enqueue them.</summary>
    Dispatch,

    /// <summary>Every kernel of a GPU; since TensorFlow 1.14 its copies, too.</summary>
    StreamAll,

    /// <summary>One stream of a GPU: what <see cref="StreamAll"/> and <see cref="Memcpy"/> hold, once more.</summary>
    Stream,

    /// <summary>One stream as TensorFlow 1.14 to 2.1 names it: `/gpu:0 (Tesla V100)/context#0/stream#1:Kernel`.</summary>
    ContextStream,

    /// <summary>Every copy of a GPU.</summary>
    Memcpy,
}

/// <summary>A process of a distributed program: `/job:worker/replica:0/task:1`.</summary>
internal readonly record struct TaskId(string Job, int Replica, int Task) : IComparable<TaskId>
{
    public int CompareTo(TaskId other)
    {
        int byJob = string.CompareOrdinal(Job, other.Job);
        return byJob != 0 ? byJob : (Replica, Task).CompareTo((other.Replica, other.Task));
    }
}

/// <summary>A row of a trace, told from its device string; all generations of TensorFlow.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Device">Index of the CPU or GPU.</param>
/// <param name="Task">Which process wrote it, where the string says so.</param>
/// <param name="Stream">Number of the stream, where the row is of one.</param>
/// <param name="Copies">The row holds copies and memsets only.</param>
internal readonly record struct DeviceRow(RowKind Kind, int Device, TaskId? Task, int? Stream, bool Copies)
{
    /// <summary>Whether its spans ran on a GPU.</summary>
    public bool IsGpu => Kind is RowKind.StreamAll or RowKind.Stream or RowKind.ContextStream or RowKind.Memcpy;

    /// <summary>Reads a device string, with the ` Compute` that the timeline appends or without.</summary>
    public static DeviceRow Parse(string device)
    {
        if (device.EndsWith(" Tensors", StringComparison.Ordinal) || device == "Allocators")
        {
            return new(RowKind.NoSpans, 0, null, null, false);
        }

        string text = device.EndsWith(" Compute", StringComparison.Ordinal) ? device[..^" Compute".Length] : device;
        TaskId? task = ParseTask(text);
        if (NumberAfter(text, "/device:GPU:", out int index, out string rest) || NumberAfter(text, "/gpu:", out index, out rest)
            || NumberAfter(text, "/device:XLA_GPU:", out index, out rest))
        {
            return ParseGpu(rest, index, task);
        }

        if (NumberAfter(text, "/device:CPU:", out index, out _) || NumberAfter(text, "/cpu:", out index, out _)
            || NumberAfter(text, "/device:XLA_CPU:", out index, out _))
        {
            return new(RowKind.Cpu, index, task, null, false);
        }

        return text.Contains("/host:CPU", StringComparison.OrdinalIgnoreCase)
            ? new(RowKind.Cpu, 0, task, null, false)
            : new(RowKind.Unknown, 0, task, null, false);
    }

    private static DeviceRow ParseGpu(string rest, int gpu, TaskId? task)
    {
        if (rest.Contains("/stream:all", StringComparison.OrdinalIgnoreCase))
        {
            return new(RowKind.StreamAll, gpu, task, null, false);
        }

        if (NumberAfter(rest, "/stream:", out int stream, out string kind))
        {
            return new(RowKind.Stream, gpu, task, stream, IsCopyKind(kind));
        }

        if (NumberAfter(rest, "/stream#", out stream, out kind))
        {
            return new(RowKind.ContextStream, gpu, task, stream, IsCopyKind(kind));
        }

        int nullStream = rest.IndexOf("/null stream", StringComparison.OrdinalIgnoreCase);
        if (nullStream >= 0)
        {
            return new(RowKind.ContextStream, gpu, task, 0, IsCopyKind(rest[(nullStream + "/null stream".Length)..]));
        }

        return rest.Contains("/memcpy", StringComparison.OrdinalIgnoreCase)
            ? new(RowKind.Memcpy, gpu, task, null, true)
            : new(RowKind.Dispatch, gpu, task, null, false);
    }

    private static bool IsCopyKind(string kind) =>
        kind.StartsWith(":Memcpy", StringComparison.OrdinalIgnoreCase) || kind.StartsWith(":Memset", StringComparison.OrdinalIgnoreCase);

    private static TaskId? ParseTask(string text)
    {
        const string Marker = "/job:";
        int at = text.IndexOf(Marker, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        int start = at + Marker.Length;
        int end = text.IndexOf('/', start);
        string job = end < 0 ? text[start..] : text[start..end];
        _ = NumberAfter(text, "/replica:", out int replica, out _);
        _ = NumberAfter(text, "/task:", out int task, out _);
        return new(job, replica, task);
    }

    private static bool NumberAfter(string text, string marker, out int number, out string rest)
    {
        int at = text.IndexOf(marker, StringComparison.OrdinalIgnoreCase);
        number = 0;
        rest = "";
        if (at < 0)
        {
            return false;
        }

        int start = at + marker.Length;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        rest = text[end..];
        return int.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
