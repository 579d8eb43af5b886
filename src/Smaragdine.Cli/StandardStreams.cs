using Microsoft.Win32.SafeHandles;

namespace Smaragdine.Cli;

/// <summary>Standard output and error. A terminal is written to past .NET's console, whose first write switches the keypad's mode, and never back.</summary>
internal static class StandardStreams
{
    public static Stream OpenOutput() => !Console.IsOutputRedirected && OperatingSystem.IsLinux() ? OpenTerminal(1) : Console.OpenStandardOutput();

    public static Stream OpenError() => !Console.IsErrorRedirected && OperatingSystem.IsLinux() ? OpenTerminal(2) : Console.OpenStandardError();

    /// <summary>Only for terminals: of a file it would keep a position of its own, and write over what child processes wrote there.</summary>
    private static FileStream OpenTerminal(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
