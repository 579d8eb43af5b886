using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli.Recorders;

/// <summary>What is said while something runs: one line each, from whichever thread.</summary>
internal sealed class Talk(CliConsole console)
{
    private readonly Lock gate = new();
    private List<string>? kept;

    /// <summary>From now on keeps what is said, while a screen is drawn that it would disturb.</summary>
    public void Keep()
    {
        lock (gate)
        {
            kept ??= [];
        }
    }

    /// <summary>Takes what was kept.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (gate)
        {
            IReadOnlyList<string> taken = kept ?? [];
            kept = kept is null ? null : [];
            return taken;
        }
    }

    public void Say(string text)
    {
        lock (gate)
        {
            if (kept is not null)
            {
                kept.Add(text);
                return;
            }

            console.Error.WriteLine($"smaragdine: {Printable.Text(text)}");
        }
    }
}
