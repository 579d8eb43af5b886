using Smaragdine.Footprints;

namespace Smaragdine.Formats.Reports;

/// <summary>Sorts nodes as asked for: largest first, ties by name; without energy, energy means time.</summary>
internal static class NodeOrder
{
    public static IEnumerable<ModuleNode> Sort(IEnumerable<ModuleNode> nodes, ReportOrder order) => order is ReportOrder.Name
        ? nodes.OrderBy(n => n.Name, StringComparer.Ordinal)
        : nodes.OrderByDescending(n => Value(n, order)).ThenBy(n => n.Name, StringComparer.Ordinal);

    public static double Value(ModuleNode node, ReportOrder order) => order switch
    {
        ReportOrder.Time => node.Time.Mean,
        ReportOrder.Power => node.Power ?? 0,
        ReportOrder.Calls => node.Calls.Mean,
        _ => node.Energy?.Mean ?? (node.Quality is null ? node.Time.Mean : 0),
    };
}
