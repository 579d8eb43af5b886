using System.Globalization;
using System.Text;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>Power (µW) and energy (µJ) of all other hwmon chips: ACPI power meters (NVIDIA Grace among them), `amd_energy`, board controllers.</summary>
public sealed class HwmonProbe : ISensorProbe
{
    internal const string SensorName = "hwmon";

    /// <summary>`module-0`: a Grace Hopper module, CPU and GPU.</summary>
    internal const string ModulePrefix = "module-";

    /// <summary>`grace-0`: a Grace socket with its memory and I/O.</summary>
    internal const string GracePrefix = "grace-";

    private const string PowerMeter = "power_meter";

    /// <summary>Grace's meters have a new value every 50 ms at best.</summary>
    private static readonly Duration GracePeriod = Duration.FromMilliseconds(50);

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        List<SensorFinding> findings = [];
        foreach (HwmonChip chip in HwmonChip.In(root.At("sys", "class", "hwmon")))
        {
            // Other probes read these, with what is known of them; a battery's chip repeats its power_supply.
            if (chip.Name is "" or "amdgpu" or "i915" or "xe" or "ina3221"
                || chip.Name.StartsWith("i915_", StringComparison.Ordinal)
                || AttributeText.Find(chip.At("device/type")) is "Battery" or "Mains" or "USB")
            {
                continue;
            }

            AddPower(chip, findings);
            AddEnergy(chip, findings);
        }

        return findings;
    }

    /// <summary>What an ACPI power meter measures, by its OEM text. Without one it is the machine, as ACPI means it.</summary>
    internal static (Domain Domain, string Note) Meter(string oemInfo)
    {
        string[] words = oemInfo.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is [var part, "Power", "Socket", var socketText] && int.TryParse(socketText, NumberStyles.None, null, out int socket))
        {
            return part switch
            {
                "CPU" => (Domain.Package(socket), $"{oemInfo}: the CPU's rail"),
                "Module" => (new($"{ModulePrefix}{socket}", DomainKind.Unknown, socket), $"{oemInfo}: CPU and GPU of the module"),
                "Grace" => (new($"{GracePrefix}{socket}", DomainKind.Unknown, socket), $"{oemInfo}: CPU, I/O and memory of the socket"),
                _ => (new($"{Plain(part)}-{socket}", DomainKind.Unknown, socket), oemInfo),
            };
        }

        return oemInfo.Length == 0
            ? (new("machine", DomainKind.Whole, 0), "ACPI power meter: what the machine draws")
            : (new(Plain(oemInfo), DomainKind.Unknown, 0), oemInfo);
    }

    private static void AddPower(HwmonChip chip, List<SensorFinding> findings)
    {
        foreach (int channel in chip.Channels("power", "average").Union(chip.Channels("power", "input")).Order())
        {
            bool averaged = chip.Read($"power{channel}_average").Access != AttributeAccess.Absent;
            (Domain domain, string note) = chip.Name == PowerMeter
                ? Meter(chip.Find($"power{channel}_oem_info") ?? "")
                : Labelled(chip, "power", channel);
            long? interval = averaged ? AttributeText.FindInteger(chip.At($"power{channel}_average_interval")) : null;
            findings.Add(new HwmonReading(domain, SensorName, StreamKind.Power, chip.At($"power{channel}_{(averaged ? "average" : "input")}"))
            {
                Note = note,
                Window = interval is > 0 and < 3_600_000 ? Duration.FromMilliseconds(interval.Value) : null,
                UpdatePeriod = chip.Name == PowerMeter && domain.Kind is not DomainKind.Whole ? GracePeriod : null,
            }.Look());
        }
    }

    private static void AddEnergy(HwmonChip chip, List<SensorFinding> findings)
    {
        foreach (int channel in chip.Channels("energy", "input"))
        {
            string label = chip.Find($"energy{channel}_label") ?? "";

            // One counter for each core: hundreds of files that lie inside the package.
            if (label.StartsWith("Ecore", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            const string Socket = "Esocket";
            (Domain domain, string note) = label.StartsWith(Socket, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(label.AsSpan(Socket.Length), NumberStyles.None, null, out int socket)
                ? (Domain.Package(socket), $"{chip.Name}, {label}")
                : Labelled(chip, "energy", channel);
            findings.Add(new HwmonReading(domain, SensorName, StreamKind.Energy, chip.At($"energy{channel}_input"))
            {
                Note = note,
                ZeroMeans = "the counter stands at 0",
            }.Look());
        }
    }

    /// <summary>A name made of chip and label: it says nothing of what is covered, so the user must map it.</summary>
    private static (Domain Domain, string Note) Labelled(HwmonChip chip, string kind, int channel)
    {
        string label = chip.Find($"{kind}{channel}_label") is { Length: > 0 } text ? text : $"{kind}{channel}";
        return (new($"{Plain(chip.Name)}-{Plain(label)}", DomainKind.Unknown, 0), $"{chip.Name}, {label}: what it covers is not known; --map says it");
    }

    private static string Plain(string text)
    {
        StringBuilder name = new();
        foreach (char c in text)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        }

        return name.ToString();
    }
}
