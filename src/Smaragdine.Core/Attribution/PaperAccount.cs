using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>The paper's rule in the shape of a ledger: its operations' energy, the rest of the window's energy idle.</summary>
internal static class PaperAccount
{
    /// <summary>Replaces the shares of a ledger by those of the paper's rule. What it shares out is the same total.</summary>
    public static void Apply(DeviceTrace trace, DevicePower power, WindowLedger ledger)
    {
        string[] keys = [.. trace.Operations.Select(PaperRule.Key)];
        List<(long Start, long End, string Key)> spans = [];
        long from = ledger.Window.Start.UnixNanoseconds;
        long to = ledger.Window.End.UnixNanoseconds;
        for (int i = 0; i < trace.Spans.Count; i++)
        {
            long start = Math.Max(from, trace.Spans.Starts[i]);
            long end = Math.Min(to, trace.Spans.Ends[i]);
            if (end > start || (end == start && trace.Spans.Starts[i] >= from && start < to))
            {
                spans.Add((start, end, keys[trace.Spans.Operations[i]]));
            }
        }

        // Before its first sample the released rule takes that sample's power; here uncovered time has none, or more would be shared than there is.
        List<(long Time, double Watts)> changes = [(long.MinValue, 0), .. PaperRule.Changes(power.Domains.Select(d => d.Timeline()))];
        Dictionary<string, double> joules = PaperRule
            .Account(spans, changes)
            .ToDictionary(e => e.Operation, e => e.Joules, StringComparer.Ordinal);
        Array.Clear(ledger.Energy);
        double total = ledger.Domains.Sum(d => d.Total);
        for (int operation = 0; operation < keys.Length; operation++)
        {
            if (joules.Remove(keys[operation], out double energy) && total > 0)
            {
                for (int d = 0; d < ledger.Domains.Length; d++)
                {
                    ledger.Energy[(operation * ledger.Domains.Length) + d] = energy * ledger.Domains[d].Total / total;
                }
            }
        }

        for (int d = 0; d < ledger.Domains.Length; d++)
        {
            double operations = 0;
            for (int operation = 0; operation < keys.Length; operation++)
            {
                operations += ledger.Energy[(operation * ledger.Domains.Length) + d];
            }

            ledger.Domains[d] = new()
            {
                Total = ledger.Domains[d].Total,
                CoveredNs = ledger.Domains[d].CoveredNs,
                Operations = operations,
                Idle = ledger.Domains[d].Total - operations,
            };
        }
    }
}
