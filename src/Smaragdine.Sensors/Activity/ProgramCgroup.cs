using System.Globalization;
using System.Text;

namespace Smaragdine.Sensors.Activity;

/// <summary>
/// A control group (version 2) of the recorded program's own, within this process's: `smaragdine-PID`. No controller is needed; the kernel counts the
/// processor time of every group. Whoever is started while this process is inside is born inside.
/// </summary>
internal sealed class ProgramCgroup
{
    private const string Prefix = "smaragdine-";
    private const int MoveRounds = 10;

    private readonly string own;

    private ProgramCgroup(string own, string path)
    {
        this.own = own;
        Path = path;
    }

    public string Path { get; }

    public string CpuStat => System.IO.Path.Combine(Path, "cpu.stat");

    /// <summary>Makes the group where this process may; null where it may not, with nothing left behind.</summary>
    /// <param name="root">Where `/proc` and `/sys` are.</param>
    public static ProgramCgroup? TryCreate(SystemRoot root)
    {
        if (Own(root) is not { } own)
        {
            return null;
        }

        ProgramCgroup group = new(own, System.IO.Path.Combine(own, $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}"));
        try
        {
            // First whether this process may come back: it must not stay in the group that it measures.
            Move(own, "0");
            Sweep(root, own);
            Directory.CreateDirectory(group.Path);
            if (File.Exists(group.CpuStat) && !group.Processes().Any())
            {
                // Both ways are allowed, then, before anything relies on it.
                group.Enter();
                group.Leave();
                return group;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not allowed is no fault: processes are counted one by one then.
        }

        group.Remove();
        return null;
    }

    /// <summary>Where in the tree of groups this process is; null without version 2. From the text of `/proc/self/mountinfo` and `/proc/self/cgroup`.</summary>
    internal static string? Place(string mounts, string groups)
    {
        string? group = groups.Split('\n').FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal))?[3..];
        foreach (string line in mounts.Split('\n'))
        {
            // 33 24 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw
            string[] fields = line.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator < 6 || separator + 1 >= fields.Length || fields[separator + 1] != "cgroup2")
            {
                continue;
            }

            // What is mounted may be a part of the tree only; a group outside of it (a path that begins with /..) cannot be reached.
            string part = Unescape(fields[3]).TrimEnd('/');
            if (group is not null && !group.Contains("/..", StringComparison.Ordinal) && (group == part || group.StartsWith($"{part}/", StringComparison.Ordinal)))
            {
                return $"{Unescape(fields[4]).TrimEnd('/')}{group[part.Length..]}".TrimEnd('/');
            }
        }

        return null;
    }

    /// <summary>This process, and whoever it starts from now on, is in the group.</summary>
    /// <exception cref="IOException">it may not.</exception>
    public void Enter() => Move(Path, "0");

    /// <summary>This process is where it was before; whoever it started stays.</summary>
    /// <exception cref="IOException">it may not.</exception>
    public void Leave() => Move(own, "0");

    /// <summary>Takes the group away. What still runs in it moves to this process's group, where it would be without a recording.</summary>
    /// <returns>False where it stays: the program made groups of its own in it.</returns>
    public bool Remove()
    {
        for (int round = 0; Directory.Exists(Path); round++)
        {
            try
            {
                Directory.Delete(Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (round == MoveRounds)
                {
                    return false;
                }

                MoveOut();
            }
        }

        return true;
    }

    /// <summary>Processes that are in it now; those in groups that the program made within it are not among them. Empty where it is gone.</summary>
    public int[] Members()
    {
        try
        {
            return [.. Processes().Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0).Where(p => p > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Own(SystemRoot root)
    {
        try
        {
            string? place = Place(File.ReadAllText(root.At("proc", "self", "mountinfo")), File.ReadAllText(root.At("proc", "self", "cgroup")));
            return place is null ? null : root.At(place.TrimStart('/'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Groups of recorders that were killed: empty, and no process has the id any more.</summary>
    private static void Sweep(SystemRoot root, string own)
    {
        foreach (string left in Directory.EnumerateDirectories(own, $"{Prefix}*"))
        {
            string pid = System.IO.Path.GetFileName(left)[Prefix.Length..];
            if (pid.Length > 0 && pid.All(char.IsAsciiDigit) && !Directory.Exists(root.At("proc", pid)))
            {
                try
                {
                    // The kernel refuses one in which somebody is.
                    Directory.Delete(left);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Its program goes on.
                }
            }
        }
    }

    private static void Move(string group, string pid)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file =
                File.OpenHandle(System.IO.Path.Combine(group, "cgroup.procs"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(pid), 0);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>The kernel shows spaces in paths as `\040`.</summary>
    private static string Unescape(string path)
    {
        StringBuilder text = new();
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 3 < path.Length)
            {
                text.Append((char)Convert.ToInt32(path[(i + 1)..(i + 4)], 8));
                i += 3;
            }
            else
            {
                text.Append(path[i]);
            }
        }

        return text.ToString();
    }

    private IEnumerable<string> Processes() =>
        File.ReadAllText(System.IO.Path.Combine(Path, "cgroup.procs")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void MoveOut()
    {
        try
        {
            foreach (string pid in Processes())
            {
                Move(own, pid);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or may not be moved: the next round tells.
        }
    }
}
