namespace Smaragdine.Sensors.Activity;

/// <summary>A sensor of the recorded program's on-CPU time.</summary>
internal interface ICountsProgram : ISensor
{
    /// <summary>Who counts: the kernel's account of a control group, or the CPU clock of each process.</summary>
    string Source { get; }

    /// <summary>On-CPU time as of the last reading, ns.</summary>
    long CountedNs { get; }
}
