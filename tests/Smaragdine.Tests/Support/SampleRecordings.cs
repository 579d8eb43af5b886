namespace Smaragdine.Tests.Support;

/// <summary>The recordings under samples/.</summary>
public static class SampleRecordings
{
    /// <summary>Every directory of the samples that holds a timeline.</summary>
    public static IReadOnlyList<string> All() => Under(Path.Combine(SharedData.Root, "samples"));

    /// <summary>Every directory below that holds a timeline.</summary>
    public static IReadOnlyList<string> Under(string root) =>
    [
        .. Directory.EnumerateFiles(root, "timeline-*", SearchOption.AllDirectories)
            .Select(f => Path.GetDirectoryName(f)!).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>As <see cref="All"/>, of recordings that only repeat one run the first.</summary>
    public static IEnumerable<string> Distinct() => All().Where(s => Path.GetFileName(s) is var name && (name == "run-1" || !name.StartsWith("run-", StringComparison.Ordinal)));
}
