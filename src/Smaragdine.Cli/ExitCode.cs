namespace Smaragdine.Cli;

/// <summary>What the exit status says.</summary>
public enum ExitCode
{
    Fine = 0,

    /// <summary>The answer is no (doctor, serve --check).</summary>
    No = 1,

    /// <summary>Wrong usage.</summary>
    Usage = 2,

    /// <summary>Input was incomplete; the result is shown.</summary>
    Incomplete = 3,

    /// <summary>Input was refused.</summary>
    Refused = 4,

    /// <summary>Over a limit (diff).</summary>
    OverLimit = 5,

    /// <summary>Not permitted.</summary>
    NotPermitted = 6,

    /// <summary>Our own fault.</summary>
    Fault = 70,
}
