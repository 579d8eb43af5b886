using System.CommandLine;
using Smaragdine.Cli.Reporting;

namespace Smaragdine.Cli.Commands;

/// <summary>The options that say how runs of a comparison are read, shared by `diff` and `baseline`.</summary>
internal sealed class RunArguments
{
    private readonly ReportArguments reading = new();
    private readonly Option<string?> power = new("--power") { Description = "a power log in each run's own directory, by its name there", HelpName = "NAME" };
    private readonly Option<bool?> fold = new("--fold-layers") { Description = "siblings of equal structure as one module (default: true)", HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };

    public void AddTo(Command command)
    {
        command.Options.Add(fold);
        command.Options.Add(power);
        reading.AddReadingTo(command);
    }

    /// <exception cref="UsageException">a value is not what it must be.</exception>
    public RunReading Bind(ParseResult parsed, CliConsole console) => new(
        reading.BindReading(parsed, "") with { Fold = parsed.GetResult(fold) is null || (parsed.GetValue(fold) ?? true) },
        ReportArguments.NotEmpty(parsed.GetValue(power), "--power"),
        console.LocalZone);
}
