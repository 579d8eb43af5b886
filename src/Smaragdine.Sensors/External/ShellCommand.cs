using System.Collections;
using Microsoft.Win32.SafeHandles;

namespace Smaragdine.Sensors.External;

/// <summary>
/// A command line that `/bin/sh -c` runs beside this process until <see cref="Stop"/>: in a session of its own, so that no key of the terminal reaches it,
/// and not reaped before that, so that its processor time is charged to nobody meanwhile (<see cref="Activity.ProgramTimeSensor"/> reads this process's account).
/// </summary>
internal sealed class ShellCommand
{
    private const string Shell = "/bin/sh";

    /// <summary>So long may it take to end by itself once it was told to.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly int pid;
    private bool reaped;

    private ShellCommand(int pid, FileStream output, FileStream error)
    {
        this.pid = pid;
        Output = output;
        Error = error;
    }

    /// <summary>Its stdout.</summary>
    public FileStream Output { get; }

    /// <summary>Its stderr.</summary>
    public FileStream Error { get; }

    /// <exception cref="IOException">it cannot be started.</exception>
    public static ShellCommand Start(string command)
    {
        if (!ShellCalls.TryPipe(out int outputRead, out int outputWrite))
        {
            throw new IOException("no pipe is to be had; are too many files open?");
        }

        if (!ShellCalls.TryPipe(out int errorRead, out int errorWrite))
        {
            _ = LinuxCalls.Close(outputRead);
            _ = LinuxCalls.Close(outputWrite);
            throw new IOException("no pipe is to be had; are too many files open?");
        }

        List<string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{variable.Key}={variable.Value}");
        }

        int errno = ShellCalls.Spawn(Shell, [Shell, "-c", command], environment, outputWrite, errorWrite, out int pid);
        _ = LinuxCalls.Close(outputWrite);
        _ = LinuxCalls.Close(errorWrite);
        FileStream output = Open(outputRead);
        FileStream error = Open(errorRead);
        if (errno == 0)
        {
            return new(pid, output, error);
        }

        output.Dispose();
        error.Dispose();
        throw new IOException($"{Shell} cannot be started (error {errno})");
    }

    /// <summary>Whether the shell has ended.</summary>
    /// <param name="status">Its exit status; 128 + n where signal n ended it; null where that is not known.</param>
    public bool HasEnded(out int? status)
    {
        status = null;
        return reaped || ShellCalls.HasEnded(pid, out status);
    }

    /// <summary>Tells it and all that it started to end.</summary>
    public void Tell()
    {
        // As long as the shell is not reaped, its group is nobody else's.
        if (!reaped)
        {
            ShellCalls.SignalGroup(pid, ShellCalls.Terminate);
        }
    }

    /// <summary>Ends it and all that it started: told first, killed a second later, then reaped.</summary>
    /// <param name="drained">Waits until nobody holds its output any more, at most so long.</param>
    public void Stop(Func<TimeSpan, bool> drained)
    {
        if (reaped)
        {
            return;
        }

        Tell();
        _ = drained(Patience);
        ShellCalls.SignalGroup(pid, ShellCalls.Kill);
        long start = TimeProvider.System.GetTimestamp();
        while (!ShellCalls.HasEnded(pid, out _) && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            Thread.Sleep(1);
        }

        ShellCalls.Reap(pid);
        reaped = true;
    }

    private static FileStream Open(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
}
