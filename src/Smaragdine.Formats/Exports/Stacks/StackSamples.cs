using Smaragdine.Footprints;
using Smaragdine.Formats.Reports;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports.Stacks;

/// <summary>A report's tree as stacks: what flame graphs and pprof are made of.</summary>
internal static class StackSamples
{
    /// <summary>A sample for each operation, by device (and pass), in the order of the tree. Of a folded tree the operations of merged layers are one.</summary>
    /// <param name="report">Operations and tree.</param>
    /// <param name="byPass">With the pass as a frame beneath the device.</param>
    public static IReadOnlyList<StackSample> Of(Report report, bool byPass)
    {
        ModuleNode root = report.Tree;
        Func<OperationRow, string> names = root.Walk().Any(n => n.Kind is ModuleKind.Folded) ? RowGroups.FoldedNames(root) : row => row.Name;
        Dictionary<DeviceId, StackFrame> devices = report.Footprint.Devices.ToDictionary(d => d.Device, d => Frame(DeviceLabel.Of(d)));
        Dictionary<Pass, StackFrame> passes = Passes.All.ToDictionary(p => p, p => Frame(p.Name()));
        List<(ModuleNode Node, StackFrame Frame)> chain = [];
        List<StackSample> samples = [];
        foreach (ModuleNode node in root.Walk())
        {
            int above = node.Depth - root.Depth;
            chain.RemoveRange(above, chain.Count - above);
            chain.Add((node, new(above == 0 ? node.Path : node.Name, node.Path, null)));
            foreach (IGrouping<(DeviceId Device, Pass? Pass), OperationRow> held in node.Rows.GroupBy(r => (r.Device, byPass ? r.Pass : (Pass?)null)))
            {
                List<StackFrame> holders = [devices[held.Key.Device]];
                if (held.Key.Pass is { } pass)
                {
                    holders.Add(passes[pass]);
                }

                holders.AddRange(chain.Where(c => c.Node.Path.Length > 0).Select(c => c.Frame));
                foreach (IGrouping<(string Name, string Type, Pass Pass), OperationRow> rows in held.GroupBy(r => (names(r), r.Type, r.Pass)))
                {
                    samples.Add(Sum(holders, new(OperationLeaf.Of(rows.Key.Name, node.Path), rows.Key.Name, rows.Key.Type), rows));
                }
            }
        }

        IOrderedEnumerable<StackSample> ordered = samples.OrderBy(s => s.Device);
        return [.. byPass ? ordered.ThenBy(s => s.Pass) : ordered];
    }

    private static StackFrame Frame(string name) => new(name, name, null);

    private static StackSample Sum(IReadOnlyList<StackFrame> holders, StackFrame leaf, IEnumerable<OperationRow> rows)
    {
        StackSample? sum = null;
        foreach (OperationRow row in rows)
        {
            StackSample one = new(holders, leaf, row.Device, row.Pass, row.Calls.Total, row.Time.Total, row.Energy?.Total, row.Quality);
            sum = sum is null ? one : sum with
            {
                Calls = sum.Calls + one.Calls,
                Seconds = sum.Seconds + one.Seconds,
                Joules = sum.Joules is { } joules ? joules + (one.Joules ?? 0) : one.Joules,
                Quality = sum.Quality is { } quality ? Qualities.Worst(quality, one.Quality ?? quality) : one.Quality,
            };
        }

        return sum!;
    }
}
