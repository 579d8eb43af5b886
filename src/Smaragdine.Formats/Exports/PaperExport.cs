using System.Globalization;
using Smaragdine.Attribution;
using Smaragdine.Formats.Reports;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Exports;

/// <summary>One device's footprint in one step by the paper's rule.</summary>
public sealed record PaperFootprint(DeviceId Device, int Step, IReadOnlyList<PaperEntry> Entries);

/// <summary>
/// The paper's two tables: `footprint.csv` (device, epoch, operation, energy in J) and `runtime.csv` (device, epoch, operation, runtime in s);
/// epoch is the step, operation is `name@input0;input1`, both by the released rule.
/// </summary>
public static class PaperExport
{
    /// <summary>Accounts every device that has power, step by step, over all spans that the step launched.</summary>
    public static IReadOnlyList<PaperFootprint> Account(
        Trace trace, IReadOnlyDictionary<DeviceId, DevicePower> power, IReadOnlySet<int>? steps)
    {
        List<PaperFootprint> footprints = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            if (!power.TryGetValue(device.Id, out DevicePower? feeding) || !feeding.IsKnown)
            {
                continue;
            }

            IReadOnlyList<(long Time, double Watts)> changes = PaperRule.Changes(feeding.Domains.Select(d => d.Power.Timeline));
            string[] keys = [.. device.Operations.Select(PaperRule.Key)];
            Dictionary<int, List<(long Start, long End, string Key)>> spans = [];
            for (int i = 0; i < device.Spans.Count; i++)
            {
                int step = device.Spans.Steps[i];
                if (steps?.Contains(step) ?? true)
                {
                    (spans.TryGetValue(step, out List<(long Start, long End, string Key)>? list) ? list : spans[step] = [])
                        .Add((device.Spans.Starts[i], device.Spans.Ends[i], keys[device.Spans.Operations[i]]));
                }
            }

            footprints.AddRange(spans.OrderBy(s => s.Key).Select(s => new PaperFootprint(device.Id, s.Key, PaperRule.Account(s.Value, changes))));
        }

        return footprints;
    }

    public static void WriteFootprint(IReadOnlyList<PaperFootprint> footprints, TextWriter output) =>
        Write(footprints, "energy", e => e.Joules, output);

    public static void WriteRuntime(IReadOnlyList<PaperFootprint> footprints, TextWriter output) =>
        Write(footprints, "runtime", e => e.RuntimeSeconds, output);

    private static void Write(IReadOnlyList<PaperFootprint> footprints, string column, Func<PaperEntry, double> value, TextWriter output)
    {
        CsvReport.WriteLine(output, ["device", "epoch", "operation", column]);
        foreach (PaperFootprint footprint in footprints)
        {
            foreach (PaperEntry entry in footprint.Entries.OrderBy(e => e.Operation, StringComparer.Ordinal))
            {
                CsvReport.WriteLine(
                    output,
                    [
                        footprint.Device.ToString(), footprint.Step.ToString(CultureInfo.InvariantCulture), entry.Operation,
                        value(entry).ToString("R", CultureInfo.InvariantCulture),
                    ]);
            }
        }
    }
}
