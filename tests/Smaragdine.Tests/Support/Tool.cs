using System.Diagnostics;

namespace Smaragdine.Tests.Support;

/// <summary>Other people's programs, for checks that must not be our own code.</summary>
public static class Tool
{
    /// <summary>Where a program is on PATH; null where it is not.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(f => f.Length > 0).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="input">A file for its standard input; null for none.</param>
    /// <param name="arguments">As they are.</param>
    public static (int Code, string Output, string Error) Run(string program, string? input, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using (Stream stdin = process.StandardInput.BaseStream)
        {
            if (input is not null)
            {
                using FileStream file = File.OpenRead(input);
                file.CopyTo(stdin);
            }
        }

        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

/// <summary>A test that runs another program; skipped, and said so, where it is absent.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool, string package)
    {
        if (Tool.Find(tool) is null)
        {
            Skip = $"needs {tool} (Debian: {package}), and none is here";
        }
    }
}
