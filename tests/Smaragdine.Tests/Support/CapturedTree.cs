using System.Globalization;
using Smaragdine.Sensors;

namespace Smaragdine.Tests.Support;

/// <summary>A tree of /sys and /proc from tests/data/sys, laid out in a temporary folder.</summary>
public sealed class CapturedTree : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smaragdine-sys-").FullName;

    public CapturedTree(string name)
    {
        // Temporary folders are their owner's alone: one test looks at a tree as another user.
        SetMode("", "0755");

        foreach (string line in File.ReadLines(Path.Combine(SharedData.Root, "tests", "data", "sys", $"{name}.txt")))
        {
            if (!line.StartsWith('#'))
            {
                Lay(line);
            }
        }
    }

    public SystemRoot Root => new(folder);

    public string At(string path) => Path.Combine(folder, path);

    /// <summary>Writes a file in place, as a driver makes its text anew: who has it open sees the new text.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public void SetMode(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At(path), (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Lay(string line)
    {
        if (line.Split(" = ", 2) is [var path, var text])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.AppendAllText(At(path), text + "\n");
        }
        else if (line.EndsWith(" =", StringComparison.Ordinal))
        {
            Write(line[..^2], "");
        }
        else if (line.Split(" -> ") is [var link, var target])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(link))!);
            File.CreateSymbolicLink(At(link), target);
        }
        else if (line.Split(" hex ") is [var binary, var bytes])
        {
            File.WriteAllBytes(At(binary), [.. bytes.Split(' ').Select(b => byte.Parse(b, NumberStyles.HexNumber))]);
        }
        else if (line.Split(' ') is ["mode", var octal, var closed])
        {
            SetMode(closed, octal);
        }
        else if (line.EndsWith('/'))
        {
            Directory.CreateDirectory(At(line));
        }
        else
        {
            throw new FormatException($"a tree has no such line: {line}");
        }
    }
}
