namespace Smaragdine.Footprints.Naming;

/// <summary>
/// Finds optimizer operations, which usually have no scope, by data flow: one that touches a gradient, a slot variable, or assigns a
/// variable is the optimizer's, and belongs to the one variable that it reaches.
/// </summary>
/// <remarks>
/// The walk goes through operations without scope only. It stops at a variable (which counts), at a gradient (which counts as its forward
/// module's variable where that has just one), and at any other scoped operation. Clipping is passed through along its element-wise
/// input (its scale leads to the norm, where the walk stops). Upstream first; where that reaches none or several, downstream.
/// </remarks>
internal sealed class OptimizerFlow
{
    private readonly OperationGraph graph;
    private readonly Dictionary<string, NodeKind> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Scope> scopes;
    private readonly Dictionary<string, string?> onlyVariable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Flow> upstream = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Flow> downstream = new(StringComparer.Ordinal);

    private enum NodeKind
    {
        Scoped,
        Scopeless,
        Variable,
        Gradient,
        Clipping,
        Norm,
    }

    private readonly record struct Flow(Reach Reach, bool Touches)
    {
        public Flow With(Flow other) => new(Reach.With(other.Reach), Touches || other.Touches);
    }

    public OptimizerFlow(OperationGraph graph, Dictionary<string, Scope> scopes)
    {
        this.graph = graph;
        this.scopes = scopes;
        foreach (GraphNode node in graph.Nodes)
        {
            kinds[node.Name] = KindOf(node);
            if (TensorFlowNames.IsVariableType(node.Type) && !IsSlot(node.Name))
            {
                string module = scopes[node.Name].Module;
                onlyVariable[module] = onlyVariable.ContainsKey(module) ? null : node.Name;
            }
        }
    }

    /// <summary>Whether a variable is an optimizer's slot of another one: `kernel/adam_m` of `kernel`.</summary>
    public bool IsSlot(string name) => VariableOf(name) != name;

    /// <summary>The optimizer's placement of an operation; null where it is not the optimizer's.</summary>
    public Placement? Place(GraphNode node)
    {
        switch (kinds[node.Name])
        {
            case NodeKind.Variable:
                return IsSlot(node.Name) ? new Placement(Pass.Optimizer, ModuleOf(VariableOf(node.Name))) : null;
            case NodeKind.Norm or NodeKind.Clipping:
                return new(Pass.Optimizer, Upstream(node).Reach.Variable is { } clipped ? ModuleOf(clipped) : "");
            case NodeKind.Scopeless:
                break;
            default:
                return null;
        }

        Flow up = Upstream(node);
        Flow down = Downstream(node);
        if (!up.Touches && !down.Touches && !TensorFlowNames.AssignsVariable(node.Type))
        {
            // `Adam/beta1_power` and the like: the optimizer's own bookkeeping, of no module.
            return node.Name.Split('/')[..^1].Any(TensorFlowNames.IsOptimizerScope) ? new Placement(Pass.Optimizer, "") : null;
        }

        string? variable = up.Reach.Variable ?? down.Reach.Variable;
        return new(Pass.Optimizer, variable is null ? "" : ModuleOf(variable));
    }

    private NodeKind KindOf(GraphNode node)
    {
        if (TensorFlowNames.IsVariableType(node.Type))
        {
            return NodeKind.Variable;
        }

        Scope scope = scopes[node.Name];
        if (scope.IsGradient)
        {
            return NodeKind.Gradient;
        }

        foreach (string segment in node.Name.Split('/')[..^1])
        {
            if (TensorFlowNames.IsGlobalNorm(segment))
            {
                return NodeKind.Norm;
            }

            if (TensorFlowNames.IsGlobalClipping(segment))
            {
                return NodeKind.Clipping;
            }

            if (TensorFlowNames.MayBeClipping(segment) && node.Inputs.Any(i => scopes.TryGetValue(i, out Scope from) && from.IsGradient))
            {
                return NodeKind.Clipping;
            }

            if (TensorFlowNames.IsOptimizerScope(segment))
            {
                return NodeKind.Scopeless;
            }
        }

        return scope.Module.Length == 0 ? NodeKind.Scopeless : NodeKind.Scoped;
    }

    /// <summary>What an operation's inputs reach.</summary>
    private Flow Upstream(GraphNode node) => Walk(node, upstream, n => n.Inputs.Select(name => (name, graph.Find(name))), CountInput);

    /// <summary>What an operation's consumers assign.</summary>
    private Flow Downstream(GraphNode node) =>
        Walk(node, downstream, n => n.Consumers.Select(c => (c.Name, (GraphNode?)c)), CountConsumer);

    /// <summary>An input that ends the walk gives its flow; one that is walked through gives null.</summary>
    private Flow? CountInput(string name, GraphNode? input)
    {
        if (input is null)
        {
            return default(Flow);
        }

        switch (kinds[name])
        {
            case NodeKind.Variable:
                string variable = VariableOf(name);
                return new Flow(IsGlobalStep(variable) ? Reach.None : Reach.One(variable), variable != name);
            case NodeKind.Gradient:
                string? only = onlyVariable.GetValueOrDefault(scopes[name].Module);
                return new Flow(only is null ? Reach.None : Reach.One(only), Touches: true);
            case NodeKind.Norm or NodeKind.Scoped:
                return default(Flow);
            default:
                return null;
        }
    }

    private Flow? CountConsumer(string name, GraphNode? consumer)
    {
        if (TensorFlowNames.AssignsVariable(consumer!.Type) && kinds[name] is NodeKind.Scopeless)
        {
            return new Flow(AssignedBy(consumer), Touches: true);
        }

        return kinds[name] is NodeKind.Scopeless or NodeKind.Clipping ? null : default(Flow);
    }

    private Reach AssignedBy(GraphNode assignment)
    {
        foreach (string input in assignment.Inputs)
        {
            if (kinds.TryGetValue(input, out NodeKind kind) && kind is NodeKind.Variable)
            {
                string variable = VariableOf(input);
                return IsGlobalStep(variable) ? Reach.None : Reach.One(variable);
            }
        }

        return Reach.None;
    }

    /// <summary>Depth first with an explicit stack (a graph may be deep); a cycle contributes what was known when it closed.</summary>
    private static Flow Walk(
        GraphNode start,
        Dictionary<string, Flow> memory,
        Func<GraphNode, IEnumerable<(string Name, GraphNode? Node)>> neighbours,
        Func<string, GraphNode?, Flow?> count)
    {
        if (memory.TryGetValue(start.Name, out Flow known))
        {
            return known;
        }

        HashSet<string> open = new(StringComparer.Ordinal);
        Stack<GraphNode> stack = new();
        stack.Push(start);
        while (stack.TryPeek(out GraphNode? node))
        {
            open.Add(node.Name);
            Flow sum = default;
            bool waiting = false;
            foreach ((string name, GraphNode? neighbour) in neighbours(node))
            {
                if (count(name, neighbour) is { } flow)
                {
                    sum = sum.With(flow);
                }
                else if (memory.TryGetValue(name, out Flow walked))
                {
                    sum = sum.With(walked);
                }
                else if (!open.Contains(name))
                {
                    stack.Push(neighbour!);
                    waiting = true;
                }
            }

            if (!waiting)
            {
                memory[node.Name] = sum;
                stack.Pop();
            }
        }

        return memory[start.Name];
    }

    /// <summary>The variable that a slot belongs to: the shortest prefix that is a variable; the name itself where there is none.</summary>
    private string VariableOf(string name)
    {
        int depth = 0;
        for (int slash = name.IndexOf('/'); slash > 0 && depth++ < ModuleTree.MaxDepth; slash = name.IndexOf('/', slash + 1))
        {
            string prefix = name[..slash];
            if (graph.Find(prefix) is { } owner && TensorFlowNames.IsVariableType(owner.Type))
            {
                return prefix;
            }
        }

        return name;
    }

    private string ModuleOf(string variable) => scopes[variable].Module;

    private static bool IsGlobalStep(string variable) => variable == "global_step" || variable.EndsWith("/global_step", StringComparison.Ordinal);
}
