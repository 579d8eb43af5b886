using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>The comment lines `# key=value` of a power log: `quality`, `source`, `window_ms`, `period_ms`; others are passed over.</summary>
internal sealed class PowerLogHead
{
    private readonly SourceRemarks remarks = new();

    /// <summary>A log that does not say is measured; of several statements (logs put end to end) the worst holds.</summary>
    public Quality Quality => remarks.Quality;

    public string? Source => remarks.Source is { } source ? Excerpt.Of(source, 200) : null;

    /// <summary>Over what time the sensor averages.</summary>
    public Duration? Window => remarks.Window;

    /// <summary>How often the sensor gives a new value.</summary>
    public Duration? UpdatePeriod => remarks.UpdatePeriod;

    /// <summary>Takes the current line if it is a comment.</summary>
    /// <exception cref="RefusedInputException">a known key has a value that cannot be meant.</exception>
    public bool TryTake(CsvRows rows)
    {
        bool taken = remarks.TryTake(rows.Text, out WrongRemark? wrong);
        return wrong is { } remark
            ? throw new RefusedInputException($"{rows.Name}, line {rows.Line:N0}: `{remark.Key}` is `{Excerpt.Of(remark.Value)}`, expected {remark.Expected}")
            : taken;
    }
}
