using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Hwmon;

/// <summary>One chip of the hardware monitoring class (Documentation/hwmon/sysfs-interface.rst). Power is in µW, energy in µJ, voltage in mV, current in mA.</summary>
/// <param name="Path">Its folder, `…/hwmon3`: the number changes from boot to boot.</param>
/// <param name="Name">`amdgpu`, `ina3221`, `power_meter`.</param>
internal sealed record HwmonChip(string Path, string Name)
{
    /// <summary>The chips in a folder that holds `hwmonN`.</summary>
    public static IReadOnlyList<HwmonChip> In(string folder) =>
        [.. Folders.In(folder, "hwmon*").Select(path => new HwmonChip(path, AttributeText.Find(System.IO.Path.Combine(path, "name")) ?? ""))];

    public string At(string attribute) => System.IO.Path.Combine(Path, attribute);

    public AttributeText Read(string attribute) => AttributeText.Read(At(attribute));

    public string? Find(string attribute) => AttributeText.Find(At(attribute));

    /// <summary>The channel numbers for which there is a file `prefixN_suffix`.</summary>
    public IReadOnlyList<int> Channels(string prefix, string suffix)
    {
        List<int> numbers = [];
        foreach (string path in Folders.In(Path, $"{prefix}*_{suffix}"))
        {
            string name = System.IO.Path.GetFileName(path);
            if (int.TryParse(name.AsSpan(prefix.Length, name.Length - prefix.Length - suffix.Length - 1), System.Globalization.NumberStyles.None, null, out int number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }
}
