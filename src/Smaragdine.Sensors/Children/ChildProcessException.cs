namespace Smaragdine.Sensors.Children;

/// <summary>A program could not be started.</summary>
/// <param name="message">What was to be started and why it could not, for the user.</param>
/// <param name="exitCode">What a shell would exit with.</param>
public sealed class ChildProcessException(string message, int exitCode) : Exception(message)
{
    /// <summary>A shell's exit status for a program that it does not find.</summary>
    public const int NotFound = 127;

    /// <summary>A shell's exit status for a program that cannot be executed.</summary>
    public const int CannotExecute = 126;

    public int ExitCode => exitCode;
}
