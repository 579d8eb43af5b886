namespace Smaragdine.Tests.Support;

/// <summary>The recordings under samples/.</summary>
public static class SampleRecordings
{
    /// <summary>Every directory that holds a timeline.</summary>
    public static IReadOnlyList<string> All() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SharedData.Root, "samples"), "timeline-*", SearchOption.AllDirectories)
            .Select(f => Path.GetDirectoryName(f)!).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>As <see cref="All"/>, of recordings that only repeat one run the first.</summary>
    public static IEnumerable<string> Distinct() => All().Where(s => Path.GetFileName(s) is var name && (name == "run-1" || !name.StartsWith("run-", StringComparison.Ordinal)));
}
