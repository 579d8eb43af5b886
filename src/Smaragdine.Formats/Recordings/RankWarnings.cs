using Smaragdine.Footprints;

namespace Smaragdine.Formats.Recordings;

/// <summary>What is said of several ranks alike is said once.</summary>
internal sealed class RankWarnings
{
    private readonly List<(int Rank, Warning Warning)> said = [];

    public void Add(int rank, Warning warning) => said.Add((rank, warning));

    /// <summary>The first of each kind in full, and which other ranks have the like.</summary>
    public void Tell(Action<Warning> warn)
    {
        foreach (IGrouping<string, (int Rank, Warning Warning)> kind in said.GroupBy(s => s.Warning.Code, StringComparer.Ordinal))
        {
            (int rank, Warning first) = kind.First();
            foreach ((int _, Warning own) in kind.Where(k => k.Rank == rank))
            {
                warn(own with { Text = $"rank {rank}: {own.Text}" });
            }

            List<int> others = [.. kind.Select(k => k.Rank).Where(r => r != rank).Distinct().Order()];
            if (others.Count > 0)
            {
                warn(first with
                {
                    Text = $"the like ({first.Code}) of {(others.Count == 1 ? "rank" : "ranks")} {FootprintBuilder.Ranges(others)}; `smaragdine info` of their directories says more",
                    Incomplete = kind.Any(k => k.Warning.Incomplete),
                });
            }
        }
    }
}
