using System.Collections.Concurrent;

namespace Smaragdine.Tests.Support;

/// <summary>Python interpreters of this machine, for checks that must not be our own code.</summary>
public static class Python
{
    private static readonly ConcurrentDictionary<string, string?> Found = new(StringComparer.Ordinal);

    /// <summary>An interpreter that has a module (of the standard library or not); null where there is none.</summary>
    public static string? With(string module) => Found.GetOrAdd(module, Find);

    /// <summary>Runs Python; what it writes to standard output.</summary>
    public static string Run(string module, params string[] arguments)
    {
        string python = With(module) ?? throw new InvalidOperationException($"no Python with {module}; use [PythonFact]");
        (int code, string output, string error) = Tool.Run(python, null, arguments);
        code.ShouldBe(0, error);
        return output;
    }

    private static string? Find(string module)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string> candidates = folders.Append("/usr/bin").Where(f => f.Length > 0).Select(f => Path.Combine(f, "python3")).Where(File.Exists).Distinct();
        return candidates.FirstOrDefault(python => Tool.Run(python, null, "-c", $"import {module}").Code == 0);
    }
}

/// <summary>A test that calls Python with a module; skipped, and said so, where no interpreter has it.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module)
    {
        if (Python.With(module) is null)
        {
            Skip = $"needs a python3 with {module} (Debian: python3-{module}), and none is here";
        }
    }
}

/// <summary>As <see cref="PythonFactAttribute"/>, with data.</summary>
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute(string module)
    {
        if (Python.With(module) is null)
        {
            Skip = $"needs a python3 with {module} (Debian: python3-{module}), and none is here";
        }
    }
}

/// <summary>A test that needs both shared data and Python; skipped, and said so, where one is absent.</summary>
public sealed class SharedPythonFactAttribute : FactAttribute
{
    public SharedPythonFactAttribute(string path, string module)
    {
        Skip = new SharedFactAttribute(path).Skip ?? new PythonFactAttribute(module).Skip;
    }
}
