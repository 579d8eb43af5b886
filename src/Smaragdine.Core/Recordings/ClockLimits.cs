namespace Smaragdine.Recordings;

/// <summary>Why a GPU's clocks are lower than they could be: `nvmlClocksEventReason…` of nvml.h, API version 13. A driver may set bits that are not here.</summary>
[Flags]
public enum ClockLimits : long
{
    None = 0,

    /// <summary>Nothing runs on it.</summary>
    Idle = 0x1,

    /// <summary>The user's own choice (`nvidia-smi -ac`).</summary>
    ApplicationClocks = 0x2,

    /// <summary>It would draw more than its power limit.</summary>
    PowerCap = 0x4,

    /// <summary>Clocks halved or more by the hardware: heat, the power brake, or power drawn too fast.</summary>
    HardwareSlowdown = 0x8,

    /// <summary>It keeps step with other GPUs of a group.</summary>
    SyncBoost = 0x10,

    /// <summary>Driver: too hot.</summary>
    SoftwareThermal = 0x20,

    /// <summary>Hardware: too hot.</summary>
    HardwareThermal = 0x40,

    /// <summary>The power supply or system asks for less.</summary>
    PowerBrake = 0x80,

    DisplayClock = 0x100,
}
