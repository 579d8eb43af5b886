using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Units;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>AMD GPUs: `power1_average` or `power1_input` (µW) and, where a driver has it, `energy1_input` (µJ) of the chip `amdgpu`.</summary>
/// <remarks>Documentation/gpu/amdgpu/thermal.rst: average and instantaneous power used by the SoC; on APUs that includes the CPU.</remarks>
public sealed class AmdGpuProbe : ISensorProbe
{
    internal const string SensorName = "amdgpu";

    /// <summary>`apu-0`: a chip with CPU and GPU in it.</summary>
    internal const string ApuPrefix = "apu-";

    /// <summary>The driver keeps a reading for 1 ms.</summary>
    private static readonly Duration Cached = Duration.FromMilliseconds(1);

    public string Name => SensorName;

    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        List<SensorFinding> findings = [];
        int gpus = 0;
        int apus = 0;
        foreach (DrmCard card in DrmCard.Find(root, "amdgpu"))
        {
            // Numbered among AMD cards, as ROCm does: cardN also counts the console's adapter.
            bool apu = IsApu(card);
            Domain domain = apu ? new($"{ApuPrefix}{apus}", DomainKind.Unknown, apus++) : Domain.Gpu(gpus++);
            if (card.Chip() is not { } chip)
            {
                findings.Add(new(domain, SensorName, StreamKind.Power, SensorState.NotSupported,
                    $"{card.Name} has no hwmon chip: the driver does not manage its power (a virtual function?)", null, null, null, card.Device, null) { DeviceId = card.PciId });
                continue;
            }

            AddCard(card, chip, domain, apu, findings);
        }

        return findings;
    }

    /// <summary>`gpu_metrics` begins with u16 size, u8 format, u8 content (kgd_pp_interface.h): format 1 is a card's, 2 and 3 are an APU's.</summary>
    internal static bool IsApu(ReadOnlySpan<byte> gpuMetrics) => gpuMetrics.Length >= 4 && gpuMetrics[2] >= 2;

    private static bool IsApu(DrmCard card) => IsApu(AttributeText.ReadBytes(Path.Combine(card.Device, "gpu_metrics")).Bytes);

    private static void AddCard(DrmCard card, HwmonChip chip, Domain domain, bool apu, List<SensorFinding> findings)
    {
        string place = $"{card.Name}{(card.PciId is { } pci ? $", {pci}" : "")}{(apu ? ": an APU, the power is the whole chip's, CPU cores included" : "")}";
        bool averaged = chip.Read("power1_average").Access != AttributeAccess.Absent;
        bool counts = chip.Read("energy1_input").Access != AttributeAccess.Absent;
        if (counts)
        {
            findings.Add(new HwmonReading(domain, SensorName, StreamKind.Energy, chip.At("energy1_input"))
            {
                DeviceId = card.PciId,
                Doubtful = true,
                Note = "the counter of several cards stands still or runs at a wrong rate (amdsmi#38, rocm_smi_lib#180)",
                ZeroMeans = "the counter stands at 0",
                UpdatePeriod = Cached,
            }.Look());
        }

        findings.Add(new HwmonReading(domain, SensorName, StreamKind.Power, chip.At(averaged ? "power1_average" : "power1_input"))
        {
            DeviceId = card.PciId,
            Note = averaged ? place : $"{place}; an instantaneous reading: what lies between two is not seen",
            ZeroMeans = "it reads 0: the second die of a two-die card, whose power the first one shows",
            UpdatePeriod = Cached,
        }.Look());
    }
}
