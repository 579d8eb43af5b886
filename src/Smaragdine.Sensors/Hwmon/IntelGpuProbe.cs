using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>Intel's discrete GPUs: `energy1_input` (card) or `energy2_input` (package, xe) in µJ, of the chips `i915` and `xe`.</summary>
/// <remarks>
/// Documentation/ABI/testing/sysfs-driver-intel-{i915,xe}-hwmon. The register has 32 bits; the driver adds it up in 64, one wrap between two readings being seen.
/// Integrated graphics have no such chip: they are `uncore` of the package.
/// </remarks>
public sealed class IntelGpuProbe : ISensorProbe
{
    public string Name => "i915/xe";

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        List<SensorFinding> findings = [];
        int index = 0;
        foreach (DrmCard card in DrmCard.Find(root, "i915", "xe"))
        {
            if (card.Chip() is not { } chip)
            {
                continue;
            }

            bool whole = chip.Read("energy1_input").Access != AttributeAccess.Absent;
            if (!whole && chip.Read("energy2_input").Access == AttributeAccess.Absent)
            {
                continue;
            }

            findings.Add(new HwmonReading(Domain.Gpu(index++), card.Driver, StreamKind.Energy, chip.At(whole ? "energy1_input" : "energy2_input"))
            {
                DeviceId = card.PciId,
                Note = whole ? $"{card.Name}, {card.PciId}" : $"{card.Name}, {card.PciId}: the chip alone; memory and the rest of the card are not in it",
                ZeroMeans = "the counter stands at 0",
            }.Look());
        }

        return findings;
    }
}
