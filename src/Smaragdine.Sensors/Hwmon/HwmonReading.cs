using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>The finding for one file with one number in it, judged by reading it once.</summary>
/// <param name="Domain">What it covers.</param>
/// <param name="Sensor">The family.</param>
/// <param name="Kind">Energy (µJ) or power (µW).</param>
/// <param name="Path">The file.</param>
internal sealed record HwmonReading(Domain Domain, string Sensor, StreamKind Kind, string Path)
{
    /// <summary>From the file's unit to µJ or µW.</summary>
    public long Factor { get; init; } = 1;

    public string Note { get; init; } = "";

    public string? DeviceId { get; init; }

    public bool Doubtful { get; init; }

    public Duration? UpdatePeriod { get; init; }

    public Duration? Window { get; init; }

    /// <summary>What a reading of 0 means; null where 0 is a reading like others.</summary>
    public string? ZeroMeans { get; init; }

    public SensorFinding Look()
    {
        AttributeText read = AttributeText.Read(Path);
        SensorFinding Finding(SensorState state, string note, string? unlock = null, Func<ISensor>? open = null) =>
            new(Domain, Sensor, Kind, state, note, unlock, Factor / 1e6, UpdatePeriod, Path, open) { DeviceId = DeviceId, Doubtful = Doubtful };

        switch (read.Access)
        {
            case AttributeAccess.Denied:
                return Finding(SensorState.Unreadable, "only root may read it", $"sudo chmod a+r {Path}");
            case AttributeAccess.Absent:
                return Finding(SensorState.NotSupported, "the driver does not have it");
            case AttributeAccess.Failed:
                return Finding(SensorState.Faulty, $"it cannot be read: {read.Error}");
        }

        if (!long.TryParse(read.Text, System.Globalization.NumberStyles.AllowLeadingSign, null, out long value) || value < 0)
        {
            return Finding(SensorState.Faulty, "it holds no number that could be a reading");
        }

        if (value == 0 && ZeroMeans is not null)
        {
            return Finding(SensorState.Faulty, ZeroMeans);
        }

        RecordedStream stream = new(Domain.Name, Kind, Sensor, Quality.Measured, Duration.Zero)
        {
            UpdatePeriod = UpdatePeriod,
            Window = Window,
            DeviceId = DeviceId,
        };

        // A hwmon driver asks firmware or a bus: milliseconds, sometimes tens of them.
        return Finding(SensorState.Ok, Note, open: () => new AttributeSensor(stream, AttributeFile.Open(Path), Factor, mayBlock: true));
    }
}
