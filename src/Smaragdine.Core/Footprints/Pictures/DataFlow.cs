using Smaragdine.Footprints.Naming;
using Smaragdine.Traces;

namespace Smaragdine.Footprints.Pictures;

/// <summary>One row's output is read by another.</summary>
/// <param name="From">Row that makes the tensor.</param>
/// <param name="To">Row that reads it.</param>
/// <param name="Bytes">Mean per step of all tensors between the two; null where the trace has no sizes.</param>
public readonly record struct DataFlowEdge(int From, int To, double? Bytes);

/// <summary>Which rows of a report feed which, from the inputs that the trace names.</summary>
public static class DataFlow
{
    /// <summary>Every pair of rows with a tensor between them, once; control inputs and what a row feeds itself are left out.</summary>
    /// <param name="trace">Operations with their inputs and, where known, sizes of outputs.</param>
    /// <param name="rows">The report's rows.</param>
    /// <param name="index">Of these rows.</param>
    public static IReadOnlyList<DataFlowEdge> Of(Trace trace, IReadOnlyList<OperationRow> rows, RowIndex index)
    {
        Dictionary<string, (DeviceId Device, Operation Operation)> producers = new(StringComparer.Ordinal);
        foreach (DeviceTrace device in trace.Devices)
        {
            foreach (Operation operation in device.Operations)
            {
                if (!producers.TryGetValue(operation.Name, out var known) || known.Operation.Outputs.Count < operation.Outputs.Count)
                {
                    producers[operation.Name] = (device.Id, operation);
                }
            }
        }

        Dictionary<(int From, int To), double?> edges = [];
        HashSet<(int To, string Input)> seen = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            foreach (Operation operation in device.Operations)
            {
                if (operation.Inputs.Count == 0 || index.Find(device.Id, operation.Name) is not { } to)
                {
                    continue;
                }

                foreach (string input in operation.Inputs)
                {
                    if (TensorFlowNames.IsControl(input) || !producers.TryGetValue(TensorFlowNames.Base(input), out var producer))
                    {
                        continue;
                    }

                    // What this device made itself is nearer than what another has under the same name.
                    int? from = index.Find(device.Id, producer.Operation.Name) ?? index.Find(producer.Device, producer.Operation.Name);
                    if (from is not { } made || made == to || !seen.Add((to, input)))
                    {
                        continue;
                    }

                    double? bytes = BytesOf(producer.Operation, Slot(input)) * rows[made].Calls.Mean;
                    edges[(made, to)] = edges.TryGetValue((made, to), out double? before) ? before + bytes : bytes;
                }
            }
        }

        return [.. edges.Select(e => new DataFlowEdge(e.Key.From, e.Key.To, e.Value)).OrderBy(e => e.From).ThenBy(e => e.To)];
    }

    /// <summary>`a/b:1` is the second output, `a/b` the first.</summary>
    private static int Slot(string input)
    {
        int colon = input.LastIndexOf(':');
        return colon >= 0 && int.TryParse(input.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out int slot) ? slot : 0;
    }

    private static double? BytesOf(Operation operation, int slot)
    {
        foreach (TensorInfo output in operation.Outputs)
        {
            if (output.Slot == slot && output.Bytes > 0)
            {
                return output.Bytes;
            }
        }

        return null;
    }
}
