namespace Smaragdine;

/// <summary>Steps were asked for that the input does not have. The message names those it has.</summary>
public sealed class NoSuchStepException : Exception
{
    public NoSuchStepException(string message)
        : base(message)
    {
    }

    public NoSuchStepException()
    {
    }

    public NoSuchStepException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
