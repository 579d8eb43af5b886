using System.Globalization;
using System.Text;
using Smaragdine.Formats.Files;
using Smaragdine.Units;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>The comment lines `# key=value` of a power log: `quality`, `source`, `window_ms`, `period_ms`; others are passed over.</summary>
internal sealed class PowerLogHead
{
    private Quality? quality;

    /// <summary>A log that does not say is measured; of several statements (logs put end to end) the worst holds.</summary>
    public Quality Quality => quality ?? Quality.Measured;

    public string? Source { get; private set; }

    /// <summary>Over what time the sensor averages.</summary>
    public Duration? Window { get; private set; }

    /// <summary>How often the sensor gives a new value.</summary>
    public Duration? UpdatePeriod { get; private set; }

    /// <summary>Takes the current line if it is a comment.</summary>
    /// <exception cref="RefusedInputException">a known key has a value that cannot be meant.</exception>
    public bool TryTake(CsvRows rows)
    {
        ReadOnlySpan<byte> line = rows.Text.TrimStart(" \t"u8);
        if (line.IsEmpty || line[0] != '#')
        {
            return false;
        }

        int equals = line.IndexOf((byte)'=');
        if (equals < 0)
        {
            return true;
        }

        string key = Encoding.UTF8.GetString(line[1..equals].Trim(" \t"u8));
        string value = Encoding.UTF8.GetString(line[(equals + 1)..].Trim(" \t"u8));
        switch (key)
        {
            case "quality":
                if (!Qualities.TryParse(value, out Quality parsed))
                {
                    throw new RefusedInputException(
                        $"{rows.Name}, line {rows.Line:N0}: `quality` is `{Excerpt.Of(value)}`, expected measured, derived, estimated or simulated");
                }

                quality = quality is { } before ? Qualities.Worst(before, parsed) : parsed;
                break;
            case "source":
                Source ??= value.Length == 0 ? null : Excerpt.Of(value, 200);
                break;
            case "window_ms":
                Window ??= Milliseconds(rows, key, value);
                break;
            case "period_ms":
                UpdatePeriod ??= Milliseconds(rows, key, value);
                break;
        }

        return true;
    }

    private static Duration Milliseconds(CsvRows rows, string key, string value)
    {
        const double day = 86_400_000;
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) && milliseconds is > 0 and <= day)
        {
            return Duration.FromMilliseconds(milliseconds);
        }

        throw new RefusedInputException(
            $"{rows.Name}, line {rows.Line:N0}: `{key}` is `{Excerpt.Of(value)}`, expected milliseconds above 0 and up to a day");
    }
}
