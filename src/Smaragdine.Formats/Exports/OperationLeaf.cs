namespace Smaragdine.Formats.Exports;

/// <summary>An operation's name as it reads beside its module: `MatMul` in `bert/dense` for `bert/dense/MatMul`.</summary>
internal static class OperationLeaf
{
    /// <summary>The name without the module, or with `…` in its place where something stands before it: `gradients/…/MatMul_grad/MatMul`.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="module">The module's path; empty at the root.</param>
    public static string Of(string name, string module)
    {
        for (int at = 0; module.Length > 0 && (at = name.IndexOf(module, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int end = at + module.Length;
            bool wholeSegments = (at == 0 || name[at - 1] == '/') && end < name.Length && name[end] == '/';
            if (wholeSegments)
            {
                string rest = name[(end + 1)..];
                return at == 0 ? rest : $"{name[..at]}…/{rest}";
            }
        }

        return name;
    }
}
