using System.Runtime.InteropServices;

namespace Smaragdine.Cli.Live;

/// <summary>
/// The terminal as a full screen: its own page, no cursor, keys one by one. All of it is undone by <see cref="Dispose"/>, and while the process is stopped (^Z).
/// .NET's own console is left alone: it would switch the keypad's mode and not back.
/// </summary>
internal sealed unsafe partial class Terminal : IDisposable
{
    private const int Input = 0;
    private const int Output = 1;
    private const nuint GetWindowSize = 0x5413;
    private const short Readable = 1;

    /// <summary>`struct termios`: four words of flags, a byte, 32 control characters. 60 bytes, and some for others.</summary>
    private const int SettingsBytes = 128;
    private const int LocalFlags = 3;
    private const int Canonical = 2;
    private const int Echo = 8;
    private const int ControlCharacters = 17;
    private const int Timeout = ControlCharacters + 5;
    private const int Least = ControlCharacters + 6;

    private const string Enter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J";
    private const string Leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

    private readonly TextWriter writer;
    private readonly byte[] before = new byte[SettingsBytes];
    private readonly bool keys;
    private readonly Lock gate = new();
    private bool entered;
    private bool disposed;

    private Terminal(TextWriter writer)
    {
        this.writer = writer;
        fixed (byte* settings = before)
        {
            keys = IsTerminal(Input) != 0 && GetSettings(Input, settings) == 0;
        }

        Show();
    }

    /// <summary>Takes the terminal that stdout is; null where it is none, or cannot move its cursor.</summary>
    /// <param name="writer">Writes to stdout.</param>
    public static Terminal? TryOpen(TextWriter writer) =>
        OperatingSystem.IsLinux() && IsTerminal(Output) != 0 && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb") ? new(writer) : null;

    /// <summary>Columns and lines now; null where they are not known.</summary>
    public static (int Columns, int Lines)? Size
    {
        get
        {
            ushort* size = stackalloc ushort[4];
            return IoControl(Output, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : null;
        }
    }

    /// <summary>Waits for a key; null where none came in time.</summary>
    public char? Key(TimeSpan most)
    {
        if (!keys)
        {
            Thread.Sleep(most);
            return null;
        }

        PollDescriptor wait = new() { File = Input, Events = Readable };
        byte key = 0;
        if (Poll(&wait, 1, (int)most.TotalMilliseconds) <= 0)
        {
            return null;
        }

        if (Read(Input, &key, 1) == 1)
        {
            return (char)key;
        }

        // Hung up: there is nobody who could type.
        return 'q';
    }

    /// <summary>Replaces what is on the screen.</summary>
    public void Draw(IEnumerable<string> lines)
    {
        lock (gate)
        {
            if (entered)
            {
                // When a stopped process goes on, .NET puts the settings back to what they were at its start, some time later.
                ReadKeys();
                writer.Write("\x1b[H");
                writer.Write(string.Join("\r\n", lines.Select(l => l + "\x1b[K")));
                writer.Write("\x1b[J");
                writer.Flush();
            }
        }
    }

    /// <summary>Takes the screen (again).</summary>
    public void Show()
    {
        lock (gate)
        {
            if (entered || disposed)
            {
                return;
            }

            entered = true;
            ReadKeys();
            writer.Write(Enter);
            writer.Flush();
        }
    }

    /// <summary>Gives the screen back as it was.</summary>
    public void Hide()
    {
        lock (gate)
        {
            if (!entered)
            {
                return;
            }

            entered = false;
            if (keys)
            {
                fixed (byte* settings = before)
                {
                    _ = SetSettings(Input, 0, settings);
                }
            }

            writer.Write(Leave);
            writer.Flush();
        }
    }

    public void Dispose()
    {
        try
        {
            Hide();
        }
        catch (IOException)
        {
            // The terminal is gone.
        }

        disposed = true;
    }

    /// <summary>Keys one by one, without showing them.</summary>
    private void ReadKeys()
    {
        if (keys)
        {
            byte* changed = stackalloc byte[SettingsBytes];
            before.CopyTo(new Span<byte>(changed, SettingsBytes));
            ((uint*)changed)[LocalFlags] &= ~(uint)(Canonical | Echo);
            changed[Timeout] = 0;
            changed[Least] = 1;
            _ = SetSettings(Input, 0, changed);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int file);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoControl(int file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollDescriptor* files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(int file, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetSettings(int file, int when, byte* settings);
}
