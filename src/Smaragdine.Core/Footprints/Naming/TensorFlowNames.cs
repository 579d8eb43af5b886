using System.Text.RegularExpressions;

namespace Smaragdine.Footprints.Naming;

/// <summary>The spelling of TensorFlow's names: what decorates them and what their segments mean. Pure text, no graph.</summary>
internal static partial class TensorFlowNames
{
    private static readonly HashSet<string> OptimizerScopes = new(StringComparer.Ordinal)
    {
        "Adam", "AdamW", "AdamWeightDecayOptimizer", "Adamax", "Nadam", "Adagrad", "AdagradDA", "Adadelta", "GradientDescent", "SGD",
        "Momentum", "RMSProp", "RMSprop", "Ftrl", "LAMB", "LAMBOptimizer", "LARS", "ProximalAdagrad", "ProximalGradientDescent", "AccumOptimizer",
    };

    private static readonly HashSet<string> GrapplerScopes = new(StringComparer.Ordinal)
    {
        "ArithmeticOptimizer", "ConstantFolding", "LayoutOptimizer", "DependencyOptimizer", "Remapper", "LoopOptimizer", "FunctionOptimizer",
        "AutoMixedPrecision", "ScopedAllocatorOptimizer", "MklOptimizer",
    };

    /// <summary>The name of an input without its output number and control mark: `^a/b` and `a/b:1` are `a/b`.</summary>
    public static string Base(string input)
    {
        int from = input.StartsWith('^') ? 1 : 0;
        int colon = input.LastIndexOf(':');
        return colon > from && IsNumber(input.AsSpan(colon + 1)) ? input[from..colon] : input[from..];
    }

    public static bool IsControl(string input) => input.StartsWith('^');

    /// <summary>Takes off what graph rewriting, transfers and clusters add around a name.</summary>
    public static string Undecorate(string name)
    {
        // Hardly any name is decorated, and looking for a mark is cheaper than matching.
        if (name.StartsWith("edge_", StringComparison.Ordinal) && EdgeCopy().Match(name) is { Success: true } edge)
        {
            name = edge.Groups["node"].Value;
        }

        if (name.StartsWith('_') && ArgumentOrResult().Match(name) is { Success: true } argument)
        {
            name = argument.Groups["node"].Value;
        }

        if (name.StartsWith("cluster_", StringComparison.Ordinal))
        {
            name = Cluster().Replace(name, "");
        }

        if (name.Contains('-') || name.Contains("/_", StringComparison.Ordinal) || name.Contains("__cf__", StringComparison.Ordinal))
        {
            name = Suffixes().Replace(name, "");
        }

        int from = 0;
        while (name.IndexOf('/', from) is var slash && slash > from && GrapplerScopes.Contains(WithoutUniquifier(name[from..slash])))
        {
            from = slash + 1;
        }

        return name[from..];
    }

    /// <summary>`gradients`, `gradients_1`, `gradient_tape`.</summary>
    public static bool IsGradientScope(string segment) => WithoutUniquifier(segment) is "gradients" or "gradient_tape";

    /// <summary>The forward operation's leaf of a segment such as `MatMul_grad` or `MatMul_grad_1`; null where it is none.</summary>
    public static string? ForwardOf(string segment)
    {
        const string Mark = "_grad";
        string stem = WithoutUniquifier(segment);
        return stem.Length > Mark.Length && stem.EndsWith(Mark, StringComparison.Ordinal) ? stem[..^Mark.Length] : null;
    }

    /// <summary>The norm over all gradients, which reaches everything and therefore tells nothing.</summary>
    public static bool IsGlobalNorm(string segment) => WithoutUniquifier(segment) is "global_norm";

    /// <summary>Gradient clipping by the global norm.</summary>
    public static bool IsGlobalClipping(string segment) => WithoutUniquifier(segment) is "global_norm" or "clip_by_global_norm";

    /// <summary>Clipping that may be the optimizer's or the model's: data flow tells.</summary>
    public static bool MayBeClipping(string segment) =>
        WithoutUniquifier(segment) is "clip_by_norm" or "clip_by_value" or "clip_by_average_norm";

    public static bool IsOptimizerScope(string segment) => OptimizerScopes.Contains(WithoutUniquifier(segment));

    /// <summary>A scope that graph rewriting put into the middle of a name: what follows was made from the module before it.</summary>
    public static bool IsGrapplerScope(string segment) => GrapplerScopes.Contains(WithoutUniquifier(segment));

    /// <summary>`group_0_3` → `group_0`, `Adam` → `Adam`: one trailing number less.</summary>
    public static string WithoutUniquifier(string segment)
    {
        int underscore = segment.LastIndexOf('_');
        return underscore > 0 && IsNumber(segment.AsSpan(underscore + 1)) ? segment[..underscore] : segment;
    }

    public static bool IsVariableType(string type) =>
        type is "VarHandleOp" or "VariableV2" or "Variable" or "AutoReloadVariable" or "TemporaryVariable" or "VariableHandle";

    /// <summary>An operation that writes a variable given as its first input.</summary>
    public static bool AssignsVariable(string type) =>
        type.StartsWith("Assign", StringComparison.Ordinal)
        || type.StartsWith("ResourceApply", StringComparison.Ordinal)
        || type.StartsWith("ResourceSparseApply", StringComparison.Ordinal)
        || type.StartsWith("ResourceScatter", StringComparison.Ordinal)
        || (type.StartsWith("Scatter", StringComparison.Ordinal) && type is not ("ScatterNd" or "ScatterNdNonAliasingAdd"))
        || (type.StartsWith("Apply", StringComparison.Ordinal) && type.Length > 5 && char.IsUpper(type[5]))
        || (type.StartsWith("SparseApply", StringComparison.Ordinal) && type.Length > 11 && char.IsUpper(type[11]));

    /// <summary>Feeding, fetching and bookkeeping of the runtime rather than of the model.</summary>
    public static bool IsRuntimeType(string type) =>
        type.StartsWith("Iterator", StringComparison.Ordinal) || type.StartsWith("OneShotIterator", StringComparison.Ordinal)
        || type is "NoOp" or "_Retval" or "_Arg" or "_Send" or "_Recv" or "_HostSend" or "_HostRecv" or "SaveV2" or "RestoreV2"
        || type.StartsWith("MEMCPY", StringComparison.OrdinalIgnoreCase) || type.StartsWith("memset", StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    [GeneratedRegex(@"^edge_\d+_+(?<node>.+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EdgeCopy();

    [GeneratedRegex(@"^_+(retval|arg|recv|send)_(?<node>.+?)_\d+(_\d+)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ArgumentOrResult();

    [GeneratedRegex(@"^cluster_\d+(_\d+)?/", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Cluster();

    [GeneratedRegex(@"(/_\d+(__cf__\d+)?|__cf__\d+|-LayoutOptimizer|-folded-\d+|/_\d+)+$", RegexOptions.RightToLeft | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Suffixes();
}
