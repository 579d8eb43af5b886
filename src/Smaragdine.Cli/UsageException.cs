namespace Smaragdine.Cli;

/// <summary>The command line asks for something that cannot be: exit code 2. The message is for the user.</summary>
public sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException()
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
