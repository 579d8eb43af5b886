using Smaragdine.Traces;

namespace Smaragdine.Footprints.Naming;

/// <summary>Modules and passes from TensorFlow's operation names and data flow (docs/measurement-model.md, "From a name to a module").</summary>
public sealed class TensorFlowNaming : IModuleNaming
{
    public Placements Place(IEnumerable<Operation> operations)
    {
        OperationGraph graph = new(operations);
        ScopeReader reader = new(graph);
        reader.NoteForwardOperations();
        Dictionary<string, Scope> scopes = graph.Nodes.ToDictionary(n => n.Name, n => reader.Read(n.Name), StringComparer.Ordinal);
        OptimizerFlow optimizer = new(graph, scopes);
        AgreedModules agreed = new(graph, scopes);
        Dictionary<string, Placement> places = new(StringComparer.Ordinal);
        foreach (GraphNode node in graph.Nodes)
        {
            places[node.Name] = PlaceOne(node, scopes[node.Name], agreed, optimizer);
        }

        return new(places, SharedModules.Find(graph, places));
    }

    private static Placement PlaceOne(GraphNode node, Scope scope, AgreedModules agreed, OptimizerFlow optimizer)
    {
        if (scope.ForSeveral)
        {
            return new(Pass.Backward, agreed.Of(node));
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
}
