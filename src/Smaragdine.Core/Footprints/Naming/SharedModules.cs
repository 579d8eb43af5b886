namespace Smaragdine.Footprints.Naming;

/// <summary>
/// Finds modules that hold only weights, read by several other modules: ALBERT's `group_0/inner_group_0`, whose calls are
/// `group_0/layer_0`, `group_0_1/layer_1`, ….
/// </summary>
internal static class SharedModules
{
    public static IReadOnlySet<string> Find(OperationGraph graph, IReadOnlyDictionary<string, Placement> places)
    {
        HashSet<string> computing = new(StringComparer.Ordinal);
        Dictionary<string, HashSet<string>> readers = new(StringComparer.Ordinal);
        foreach (GraphNode node in graph.Nodes)
        {
            Placement place = places[node.Name];
            if (place.Pass is Pass.Optimizer || place.Module.Length == 0)
            {
                continue;
            }

            if (!TensorFlowNames.IsVariableType(node.Type))
            {
                foreach (string module in Ancestry(place.Module))
                {
                    computing.Add(module);
                }

                continue;
            }

            foreach (GraphNode reader in node.Consumers)
            {
                Placement readerPlace = places[reader.Name];
                if (readerPlace.Pass is Pass.Optimizer)
                {
                    continue;
                }

                foreach (string module in Ancestry(place.Module))
                {
                    if (!readers.TryGetValue(module, out HashSet<string>? set))
                    {
                        readers.Add(module, set = new(StringComparer.Ordinal));
                    }

                    set.Add(readerPlace.Module);
                }
            }
        }

        HashSet<string> shared = new(StringComparer.Ordinal);
        foreach ((string module, HashSet<string> by) in readers)
        {
            if (!computing.Contains(module) && by.Count > 1)
            {
                shared.Add(module);
            }
        }

        return shared;
    }

    /// <summary>A module and all that hold it: `a/b/c`, `a/b`, `a`.</summary>
    public static IEnumerable<string> Ancestry(string module)
    {
        for (string path = module; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('/'))])
        {
            yield return path;
        }
    }
}
