namespace Smaragdine.Sensors.Sysfs;

/// <summary>What lies in a folder of /sys. A folder that is absent or closed is an empty one.</summary>
internal static class Folders
{
    /// <summary>Paths of the folders (and links to folders) under <paramref name="path"/>, dangling links among them, in the order of their numbers: hwmon2 before hwmon10.</summary>
    public static IReadOnlyList<string> In(string path, string pattern = "*")
    {
        try
        {
            List<string> found = [.. Directory.EnumerateFileSystemEntries(path, pattern)];
            found.Sort(NumberOrder);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int NumberOrder(string left, string right)
    {
        (string leftName, long leftNumber) = Split(left);
        (string rightName, long rightNumber) = Split(right);
        int byName = string.CompareOrdinal(leftName, rightName);
        return byName != 0 ? byName : leftNumber.CompareTo(rightNumber);
    }

    private static (string Name, long Number) Split(string path)
    {
        string name = Path.GetFileName(path);
        int digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
        {
            digits--;
        }

        return (name[..digits], long.TryParse(name.AsSpan(digits), out long number) ? number : -1);
    }
}
