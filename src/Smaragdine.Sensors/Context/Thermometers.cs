using Smaragdine.Sensors.Hwmon;

namespace Smaragdine.Sensors.Context;

/// <summary>The thermometers of processor packages among the hwmon chips.</summary>
/// <param name="Socket">The package.</param>
/// <param name="Path">A file in m°C.</param>
internal readonly record struct Thermometers(int Socket, string Path)
{
    private const string Intel = "coretemp";

    /// <summary>
    /// `coretemp` names the package ("Package id 1"). `k10temp` has a chip for each node, in the order of their PCI addresses; of its channels Tdie is
    /// the temperature, Tctl what the fans go by (up to 27 °C more on some Ryzen, the same on EPYC), taken where there is no Tdie.
    /// </summary>
    public static IReadOnlyList<Thermometers> Find(SystemRoot root, IReadOnlyList<int> sockets)
    {
        IReadOnlyList<HwmonChip> chips = HwmonChip.In(root.At("sys", "class", "hwmon"));
        List<Thermometers> found = [];
        foreach (HwmonChip chip in chips.Where(c => c.Name == Intel))
        {
            foreach (int channel in chip.Channels("temp", "label"))
            {
                const string Label = "Package id ";
                if (chip.Find($"temp{channel}_label") is { } label && label.StartsWith(Label, StringComparison.Ordinal)
                    && int.TryParse(label.AsSpan(Label.Length), System.Globalization.NumberStyles.None, null, out int socket))
                {
                    found.Add(new(socket, chip.At($"temp{channel}_input")));
                }
            }
        }

        List<HwmonChip> nodes = [.. chips.Where(c => IsAmd(c.Name)).OrderBy(c => Address(c), StringComparer.Ordinal)];
        if (nodes.Count % sockets.Count == 0)
        {
            found.AddRange(nodes.Select((chip, i) => new Thermometers(sockets[i / (nodes.Count / sockets.Count)], chip.At($"temp{Channel(chip)}_input"))));
        }

        return found;
    }

    /// <summary>The chip's driver, for the stream's source.</summary>
    public static string Source(SystemRoot root) =>
        HwmonChip.In(root.At("sys", "class", "hwmon")).FirstOrDefault(c => c.Name == Intel || IsAmd(c.Name))?.Name ?? Intel;

    private static bool IsAmd(string chip) => chip is "k10temp" or "zenpower";

    /// <summary>The PCI device that a chip belongs to; hwmon's own numbers change from boot to boot.</summary>
    private static string Address(HwmonChip chip) => new FileInfo(chip.At("device")).LinkTarget is { } target ? System.IO.Path.GetFileName(target) : chip.Path;

    private static int Channel(HwmonChip chip)
    {
        IReadOnlyList<int> labelled = chip.Channels("temp", "label");
        int Labelled(string label) => labelled.FirstOrDefault(c => chip.Find($"temp{c}_label") == label);
        return Labelled("Tdie") is > 0 and var die ? die : Labelled("Tctl") is > 0 and var control ? control : 1;
    }
}
