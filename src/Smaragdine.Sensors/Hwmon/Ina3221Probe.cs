using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>The power monitors of NVIDIA Jetson boards: INA3221, three rails each.</summary>
/// <remarks>
/// JetPack 5 and later: `/sys/bus/i2c/drivers/ina3221/*/hwmon/hwmonN/{inN_label, inN_input (mV), currN_input (mA)}`;
/// before: `/sys/bus/i2c/drivers/ina3221x/*/iio:deviceN/{rail_name_N, in_powerN_input (mW)}`.
/// </remarks>
public sealed class Ina3221Probe : ISensorProbe
{
    internal const string SensorName = "ina3221";

    private const int Rails = 3;

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        List<SensorFinding> findings = [];
        string drivers = root.At("sys", "bus", "i2c", "drivers");
        foreach (string device in Folders.In(Path.Combine(drivers, "ina3221")))
        {
            foreach (HwmonChip chip in HwmonChip.In(Path.Combine(device, "hwmon")))
            {
                AddRails(chip, findings);
            }
        }

        foreach (string device in Folders.In(Path.Combine(drivers, "ina3221x")))
        {
            foreach (string folder in Folders.In(device, "iio:device*"))
            {
                AddOldRails(folder, findings);
            }
        }

        return findings;
    }

    /// <summary>What a rail feeds, by its label in the device tree.</summary>
    internal static (Domain Domain, string Note) Rail(string label) => label.ToUpperInvariant() switch
    {
        "VDD_IN" or "POM_5V_IN" => (new("vdd_in", DomainKind.Whole, 0), $"{label}: what the module draws in all"),
        "VDD_SYS_GPU" or "VDD_GPU" or "POM_5V_GPU" or "GPU" => (Domain.Gpu(0), $"{label}: the GPU's rail"),
        "VDD_SYS_CPU" or "VDD_CPU" or "POM_5V_CPU" or "CPU" => (Domain.Package(0), $"{label}: the CPU's rail"),
        "VDD_CPU_GPU_CV" => (Unknown(label), $"{label}: CPU, GPU and vision accelerators on one rail"),
        _ => (Unknown(label), $"rail {label}"),
    };

    private static Domain Unknown(string label) => Domain.Parse(label.ToLowerInvariant().Replace(' ', '_')) is { Kind: DomainKind.Unknown } domain
        ? domain
        : new($"rail_{label.ToLowerInvariant()}", DomainKind.Unknown, 0);

    private static void AddRails(HwmonChip chip, List<SensorFinding> findings)
    {
        // Channels from 4 on are shunt voltages; in7 is their sum. Neither is a rail.
        for (int channel = 1; channel <= Rails; channel++)
        {
            string voltage = chip.At($"in{channel}_input");
            string current = chip.At($"curr{channel}_input");
            string label = chip.Find($"in{channel}_label") ?? "";
            if (label is "" or "NC" || label.Contains("sum of shunt", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            (Domain domain, string note) = Rail(label);
            SensorFinding Finding(SensorState state, string text, string? unlock = null, Func<ISensor>? open = null) =>
                new(domain, SensorName, StreamKind.Power, state, text, unlock, null, null, current, open);

            AttributeText volts = AttributeText.Read(voltage);
            AttributeText amperes = AttributeText.Read(current);
            if (volts.Access == AttributeAccess.Absent || amperes.Access == AttributeAccess.Absent)
            {
                findings.Add(Finding(SensorState.NotSupported, $"{note}; the driver shows no {(volts.IsOk ? "current" : "voltage")} for it"));
            }
            else if (volts.Access == AttributeAccess.Denied || amperes.Access == AttributeAccess.Denied)
            {
                findings.Add(Finding(SensorState.Unreadable, $"{note}; only root may read it", $"sudo chmod a+r {voltage} {current}"));
            }
            else if (!long.TryParse(volts.Text, out long millivolts) || !long.TryParse(amperes.Text, out _))
            {
                findings.Add(Finding(SensorState.Faulty, $"{note}; it holds no number"));
            }
            else if (millivolts <= 0)
            {
                findings.Add(Finding(SensorState.Faulty, $"{note}; its voltage reads {millivolts} mV"));
            }
            else
            {
                RecordedStream stream = new(domain.Name, StreamKind.Power, SensorName, Quality.Measured, Duration.Zero);
                findings.Add(Finding(SensorState.Ok, note, open: () => Open(stream, voltage, current)));
            }
        }
    }

    private static ProductSensor Open(RecordedStream stream, string voltage, string current)
    {
        AttributeFile volts = AttributeFile.Open(voltage);
        try
        {
            return new(stream, volts, AttributeFile.Open(current), divisor: 1);
        }
        catch (IOException)
        {
            volts.Dispose();
            throw;
        }
    }

    private static void AddOldRails(string folder, List<SensorFinding> findings)
    {
        for (int channel = 0; channel < Rails; channel++)
        {
            if (AttributeText.Find(Path.Combine(folder, $"rail_name_{channel}")) is not { Length: > 0 } label || label == "NC")
            {
                continue;
            }

            (Domain domain, string note) = Rail(label);
            findings.Add(new HwmonReading(domain, SensorName, StreamKind.Power, Path.Combine(folder, $"in_power{channel}_input"))
            {
                Factor = 1000,
                Note = note,
            }.Look());
        }
    }
}
