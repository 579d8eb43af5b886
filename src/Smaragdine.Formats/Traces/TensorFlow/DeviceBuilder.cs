using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Gathers the spans of one device; an operation of a file becomes one of the device for each set of traits, and each GPU that it dispatches to.</summary>
internal sealed class DeviceBuilder(DeviceId id, OperationTable operations)
{
    private readonly Dictionary<(int Operation, OperationTraits Traits, DeviceId? DispatchesTo), int> indices = [];

    public DeviceTrace Trace { get; } = new(id);

    /// <summary>Adds a span.</summary>
    /// <param name="start">Unix ns.</param>
    /// <param name="end">Unix ns.</param>
    /// <param name="operation">Its number in the table of the files.</param>
    /// <param name="inputs">For an operation without inputs of its own: the same with some, from the step's other file; else itself.</param>
    /// <param name="traits">Beyond those that its type gives it.</param>
    /// <param name="step">Label of the step.</param>
    /// <param name="lane">Stream, or the lane that the file drew it on.</param>
    /// <param name="dispatchesTo">The GPU that it dispatches work to; null where it does not.</param>
    public void Add(long start, long end, int operation, int inputs, OperationTraits traits, int step, int lane, DeviceId? dispatchesTo = null)
    {
        if (!indices.TryGetValue((operation, traits, dispatchesTo), out int index))
        {
            string name = operations.Names[operations.NameOf(operation)];
            string type = operations.Names[operations.TypeOf(operation)];
            index = Trace.Operations.Count;
            OperationTraits all = traits | WaitingOperations.TraitsOf(name, type);
            Trace.Operations.Add(operations.ToOperation(operation, operations.InputsOf(inputs), all, dispatchesTo));
            indices.Add((operation, traits, dispatchesTo), index);
        }

        Trace.Spans.Add(start, end, index, step, lane);
    }
}
