using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli;

/// <summary>Where a command writes: data to standard output, talk to standard error. Tests hand in their own.</summary>
/// <param name="Output">Text data.</param>
/// <param name="OutputBytes">The same, for writers of bytes; <paramref name="Output"/> is flushed before it is used.</param>
/// <param name="Error">Messages.</param>
/// <param name="Style">How text is drawn.</param>
/// <param name="LocalZone">For messages that show times as the user's clock does.</param>
public sealed record CliConsole(TextWriter Output, Stream OutputBytes, TextWriter Error, TextStyle Style, TimeZoneInfo LocalZone);
