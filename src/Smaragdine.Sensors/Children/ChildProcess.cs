using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Smaragdine.Sensors.Children;

/// <summary>The program that is recorded: started with the terminal it would have had, told of signals, waited for.</summary>
public sealed class ChildProcess : IDisposable
{
    private const int NoSuchFile = 2;
    private const int PermissionDenied = 13;
    private const int NotExecutable = 8;

    private readonly Process process;
    private readonly List<PosixSignalRegistration> registrations = [];
    private int signalledAfterEnd;
    private int early;
    private volatile bool started;
    private volatile bool signalled;

    /// <summary>Signals are taken over before it starts: one in between would end this process and leave the child.</summary>
    private ChildProcess(ProcessStartInfo start)
    {
        process = new() { StartInfo = start };
        foreach ((PosixSignal signal, int number) in (ReadOnlySpan<(PosixSignal, int)>)
            [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)])
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // This process outlives the child whatever comes: it still has a recording to finish. The first signal that finds the child ended
                // is often the one that ended it; whoever signals once more means this process, which may hang in a driver.
                context.Cancel = !HasEnded() || Interlocked.Exchange(ref signalledAfterEnd, 1) == 0;
                signalled = true;
                Interlocked.Exchange(ref early, number);
                if (started && Interlocked.Exchange(ref early, 0) is > 0 and int due)
                {
                    PassOn(due);
                }
            }));
        }

        try
        {
            process.Start();
        }
        catch
        {
            Dispose();
            throw;
        }

        Pid = process.Id;
        started = true;
        if (Interlocked.Exchange(ref early, 0) is > 0 and int came)
        {
            Signal(came);
        }
    }

    public int Pid { get; }

    public bool HasExited => process.HasExited;

    /// <summary>This process was told to end, by a key or a signal, since it started the program.</summary>
    public bool Signalled => signalled;

    /// <summary>Starts a program; stdin, stdout and stderr are this process's own.</summary>
    /// <param name="command">The program, looked for in `PATH` as a shell does (never in the current directory), and its arguments.</param>
    /// <param name="environment">Variables to set; null takes one away.</param>
    /// <exception cref="ChildProcessException">it cannot be started; the message says why.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (command.Count == 0 || command[0].Length == 0)
        {
            throw new ChildProcessException("no command was given", ChildProcessException.NotFound);
        }

        string? path = environment is not null && environment.TryGetValue("PATH", out string? given) ? given : Environment.GetEnvironmentVariable("PATH");
        ProcessStartInfo start = new(Resolve(command[0], path)) { UseShellExecute = false };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return new(start);
        }
        catch (Win32Exception e)
        {
            (string why, int code) = e.NativeErrorCode switch
            {
                NoSuchFile => ("there is no such file, or the interpreter in its first line does not exist", ChildProcessException.NotFound),
                PermissionDenied => ("it may not be executed (permission denied)", ChildProcessException.CannotExecute),
                NotExecutable => ("it is no program (a script needs a first line like #!/bin/sh)", ChildProcessException.CannotExecute),
                _ => (e.Message, ChildProcessException.CannotExecute),
            };
            throw new ChildProcessException($"{command[0]} cannot be started: {why}", code);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit status; 128 + n where signal n ended it.</returns>
    public int WaitForExit()
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Waits for its end; false where it still runs by then.</summary>
    public bool WaitForExit(TimeSpan most) => process.WaitForExit(most);

    /// <summary>Sends it a signal; nothing happens where it has ended.</summary>
    public void Signal(int signal)
    {
        // Its id is free for others once it was waited for.
        if (!process.HasExited)
        {
            _ = LinuxCalls.Kill(Pid, signal);
        }
    }

    /// <summary>Lets go of it; it is not ended.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        process.Dispose();
    }

    private static string Resolve(string program, string? path)
    {
        if (program.Contains('/'))
        {
            if (Directory.Exists(program))
            {
                throw new ChildProcessException($"{program} cannot be started: it is a directory", ChildProcessException.CannotExecute);
            }

            return Path.GetFullPath(program);
        }

        bool found = false;
        foreach (string folder in (path ?? "/usr/local/bin:/bin:/usr/bin").Split(Path.PathSeparator))
        {
            string candidate = Path.Combine(folder.Length == 0 ? "." : folder, program);
            if (File.Exists(candidate))
            {
                found = true;
                if (OperatingSystem.IsWindows()
                    || (File.GetUnixFileMode(candidate) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None)
                {
                    return Path.GetFullPath(candidate);
                }
            }
        }

        throw found
            ? new ChildProcessException($"{program} cannot be started: it is in PATH but not executable", ChildProcessException.CannotExecute)
            : new ChildProcessException($"{program} cannot be started: there is no such program in PATH", ChildProcessException.NotFound);
    }

    /// <summary>
    /// What a terminal sends on a key (^C, ^\) goes to all processes in its foreground, the child among them: to pass it on would be to send it twice,
    /// and a Python program would break off its own tidying up.
    /// </summary>
    private void PassOn(int signal)
    {
        const int Interrupt = 2;
        const int Quit = 3;
        if (signal is Interrupt or Quit && InForeground())
        {
            return;
        }

        try
        {
            Signal(signal);
        }
        catch (InvalidOperationException)
        {
            // It was disposed of meanwhile.
        }
    }

    private bool HasEnded()
    {
        try
        {
            return started && process.HasExited;
        }
        catch (InvalidOperationException)
        {
            // It was disposed of meanwhile.
            return true;
        }
    }

    private static bool InForeground()
    {
        int terminal = LinuxCalls.Open("/dev/tty\0"u8);
        if (terminal < 0)
        {
            return false;
        }

        int foreground = LinuxCalls.ForegroundGroup(terminal);
        _ = LinuxCalls.Close(terminal);
        return foreground == LinuxCalls.ProcessGroup();
    }
}
