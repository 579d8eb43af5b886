using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>The spans of one row of one file, operations by number of the <see cref="OperationTable"/>; steps are not yet known.</summary>
internal sealed class RowSpans
{
    /// <summary>The row's device string; null where the file names none.</summary>
    public string? Device { get; set; }

    /// <summary>Replaced by an empty table once a device has taken the spans.</summary>
    public SpanTable Spans { get; set; } = new();
}

/// <summary>What one file held.</summary>
/// <param name="Name">The file, for messages.</param>
/// <param name="Step">The step it is of; null: its runs are told apart by `_SOURCE`.</param>
/// <param name="IsRunMetadata">From RunMetadata or StepStats, not from a timeline.</param>
internal sealed record SourceFile(string Name, int? Step, bool IsRunMetadata)
{
    public List<RowSpans> Rows { get; } = [];

    /// <summary>The file was cut or damaged: these are the spans before that.</summary>
    public bool Cut { get; set; }

    /// <summary>All of its times have nanoseconds.</summary>
    public bool HasNanoseconds { get; set; }

    public int SpanCount => Rows.Sum(r => r.Spans.Count);

    /// <summary>The median start of the rows by which the file's clock is told; null where it has no spans. Told once: spans are handed on.</summary>
    public long? MedianStart { get; set; }
}
