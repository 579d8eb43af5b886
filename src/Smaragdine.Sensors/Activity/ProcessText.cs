using System.Globalization;

namespace Smaragdine.Sensors.Activity;

/// <summary>Who a process is, for people.</summary>
/// <param name="Name">Its name, at most 15 characters.</param>
/// <param name="CommandLine">Program and arguments; null where it has none (threads of the kernel, zombies) or they may not be read.</param>
/// <param name="User">Its user's name, else number; null where not known.</param>
public sealed record ProcessFacts(string Name, string? CommandLine, string? User);

/// <summary>Names, command lines and users of processes, as `/proc` has them. All of it is foreign text.</summary>
public sealed class ProcessText
{
    private const int MostCharacters = 4096;

    private readonly SystemRoot root;
    private readonly Lazy<Dictionary<string, string>> users;

    public ProcessText(SystemRoot root)
    {
        this.root = root;
        users = new(() => ParseUsers(Sysfs.AttributeText.Find(root.At("etc", "passwd")) ?? ""));
    }

    /// <summary>Looks at a process now; null where it has gone.</summary>
    public ProcessFacts? Find(int pid)
    {
        string folder = root.At("proc", pid.ToString(CultureInfo.InvariantCulture));
        if (Sysfs.AttributeText.Find(Path.Combine(folder, "status")) is not { } status)
        {
            return null;
        }

        string? user = Field(status, "Uid:") is { } ids ? ids.Split('\t', ' ')[0] : null;
        return new(
            Field(status, "Name:") ?? pid.ToString(CultureInfo.InvariantCulture),
            CommandLineOf(Sysfs.AttributeText.Find(Path.Combine(folder, "cmdline")) ?? ""),
            user is not null && users.Value.TryGetValue(user, out string? name) ? name : user);
    }

    /// <summary>Arguments end with a zero each.</summary>
    internal static string? CommandLineOf(string cmdline)
    {
        string text = cmdline.TrimEnd('\0').Replace('\0', ' ').Trim();
        return text.Length == 0 ? null : text.Length > MostCharacters ? text[..MostCharacters] : text;
    }

    /// <summary>`/etc/passwd`: names by number; of several names of one number the first.</summary>
    internal static Dictionary<string, string> ParseUsers(string passwd)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string line in passwd.Split('\n'))
        {
            if (line.Split(':') is [{ Length: > 0 } name, _, { Length: > 0 } id, ..])
            {
                names.TryAdd(id, name);
            }
        }

        return names;
    }

    private static string? Field(string status, string name)
    {
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..].Trim().ToString();
            }
        }

        return null;
    }
}
