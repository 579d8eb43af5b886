using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.PowerSupply;

/// <summary>The battery of a laptop: while it discharges, what it gives is what the whole machine draws (Documentation/ABI/testing/sysfs-class-power).</summary>
public sealed class PowerSupplyProbe : ISensorProbe
{
    internal const string SensorName = "power_supply";

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        List<Battery> batteries = [];
        foreach (string path in Folders.In(root.At("sys", "class", "power_supply")))
        {
            if (Battery.Find(path) is { } battery)
            {
                batteries.Add(battery);
            }
        }

        if (batteries.Count == 0)
        {
            return [];
        }

        Domain domain = new("battery", DomainKind.Whole, 0);
        string names = string.Join(" + ", batteries.Select(b => Path.GetFileName(b.Path)));
        RecordedStream stream = new(domain.Name, StreamKind.Power, SensorName, Quality.Measured, Duration.Zero);
        SensorFinding Finding(SensorState state, string note, string? unlock = null, Func<ISensor>? open = null) =>
            new(domain, SensorName, StreamKind.Power, state, note, unlock, null, null, batteries[0].Path, open);

        if (batteries.Any(b => !b.HasPower))
        {
            return [Finding(SensorState.NotSupported, $"{names}: shows neither its power nor its current")];
        }

        // On mains a battery shows what it is charged with: nothing that the machine draws.
        return batteries.Any(b => AttributeText.Find(Path.Combine(b.Path, "status")) == "Discharging")
            ? [Finding(SensorState.Ok, $"{names}: no value while on mains", open: () => BatterySensor.Open(stream, batteries))]
            : [Finding(SensorState.Unreadable, $"{names}: on mains a battery does not show what the machine draws", "unplug the mains adapter")];
    }
}
