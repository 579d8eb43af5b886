using System.CommandLine;
using System.CommandLine.Parsing;

namespace Smaragdine.Cli.Commands;

/// <summary>Options that take one of a few words.</summary>
internal static class OneOf
{
    /// <summary>Refuses other words, naming the option and what it takes; the words complete in a shell.</summary>
    public static void AcceptOnly<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(t => !words.Contains(t.Value, StringComparer.Ordinal)))
            {
                result.AddError($"{option.Name} {token.Value}: expected {(words.Length == 1 ? "" : $"{string.Join(", ", words[..^1])} or ")}{words[^1]}");
            }
        });
    }
}
