namespace Smaragdine.Footprints.Naming;

/// <summary>What a name alone says of an operation, with the graph to tell modules from operations.</summary>
/// <param name="IsGradient">Made by differentiation.</param>
/// <param name="Module">The module of it, or of the operation that it is the gradient of.</param>
/// <param name="ForSeveral">A gradient that belongs to no single forward operation: its inputs must tell (`gradients/AddN_7`).</param>
internal readonly record struct Scope(bool IsGradient, string Module, bool ForSeveral = false);

/// <summary>Reads scopes: decorations off, gradients to the module of the forward operation, segments that are operations are no modules.</summary>
internal sealed class ScopeReader(OperationGraph graph)
{
    /// <summary>Gradients name forward operations that rewriting may have removed: they are still operations, not modules.</summary>
    public void NoteForwardOperations()
    {
        foreach (GraphNode node in graph.Nodes.ToList())
        {
            string[] segments = TensorFlowNames.Undecorate(node.Name).Split('/');
            int gradient = Array.FindLastIndex(segments, TensorFlowNames.IsGradientScope);
            if (gradient < 0)
            {
                continue;
            }

            for (int i = gradient + 1; i < segments.Length; i++)
            {
                if (TensorFlowNames.ForwardOf(segments[i]) is { } leaf)
                {
                    graph.Note(string.Join('/', [.. segments[(gradient + 1)..i], leaf]));
                    break;
                }
            }
        }
    }

    public Scope Read(string name)
    {
        string[] segments = TensorFlowNames.Undecorate(name).Split('/', StringSplitOptions.RemoveEmptyEntries);
        int gradient = Array.FindLastIndex(segments, TensorFlowNames.IsGradientScope);
        int from = gradient + 1;
        for (int i = from; i < Math.Min(segments.Length, from + ModuleTree.MaxDepth); i++)
        {
            if (TensorFlowNames.ForwardOf(segments[i]) is not { } leaf)
            {
                continue;
            }

            string[] forward = [.. segments[from..i], leaf];
            if (gradient >= 0 || graph.IsOperation(string.Join('/', forward)))
            {
                return new(true, ModuleOf(forward));
            }
        }

        if (gradient < 0)
        {
            return new(false, ModuleOf(segments));
        }

        return segments.Length - from <= 1 ? new(true, "", ForSeveral: true) : new(true, ModuleOf(segments[from..]));
    }

    /// <summary>The path above an operation, up to the first segment that is itself an operation or a variable, or as deep as trees go.</summary>
    private string ModuleOf(string[] segments)
    {
        string whole = string.Join('/', segments);
        int deepest = Math.Clamp(segments.Length - 1, 0, ModuleTree.MaxDepth);
        int end = 0;
        for (int i = 0; i < deepest; i++)
        {
            int next = (i == 0 ? 0 : end + 1) + segments[i].Length;
            bool readsForOperation = i == segments.Length - 2
                && (TensorFlowNames.WithoutUniquifier(segments[^1]) is "ReadVariableOp" || segments[^1] is "x" or "y");
            if (readsForOperation || TensorFlowNames.IsGrapplerScope(segments[i]) || graph.IsOperation(whole.AsSpan(0, next)))
            {
                break;
            }

            end = next;
        }

        return whole[..end];
    }
}
