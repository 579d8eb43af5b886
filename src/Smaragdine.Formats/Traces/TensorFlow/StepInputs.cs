using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Inputs that a step's timeline knows of operations whose RunMetadata label does not tell them.</summary>
internal sealed class StepInputs
{
    private readonly Dictionary<int, int> byName = [];

    public StepInputs(IEnumerable<SourceFile> timelines, OperationTable operations)
    {
        foreach (RowSpans row in timelines.SelectMany(f => f.Rows))
        {
            foreach (int operation in row.Spans.Operations)
            {
                if (!operations.InputsOf(operation).IsEmpty)
                {
                    byName[operations.NameOf(operation)] = operation;
                }
            }
        }
    }

    /// <summary>The operation of that name that has inputs; itself where there is none.</summary>
    public int For(int operation, OperationTable operations) =>
        operations.InputsOf(operation).IsEmpty && byName.TryGetValue(operations.NameOf(operation), out int other) ? other : operation;
}
