namespace Smaragdine;

/// <summary>
/// Input that cannot be used. The message is for the user: what was read, where, what was expected, what to do.
/// It is shown without a stack trace; the command exits with 4.
/// </summary>
public sealed class RefusedInputException : Exception
{
    public RefusedInputException(string message)
        : base(message)
    {
    }

    public RefusedInputException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public RefusedInputException()
    {
    }
}
