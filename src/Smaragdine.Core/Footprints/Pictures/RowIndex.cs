using Smaragdine.Traces;

namespace Smaragdine.Footprints.Pictures;

/// <summary>Which row of a report each operation of a trace is counted in.</summary>
public sealed class RowIndex
{
    private readonly Dictionary<(DeviceId Device, string Name), int> rowOf = [];

    /// <param name="rows">The report's operations, in its order; those that it leaves out have no row.</param>
    public RowIndex(IReadOnlyList<OperationRow> rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            rowOf.TryAdd((rows[i].Device, rows[i].Name), i);
        }
    }

    /// <summary>The row of this operation on this device; null where the report leaves it out.</summary>
    public int? Find(DeviceId device, string name) => rowOf.TryGetValue((device, name), out int row) ? row : null;

    /// <summary>By index of a device's operations: its row, −1 where the report leaves it out.</summary>
    public int[] OfOperations(DeviceTrace device) => [.. device.Operations.Select(o => Find(device.Id, o.Name) ?? -1)];
}
