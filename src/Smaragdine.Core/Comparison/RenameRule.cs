using System.Text.RegularExpressions;

namespace Smaragdine.Comparison;

/// <summary>What the user says of paths: a base's path in which the pattern is replaced is the new one's.</summary>
public sealed record RenameRule(Regex Pattern, string Replacement)
{
    /// <summary>The path that all rules make of a path.</summary>
    /// <exception cref="RegexMatchTimeoutException">the pattern takes too long.</exception>
    public static string Apply(IReadOnlyList<RenameRule> rules, string path) =>
        rules.Aggregate(path, (p, rule) => rule.Pattern.Replace(p, rule.Replacement));
}
