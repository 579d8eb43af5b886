using Smaragdine.Attribution;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>Comparisons of ledgers, to the 1e-9 that the rules of accounting promise.</summary>
internal static class Ledgers
{
    public static void ShouldEqual(WindowLedger fast, SlowSplit slow, string scene)
    {
        int domains = fast.Domains.Length;
        for (int o = 0; o < fast.OperationCount; o++)
        {
            fast.Calls[o].ShouldBe(slow.Calls[o], scene);
            fast.TimeNs[o].ShouldBe(slow.TimeNs[o], scene);
            fast.CoveredNs[o].ShouldBe(slow.CoveredNs[o], scene);
            fast.Overlapped[o].ShouldBe(slow.Overlapped[o], scene);
            for (int d = 0; d < domains; d++)
            {
                Near(fast.Energy[(o * domains) + d], (double)slow.Energy[o, d], $"operation {o}, domain {d}: {scene}");
            }
        }

        for (int d = 0; d < domains; d++)
        {
            DomainAccount account = fast.Domains[d];
            account.CoveredNs.ShouldBe(slow.DomainCoveredNs[d], scene);
            Near(account.Total, (double)slow.Total[d], $"total: {scene}");
            Near(account.Operations, (double)slow.Operations[d], $"operations: {scene}");
            Near(account.Idle, (double)slow.Idle[d], $"idle: {scene}");
            Near(account.OtherProcesses, (double)slow.OtherProcesses[d], $"other processes: {scene}");
            Near(account.Outside, (double)slow.Outside[d], $"outside: {scene}");
            Near(account.Unattributed, (double)slow.Unattributed[d], $"unattributed: {scene}");
        }

        fast.BusyNs.ShouldBe(slow.BusyNs, scene);
        fast.DeviceCoveredNs.ShouldBe(slow.DeviceCoveredNs, scene);
    }

    /// <summary>∫P = operations + idle + other processes + outside + unattributed, and the operations' row is what the operations got.</summary>
    public static void ShouldConserve(WindowLedger ledger, DevicePower power, string scene)
    {
        for (int d = 0; d < ledger.Domains.Length; d++)
        {
            DomainAccount account = ledger.Domains[d];
            (Joules energy, Duration covered) = power.Domains[d].Power.Timeline.Over(ledger.Window);
            Near(account.Sum, energy.Value, $"conservation: {scene}");
            Near(account.Total, energy.Value, $"total: {scene}");
            account.CoveredNs.ShouldBe(covered.Nanoseconds, scene);
            double operations = Enumerable.Range(0, ledger.OperationCount).Sum(o => ledger.Energy[(o * ledger.Domains.Length) + d]);
            Near(operations, account.Operations, $"operations: {scene}");
            double least = new[] { account.Operations, account.Idle, account.OtherProcesses, account.Outside, account.Unattributed }.Min();
            least.ShouldBeGreaterThanOrEqualTo(0, scene);
        }
    }

    public static void Near(double actual, double expected, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(Math.Max(1e-12, 1e-9 * Math.Abs(expected)), $"{actual:R} instead of {expected:R}: {what}");
}
