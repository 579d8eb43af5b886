using System.Globalization;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Ipmi;

/// <summary>What `ipmitool dcmi power reading` prints (DCMI 1.5, Get Power Reading).</summary>
/// <remarks>Its "sampling period" is that of average, minimum and maximum: how often the instantaneous reading is renewed is not said.</remarks>
/// <param name="Instantaneous">The last reading, whole watts.</param>
/// <param name="Active">The controller measures: where it does not, the figures are old or 0.</param>
internal readonly record struct DcmiPowerReading(Watts Instantaneous, bool Active)
{
    /// <summary>Null where the text has no instantaneous reading in watts.</summary>
    public static DcmiPowerReading? Parse(string text)
    {
        double? watts = null;
        bool active = true;
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
            {
                continue;
            }

            string key = line[..colon].Trim();
            string[] words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            switch (key)
            {
                case "Instantaneous power reading"
                    when words is [var number, "Watts", ..] && int.TryParse(number, NumberStyles.None, null, out int whole):
                    watts = whole;
                    break;
                case "Power reading state is":
                    active = words is ["activated", ..];
                    break;
            }
        }

        return watts is { } reading ? new(Watts.From(reading), active) : null;
    }
}
