using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli.Recorders;

/// <summary>What is said while something runs: one line each, from whichever thread.</summary>
internal sealed class Talk(CliConsole console)
{
    private readonly Lock gate = new();

    public void Say(string text)
    {
        lock (gate)
        {
            console.Error.WriteLine($"smaragdine: {Printable.Text(text)}");
        }
    }
}
