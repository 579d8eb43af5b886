using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>One domain as it feeds a device.</summary>
/// <param name="Power">The domain's power over time.</param>
/// <param name="Activity">Who used the processors that it powers; null where nobody watched (or on a GPU).</param>
/// <param name="Baseline">Its power while the machine is idle, where known.</param>
public sealed record FeedingDomain(DomainPower Power, ActivityTimeline? Activity = null, Watts? Baseline = null);

/// <summary>What is known of energy spent while no span of the device runs.</summary>
public enum GapRule
{
    /// <summary>The program owns the device: what no span takes is idle.</summary>
    Idle,

    /// <summary>Others share the device and nobody says when: no rule can place it.</summary>
    Unattributed,

    /// <summary>A processor with activity: the program's share is outside (Python, input pipeline), the rest goes by on-CPU time.</summary>
    ByActivity,
}

/// <summary>The domains that feed one device, and how its gaps are read.</summary>
public sealed record DevicePower(IReadOnlyList<FeedingDomain> Domains, GapRule Gaps)
{
    /// <summary>No power at all: a report about time.</summary>
    public static DevicePower None { get; } = new([], GapRule.Idle);

    public bool IsKnown => Domains.Count > 0;

    /// <summary>The worst of its domains.</summary>
    public Quality Quality => Domains.Count == 0 ? Quality.Measured : Domains.Max(d => d.Power.Quality);
}
