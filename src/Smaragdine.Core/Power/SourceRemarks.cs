using System.Globalization;
using System.Text;
using Smaragdine.Units;

namespace Smaragdine.Power;

/// <summary>A remark whose value cannot be meant.</summary>
/// <param name="Key">`quality`.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Expected">What could.</param>
public readonly record struct WrongRemark(string Key, string Value, string Expected);

/// <summary>What a source of power says of itself in lines `# key=value`: `quality`, `source`, `window_ms`, `period_ms`; others are passed over.</summary>
public sealed class SourceRemarks
{
    private const double DayMilliseconds = 86_400_000;

    private Quality? quality;

    /// <summary>A source that does not say is measured; of several statements the worst holds.</summary>
    public Quality Quality => quality ?? Quality.Measured;

    /// <summary>What gave the readings, as it was written: foreign text. Null where it is not said.</summary>
    public string? Source { get; private set; }

    /// <summary>Over what time the sensor averages.</summary>
    public Duration? Window { get; private set; }

    /// <summary>How often the sensor gives a new value.</summary>
    public Duration? UpdatePeriod { get; private set; }

    /// <summary>Takes a line if it is a comment; false where it is something else.</summary>
    /// <param name="line">UTF-8.</param>
    /// <param name="wrong">A known key whose value cannot be meant: it is not taken.</param>
    public bool TryTake(ReadOnlySpan<byte> line, out WrongRemark? wrong)
    {
        wrong = null;
        line = line.TrimStart(" \t"u8);
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
        string value = Encoding.UTF8.GetString(line[(equals + 1)..].Trim(" \t\r"u8));
        switch (key)
        {
            case "quality":
                if (Qualities.TryParse(value, out Quality parsed))
                {
                    quality = quality is { } before ? Qualities.Worst(before, parsed) : parsed;
                }
                else
                {
                    wrong = new(key, value, "measured, derived, estimated or simulated");
                }

                break;
            case "source":
                Source ??= value.Length == 0 ? null : value;
                break;
            case "window_ms":
                Window ??= Milliseconds(key, value, ref wrong);
                break;
            case "period_ms":
                UpdatePeriod ??= Milliseconds(key, value, ref wrong);
                break;
        }

        return true;
    }

    private static Duration? Milliseconds(string key, string value, ref WrongRemark? wrong)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) && milliseconds is > 0 and <= DayMilliseconds)
        {
            return Duration.FromMilliseconds(milliseconds);
        }

        wrong = new(key, value, "milliseconds above 0 and up to a day");
        return null;
    }
}
