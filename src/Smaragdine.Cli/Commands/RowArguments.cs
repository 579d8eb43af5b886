using System.CommandLine;
using Smaragdine.Cli.Reporting;
using Smaragdine.Footprints;
using Smaragdine.Traces;

namespace Smaragdine.Cli.Commands;

/// <summary>The options that choose operations of a report, and whether equal layers are one: shared by `report` and `export`.</summary>
internal sealed class RowArguments
{
    private readonly Option<string?> pass = new("--pass") { Description = "only this pass" };
    private readonly Option<string?> device = new("--device") { Description = "only this device, such as CPU:0", HelpName = "DEVICE" };
    private readonly Option<int?> rank = new("--rank") { Description = "only this rank of a job", HelpName = "N" };
    private readonly Option<string?> module = new("--module") { Description = "only this module and what lies beneath it", HelpName = "PATH" };
    private readonly Option<bool?> fold;

    /// <param name="folding">What `--fold-layers` does there.</param>
    public RowArguments(string folding)
    {
        pass.AcceptOnly([.. Passes.All.Select(p => p.Name())]);
        fold = new("--fold-layers") { Description = folding, HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };
    }

    public IReadOnlyList<Option> Options => [pass, device, rank, module, fold];

    /// <param name="parsed">The command line.</param>
    /// <param name="options">What is read.</param>
    /// <param name="fold">Whether equal layers are one where nobody says.</param>
    /// <exception cref="UsageException">a value is not what it must be.</exception>
    public ReportOptions Bind(ParseResult parsed, ReportOptions options, bool fold) => options with
    {
        Pass = parsed.GetValue(pass) is { } name && Passes.TryParse(name, out Pass known) ? known : null,
        Device = parsed.GetValue(device) is { } text ? Device(text) : null,
        Rank = parsed.GetValue(rank),
        Module = parsed.GetValue(module),
        Fold = parsed.GetResult(this.fold) is null ? fold : parsed.GetValue(this.fold) ?? true,
    };

    private static DeviceId Device(string name) => DeviceId.TryParse(name, out DeviceId device)
        ? device
        : throw new UsageException($"--device {name}: expected a device such as CPU:0 or GPU:1, of a job's rank 2/GPU:0, of its host node1/CPU:0");
}
