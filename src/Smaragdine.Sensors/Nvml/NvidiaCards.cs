namespace Smaragdine.Sensors.Nvml;

/// <summary>NVIDIA's GPUs as the kernel's PCI tree shows them, whether or not their driver is there.</summary>
internal static class NvidiaCards
{
    /// <summary>PCI addresses, in ascending order, which is NVML's. Empty where the tree cannot be read.</summary>
    public static IReadOnlyList<string> Under(SystemRoot root)
    {
        List<string> addresses = [];
        string devices = root.At("sys", "bus", "pci", "devices");
        if (!Directory.Exists(devices))
        {
            return addresses;
        }

        try
        {
            foreach (string device in Directory.EnumerateFileSystemEntries(devices))
            {
                // Class 0x03…: display controllers (0x0302 without a screen); an audio function of the same card has another.
                if (Attribute(device, "vendor") == "0x10de" && Attribute(device, "class").StartsWith("0x03", StringComparison.Ordinal))
                {
                    addresses.Add(Path.GetFileName(device));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // As if it were not there: it only tells what NVML would have told.
        }

        addresses.Sort(StringComparer.Ordinal);
        return addresses;
    }

    private static string Attribute(string device, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(device, name)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
