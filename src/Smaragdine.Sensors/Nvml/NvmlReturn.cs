namespace Smaragdine.Sensors.Nvml;

/// <summary>What NVML's functions return (`nvmlReturn_t` of nvml.h, API version 13). A driver may return numbers that are not here.</summary>
public enum NvmlReturn
{
    Success = 0,
    Uninitialized = 1,
    InvalidArgument = 2,
    NotSupported = 3,
    NoPermission = 4,
    NotFound = 6,
    InsufficientSize = 7,
    DriverNotLoaded = 9,
    Timeout = 10,

    /// <summary>Also ours: the library could not be loaded.</summary>
    LibraryNotFound = 12,

    /// <summary>Also ours: the library lacks the function.</summary>
    FunctionNotFound = 13,
    GpuIsLost = 15,
    ResetRequired = 16,
    OperatingSystem = 17,
    LibRmVersionMismatch = 18,
    Memory = 20,
    NoData = 21,
    InsufficientResources = 23,
    ArgumentVersionMismatch = 25,
    Deprecated = 26,
    NotReady = 27,
    GpuNotFound = 28,
    Unknown = 999,
}

/// <summary>Why NVML or one of its GPUs cannot be used.</summary>
/// <param name="Code">What it returned.</param>
/// <param name="Text">What that means; one sentence.</param>
/// <param name="Unlock">What to do about it; null where nothing would help.</param>
public sealed record NvmlProblem(NvmlReturn Code, string Text, string? Unlock);

/// <summary>NVML's return codes in words.</summary>
public static class NvmlErrors
{
    /// <summary>The code as nvml.h spells it, without `NVML_`: `ERROR_GPU_IS_LOST`; `ERROR 42` for one that nvml.h did not have.</summary>
    public static string Name(NvmlReturn code) => code switch
    {
        NvmlReturn.Success => "SUCCESS",
        NvmlReturn.Uninitialized => "ERROR_UNINITIALIZED",
        NvmlReturn.InvalidArgument => "ERROR_INVALID_ARGUMENT",
        NvmlReturn.NotSupported => "ERROR_NOT_SUPPORTED",
        NvmlReturn.NoPermission => "ERROR_NO_PERMISSION",
        NvmlReturn.NotFound => "ERROR_NOT_FOUND",
        NvmlReturn.InsufficientSize => "ERROR_INSUFFICIENT_SIZE",
        NvmlReturn.DriverNotLoaded => "ERROR_DRIVER_NOT_LOADED",
        NvmlReturn.Timeout => "ERROR_TIMEOUT",
        NvmlReturn.LibraryNotFound => "ERROR_LIBRARY_NOT_FOUND",
        NvmlReturn.FunctionNotFound => "ERROR_FUNCTION_NOT_FOUND",
        NvmlReturn.GpuIsLost => "ERROR_GPU_IS_LOST",
        NvmlReturn.ResetRequired => "ERROR_RESET_REQUIRED",
        NvmlReturn.OperatingSystem => "ERROR_OPERATING_SYSTEM",
        NvmlReturn.LibRmVersionMismatch => "ERROR_LIB_RM_VERSION_MISMATCH",
        NvmlReturn.Memory => "ERROR_MEMORY",
        NvmlReturn.NoData => "ERROR_NO_DATA",
        NvmlReturn.InsufficientResources => "ERROR_INSUFFICIENT_RESOURCES",
        NvmlReturn.ArgumentVersionMismatch => "ERROR_ARGUMENT_VERSION_MISMATCH",
        NvmlReturn.Deprecated => "ERROR_DEPRECATED",
        NvmlReturn.NotReady => "ERROR_NOT_READY",
        NvmlReturn.GpuNotFound => "ERROR_GPU_NOT_FOUND",
        NvmlReturn.Unknown => "ERROR_UNKNOWN",
        _ => $"ERROR {(int)code}",
    };

    /// <summary>What a code means for who wants to measure, and what to do.</summary>
    /// <param name="code">What a function returned; not <see cref="NvmlReturn.Success"/>.</param>
    /// <param name="doing">What was asked, as the sentence's beginning: `NVML cannot start`, `gpu-0 cannot be opened`.</param>
    public static NvmlProblem Explain(NvmlReturn code, string doing)
    {
        (string meaning, string? unlock) = code switch
        {
            NvmlReturn.LibraryNotFound => ("the driver's library libnvidia-ml.so.1 could not be loaded",
                "install the NVIDIA driver's user-space libraries (package libnvidia-compute or nvidia-utils); in a container: docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility …"),
            NvmlReturn.FunctionNotFound => ("the driver's library is too old or is not NVML", "install a newer NVIDIA driver"),
            NvmlReturn.DriverNotLoaded => ("the kernel driver is not loaded", "sudo modprobe nvidia; where that fails, reinstall the driver for this kernel"),
            NvmlReturn.NoPermission => ("the user may not open the device",
                "make /dev/nvidiactl and /dev/nvidia* readable and writable for this user; in a container or job: ask for the GPU (docker run --gpus all, srun --gres=gpu:1)"),
            NvmlReturn.LibRmVersionMismatch => ("library and kernel driver are of different versions, as after an update of the driver",
                "reboot, or stop what uses the GPU and reload the driver: sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia"),
            NvmlReturn.GpuIsLost => ("the GPU has fallen off the bus", "reboot (sudo dmesg | grep -i xid says why)"),
            NvmlReturn.ResetRequired => ("the GPU must be reset before it can be used again", "sudo nvidia-smi --gpu-reset, or reboot"),
            NvmlReturn.OperatingSystem => ("the operating system refused a call of the driver", "check that /dev/nvidiactl exists and that the container's cgroup allows it"),
            NvmlReturn.NotSupported => ("the GPU or its driver does not have it", null),
            NvmlReturn.GpuNotFound or NvmlReturn.NotFound => ("there is no such GPU", null),
            NvmlReturn.Timeout => ("the driver did not answer in time", "try again; sudo dmesg | grep -i xid says whether the GPU hangs"),
            NvmlReturn.Memory or NvmlReturn.InsufficientResources => ("memory or other resources are short", "close other programs that use the GPU"),
            NvmlReturn.NotReady => ("the system is not ready", "try again in a moment"),
            NvmlReturn.Uninitialized => ("NVML was shut down", null),
            _ => ("the driver gave no reason", null),
        };
        return new(code, $"{doing}: {meaning} (NVML_{Name(code)})", unlock);
    }

    /// <summary>After this the device, or NVML as a whole, need not be asked again.</summary>
    internal static bool IsFinal(NvmlReturn code) => code is
        NvmlReturn.GpuIsLost or NvmlReturn.ResetRequired or NvmlReturn.Uninitialized or NvmlReturn.DriverNotLoaded
        or NvmlReturn.LibRmVersionMismatch or NvmlReturn.GpuNotFound;
}
