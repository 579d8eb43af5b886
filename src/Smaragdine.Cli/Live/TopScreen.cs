using System.Runtime.InteropServices;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Cli.Live;

/// <summary>Signals that end a display or change it. Whoever waits looks here now and then.</summary>
internal sealed class TopSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private volatile int ended;
    private volatile bool changed;

    /// <param name="stopped">Called before the process is stopped (^Z).</param>
    /// <param name="continued">Called when it goes on.</param>
    public TopSignals(Action stopped, Action continued)
    {
        foreach ((PosixSignal signal, int number) in (ReadOnlySpan<(PosixSignal, int)>)
            [(PosixSignal.SIGINT, 2), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)])
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                ended = number;
            }));
        }

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => stopped()));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
        {
            continued();
            changed = true;
        }));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => changed = true));
    }

    public bool Ended => ended != 0;

    /// <summary>The exit status that the end has: ^C is how one leaves, other signals are passed on as a shell shows them.</summary>
    public int ExitStatus => ended is 0 or 2 ? 0 : 128 + ended;

    /// <summary>Whether the screen is another than it was; asking forgets it.</summary>
    public bool TakeChange()
    {
        bool was = changed;
        changed = false;
        return was;
    }

    public void Dispose() => registrations.ForEach(r => r.Dispose());
}

/// <summary>Draws frames on a terminal until the user leaves.</summary>
/// <param name="terminal">Taken; not owned.</param>
/// <param name="text">How a frame looks; width and rows are the terminal's.</param>
/// <param name="most">Processes at most; null for as many as there is room for.</param>
internal sealed class TopScreen(Terminal terminal, TopText text, int? most)
{
    private readonly Sparklines minute = new();
    private TopFrame? frame;
    private TopOrder order = text.Order;

    /// <summary>Shows a frame.</summary>
    public void Show(TopFrame next, IReadOnlyList<string> notes)
    {
        frame = next;
        minute.Add(next.Time, next.Domains);
        Draw(notes);
    }

    /// <summary>Draws what was last shown again.</summary>
    public void Draw(IReadOnlyList<string> notes)
    {
        (int columns, int lines) = Terminal.Size ?? (80, 24);
        using StringWriter output = new() { NewLine = "\n" };
        if (frame is null)
        {
            output.Write("measuring …");
        }
        else
        {
            // What is known of the figures stays in sight, on a few lines at the bottom.
            TextStyle style = text.Style with { Width = columns };
            string[] foot = [.. notes.SelectMany(n => TextWrap.Lines(Printable.Text(n), Math.Max(20, columns - 2))).TakeLast(4).Select(l => style.Dim($"  {l}"))];
            int room = lines - TopText.OtherLines(frame) - foot.Length - 1;
            (text with { Style = style, Order = order, Rows = Math.Clamp(room, 1, most ?? int.MaxValue) }).Write(frame, minute, output);
            output.WriteLine(string.Join('\n', foot));
            output.Write(style.Dim("  q leave · p power, c processors, g GPUs, i id: order"));
        }

        terminal.Draw(output.ToString().Split('\n').Take(lines));
    }

    /// <summary>Does what a key says.</summary>
    /// <returns>False where it is to leave.</returns>
    public bool Obey(char key)
    {
        order = key switch
        {
            'p' => TopOrder.Power,
            'c' => TopOrder.Cpu,
            'g' => TopOrder.Gpu,
            'i' => TopOrder.Pid,
            _ => order,
        };
        return key is not ('q' or 'Q');
    }
}
