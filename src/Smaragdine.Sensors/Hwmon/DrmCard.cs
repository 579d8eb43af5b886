using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>A graphics card as /sys/class/drm has it.</summary>
/// <param name="Name">`card1`: numbered in the order of drivers, and shared with adapters that only show a console.</param>
/// <param name="Device">Its device folder.</param>
/// <param name="Driver">`amdgpu`, `i915`, `xe`.</param>
/// <param name="PciId">`0000:03:00.0`; null where it is not on PCI.</param>
internal sealed record DrmCard(string Name, string Device, string Driver, string? PciId)
{
    /// <summary>The cards of the given drivers, in the order of their numbers; connectors (`card0-DP-1`) and render nodes are none.</summary>
    public static IReadOnlyList<DrmCard> Find(SystemRoot root, params ReadOnlySpan<string> drivers)
    {
        List<DrmCard> cards = [];
        foreach (string path in Folders.In(root.At("sys", "class", "drm"), "card*"))
        {
            string name = Path.GetFileName(path);
            if (!int.TryParse(name.AsSpan("card".Length), System.Globalization.NumberStyles.None, null, out _))
            {
                continue;
            }

            string device = Path.Combine(path, "device");
            string driver = "";
            string? pci = null;
            foreach (string line in (AttributeText.Find(Path.Combine(device, "uevent")) ?? "").Split('\n'))
            {
                (driver, pci) = line.Split('=', 2) switch
                {
                    ["DRIVER", var value] => (value.Trim(), pci),
                    ["PCI_SLOT_NAME", var value] => (driver, value.Trim()),
                    _ => (driver, pci),
                };
            }

            if (drivers.Contains(driver))
            {
                cards.Add(new(name, device, driver, pci));
            }
        }

        return cards;
    }

    /// <summary>The card's own chip; null where the driver registers none.</summary>
    public HwmonChip? Chip() => HwmonChip.In(Path.Combine(Device, "hwmon")).FirstOrDefault(c => c.Name == Driver);
}
