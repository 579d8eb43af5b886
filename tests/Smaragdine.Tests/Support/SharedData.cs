using System.Runtime.CompilerServices;

namespace Smaragdine.Tests.Support;

/// <summary>Where tests find things: the checkout, its samples, and real data beside it that the project does not hold.</summary>
public static class SharedData
{
    /// <summary>The checkout's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of other people's traces and of the project's longer recordings, beside the checkout.</summary>
    public static string Shared => Path.Combine(Root, "..", "shared");

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        DirectoryInfo? folder = new FileInfo(here).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Smaragdine.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no Smaragdine.slnx above {here}");
    }
}

/// <summary>A test that reads a path under the shared data; skipped, and said so, where it is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string path)
    {
        string full = Path.Combine(SharedData.Shared, path);
        if (!Path.Exists(full))
        {
            Skip = $"needs ../shared/{path}, which is not here";
        }
    }
}

/// <summary>As <see cref="SharedFactAttribute"/>, with data.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string path)
    {
        if (!Path.Exists(Path.Combine(SharedData.Shared, path)))
        {
            Skip = $"needs ../shared/{path}, which is not here";
        }
    }
}
