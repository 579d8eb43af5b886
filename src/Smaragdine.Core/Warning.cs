namespace Smaragdine;

/// <summary>Something the reader of a report should know: a stable code, and a sentence that says what, where and what to do.</summary>
/// <param name="Incomplete">Input was cut or damaged and the result stands on the rest: the command exits with 3.</param>
public sealed record Warning(string Code, string Text, bool Incomplete = false);
