namespace Smaragdine.Footprints.Naming;

/// <summary>
/// The module in which all inputs of a gradient made for several lie, walking through others of its kind; the root where they do not agree.
/// </summary>
/// <remarks>
/// What is known of a node only grows, none → one module → several, so passing it on to its consumers until nothing changes looks at each edge at most
/// twice: linear, in chains and in rings alike.
/// </remarks>
internal sealed class AgreedModules
{
    private readonly record struct Agreement(string? Module, bool Several)
    {
        public Agreement With(Agreement other)
        {
            if (Several || other.Several || (Module is not null && other.Module is not null && Module != other.Module))
            {
                return new(null, Several: true);
            }

            return new(Module ?? other.Module, Several: false);
        }
    }

    private readonly Dictionary<GraphNode, Agreement> agreements = [];

    public AgreedModules(OperationGraph graph, Dictionary<string, Scope> scopes)
    {
        Queue<GraphNode> changed = [];
        foreach (GraphNode node in graph.Nodes.Where(n => scopes[n.Name].ForSeveral))
        {
            Agreement own = default;
            foreach (string input in node.Inputs)
            {
                if (scopes.TryGetValue(input, out Scope scope) && scope is { IsGradient: true, ForSeveral: false })
                {
                    own = own.With(new(scope.Module, Several: false));
                }
            }

            agreements[node] = own;
            if (own != default)
            {
                changed.Enqueue(node);
            }
        }

        while (changed.TryDequeue(out GraphNode? node))
        {
            foreach (GraphNode consumer in node.Consumers)
            {
                if (agreements.TryGetValue(consumer, out Agreement before) && before.With(agreements[node]) is var after && after != before)
                {
                    agreements[consumer] = after;
                    changed.Enqueue(consumer);
                }
            }
        }
    }

    /// <summary>The module of a gradient made for several.</summary>
    public string Of(GraphNode node) => agreements[node].Module ?? "";
}
