using Smaragdine.Traces;

namespace Smaragdine.Footprints.Naming;

/// <summary>One operation of the graph, with its data inputs by name (control inputs left out).</summary>
internal sealed class GraphNode(string name, string type)
{
    public string Name { get; } = name;

    public string Type { get; } = type;

    public List<string> Inputs { get; } = [];

    public List<GraphNode> Consumers { get; } = [];
}

/// <summary>The graph that the operations of a trace make, all devices and steps together: nodes by full name, edges by input names.</summary>
internal sealed class OperationGraph
{
    private readonly Dictionary<string, GraphNode> nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public OperationGraph(IEnumerable<Operation> operations)
    {
        foreach (Operation operation in operations)
        {
            if (!nodes.TryGetValue(operation.Name, out GraphNode? node))
            {
                nodes.Add(operation.Name, node = new(operation.Name, operation.Type));
                known.Add(operation.Name);
            }

            if (node.Inputs.Count > 0)
            {
                continue;
            }

            foreach (string input in operation.Inputs)
            {
                string name = TensorFlowNames.Base(input);
                known.Add(name);
                if (!TensorFlowNames.IsControl(input))
                {
                    node.Inputs.Add(name);
                }
            }
        }

        foreach (GraphNode node in nodes.Values)
        {
            foreach (string input in node.Inputs)
            {
                if (nodes.TryGetValue(input, out GraphNode? producer))
                {
                    producer.Consumers.Add(node);
                }
            }
        }
    }

    public IReadOnlyCollection<GraphNode> Nodes => nodes.Values;

    public GraphNode? Find(string name) => nodes.GetValueOrDefault(name);

    /// <summary>Whether a name is an operation of the graph, executed here or only named as an input.</summary>
    public bool IsOperation(ReadOnlySpan<char> name) => known.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Notes an operation that is known from elsewhere (a backward operation names its forward one).</summary>
    public void Note(string name) => known.Add(name);
}
