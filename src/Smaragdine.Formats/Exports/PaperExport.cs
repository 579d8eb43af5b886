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
/// <remarks>
/// The released code takes a row's device from wherever `GPU:n` stands in its name, so that spans that only dispatch work to a GPU run on
/// that GPU beside its kernels. So they do here, and here only: reports count them on the CPU.
/// </remarks>
public static class PaperExport
{
    /// <summary>Accounts every device that has power, step by step, over all spans that the step launched.</summary>
    /// <param name="trace">The spans.</param>
    /// <param name="power">By device.</param>
    /// <param name="steps">Which steps; null for all.</param>
    public static IReadOnlyList<PaperFootprint> Account(
        Trace trace, IReadOnlyDictionary<DeviceId, DevicePower> power, IReadOnlySet<int>? steps)
    {
        SortedDictionary<(DeviceId Device, int Step), List<(long Start, long End, string Key)>> spans = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            (DeviceId Device, string Key)[] operations = [.. device.Operations.Select(o => (o.DispatchesTo ?? device.Id, PaperRule.Key(o)))];
            for (int i = 0; i < device.Spans.Count; i++)
            {
                int step = device.Spans.Steps[i];
                (DeviceId target, string key) = operations[device.Spans.Operations[i]];
                if ((steps is null || steps.Contains(step)) && power.TryGetValue(target, out DevicePower? feeding) && feeding.IsKnown)
                {
                    (spans.TryGetValue((target, step), out List<(long Start, long End, string Key)>? list) ? list : spans[(target, step)] = [])
                        .Add((device.Spans.Starts[i], device.Spans.Ends[i], key));
                }
            }
        }

        Dictionary<DeviceId, IReadOnlyList<(long Time, double Watts)>> changes = power
            .Where(p => p.Value.IsKnown)
            .ToDictionary(p => p.Key, p => PaperRule.Changes(p.Value.Domains.Select(d => d.Timeline())));
        return [.. spans.Select(s => new PaperFootprint(s.Key.Device, s.Key.Step, PaperRule.Account(s.Value, changes[s.Key.Device])))];
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
                        footprint.Device.RankName, footprint.Step.ToString(CultureInfo.InvariantCulture), entry.Operation,
                        value(entry).ToString("R", CultureInfo.InvariantCulture),
                    ]);
            }
        }
    }
}
