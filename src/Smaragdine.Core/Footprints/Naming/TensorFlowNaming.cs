using Smaragdine.Traces;

namespace Smaragdine.Footprints.Naming;

/// <summary>Modules and passes from TensorFlow's operation names and data flow (DESIGN, "From a name to a module").</summary>
public sealed class TensorFlowNaming : IModuleNaming
{
    public Placements Place(IEnumerable<Operation> operations)
    {
        OperationGraph graph = new(operations);
        ScopeReader reader = new(graph);
        reader.NoteForwardOperations();
        Dictionary<string, Scope> scopes = graph.Nodes.ToDictionary(n => n.Name, n => reader.Read(n.Name), StringComparer.Ordinal);
        OptimizerFlow optimizer = new(graph, scopes);
        Dictionary<string, Placement> places = new(StringComparer.Ordinal);
        foreach (GraphNode node in graph.Nodes)
        {
            places[node.Name] = PlaceOne(node, scopes, graph, optimizer);
        }

        return new(places, SharedModules.Find(graph, places));
    }

    private static Placement PlaceOne(GraphNode node, Dictionary<string, Scope> scopes, OperationGraph graph, OptimizerFlow optimizer)
    {
        Scope scope = scopes[node.Name];
        if (scope.ForSeveral)
        {
            return new(Pass.Backward, AgreedModule(node, scopes, graph));
        }

        if (optimizer.Place(node) is { } placed)
        {
            return placed;
        }

        Pass pass = scope.IsGradient ? Pass.Backward
            : scope.Module.Length == 0 && TensorFlowNames.IsRuntimeType(node.Type) ? Pass.Other
            : Pass.Forward;
        return new(pass, scope.Module);
    }

    /// <summary>The module in which all of its inputs lie, walking through others of its kind; the root where they do not agree.</summary>
    private static string AgreedModule(GraphNode node, Dictionary<string, Scope> scopes, OperationGraph graph)
    {
        string? agreed = null;
        HashSet<string> seen = new(StringComparer.Ordinal) { node.Name };
        Stack<GraphNode> open = new([node]);
        while (open.TryPop(out GraphNode? current))
        {
            foreach (string input in current.Inputs)
            {
                if (!seen.Add(input) || !scopes.TryGetValue(input, out Scope scope) || !scope.IsGradient)
                {
                    continue;
                }

                if (scope.ForSeveral)
                {
                    open.Push(graph.Find(input)!);
                }
                else if (agreed is not null && agreed != scope.Module)
                {
                    return "";
                }
                else
                {
                    agreed = scope.Module;
                }
            }
        }

        return agreed ?? "";
    }
}
