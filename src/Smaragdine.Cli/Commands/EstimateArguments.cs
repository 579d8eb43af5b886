using System.CommandLine;

namespace Smaragdine.Cli.Commands;

/// <summary>What the user knows of a machine without energy sensors: `--tdp`, `--idle-power`.</summary>
internal sealed class EstimateArguments
{
    private readonly Option<string?> tdp = new("--tdp") { Description = "watts of the whole machine at full load, for an estimate", HelpName = "W" };
    private readonly Option<string?> idle = new("--idle-power") { Description = "watts of the whole machine when idle, for an estimate", HelpName = "W" };

    public IReadOnlyList<Option> Options => [tdp, idle];

    /// <exception cref="UsageException">a value is no number above 0.</exception>
    public (double? TdpWatts, double? IdleWatts) Bind(ParseResult parsed) =>
        (ReportArguments.Positive(parsed.GetValue(tdp), "--tdp"), ReportArguments.Positive(parsed.GetValue(idle), "--idle-power"));
}
