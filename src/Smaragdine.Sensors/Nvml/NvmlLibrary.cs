using System.Runtime.InteropServices;
using System.Text;

namespace Smaragdine.Sensors.Nvml;

/// <summary>
/// NVIDIA's management library, loaded and initialised. NVML counts its users, so several may be open at once; each is shut down on its own.
/// Source of all signatures: nvml.h, API version 13.
/// </summary>
public sealed unsafe class NvmlLibrary : IDisposable
{
    /// <summary>`NVML_DEVICE_NAME_V2_BUFFER_SIZE`, `NVML_DEVICE_UUID_V2_BUFFER_SIZE`.</summary>
    private const int TextBytes = 96;

    /// <summary>More GPUs than any host has: a count beyond is not believed.</summary>
    private const uint MostGpus = 1024;

    /// <summary>`NVML_CLOCK_SM`.</summary>
    internal const uint SmClock = 1;

    /// <summary>`NVML_CLOCK_MEM`.</summary>
    internal const uint MemoryClock = 2;

    private nint _module;
    private readonly delegate* unmanaged[Cdecl]<int> _init;
    private readonly delegate* unmanaged[Cdecl]<int> _shutdown;
    private readonly delegate* unmanaged[Cdecl]<byte*, uint, int> _driverVersion;
    private readonly delegate* unmanaged[Cdecl]<uint*, int> _count;
    private readonly delegate* unmanaged[Cdecl]<uint, nint*, int> _handleByIndex;
    private readonly delegate* unmanaged[Cdecl]<byte*, nint*, int> _handleByPciBusId;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, uint, int> _name;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, uint, int> _uuid;
    private readonly delegate* unmanaged[Cdecl]<nint, NvmlPciInfo*, int> _pciInfo;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _architecture;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, uint*, int> _migMode;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _migCount;
    private readonly delegate* unmanaged[Cdecl]<nint, uint, nint*, int> _migHandle;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _powerUsage;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong*, int> _totalEnergy;
    private readonly delegate* unmanaged[Cdecl]<nint, int, NvmlFieldValue*, int> _fieldValues;
    private readonly delegate* unmanaged[Cdecl]<nint, int, ulong, int*, uint*, NvmlSample*, int> _samples;
    private readonly delegate* unmanaged[Cdecl]<nint, uint, uint*, int> _clockInfo;
    private readonly delegate* unmanaged[Cdecl]<nint, uint, uint*, int> _temperature;
    private readonly delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, int> _utilization;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong*, int> _clockLimits;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, NvmlProcessInfo*, int> _computeProcesses;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, NvmlProcessInfo*, int> _graphicsProcesses;

    private NvmlLibrary(nint module)
    {
        _module = module;
        _init = (delegate* unmanaged[Cdecl]<int>)Export("nvmlInit_v2");
        _shutdown = (delegate* unmanaged[Cdecl]<int>)Export("nvmlShutdown");
        _driverVersion = (delegate* unmanaged[Cdecl]<byte*, uint, int>)Export("nvmlSystemGetDriverVersion");
        _count = (delegate* unmanaged[Cdecl]<uint*, int>)Export("nvmlDeviceGetCount_v2");
        _handleByIndex = (delegate* unmanaged[Cdecl]<uint, nint*, int>)Export("nvmlDeviceGetHandleByIndex_v2");
        _handleByPciBusId = (delegate* unmanaged[Cdecl]<byte*, nint*, int>)Export("nvmlDeviceGetHandleByPciBusId_v2");
        _name = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Export("nvmlDeviceGetName");
        _uuid = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Export("nvmlDeviceGetUUID");
        _pciInfo = (delegate* unmanaged[Cdecl]<nint, NvmlPciInfo*, int>)Export("nvmlDeviceGetPciInfo_v3");
        _architecture = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Export("nvmlDeviceGetArchitecture");
        _migMode = (delegate* unmanaged[Cdecl]<nint, uint*, uint*, int>)Export("nvmlDeviceGetMigMode");
        _migCount = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Export("nvmlDeviceGetMaxMigDeviceCount");
        _migHandle = (delegate* unmanaged[Cdecl]<nint, uint, nint*, int>)Export("nvmlDeviceGetMigDeviceHandleByIndex");
        _powerUsage = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Export("nvmlDeviceGetPowerUsage");
        _totalEnergy = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)Export("nvmlDeviceGetTotalEnergyConsumption");
        _fieldValues = (delegate* unmanaged[Cdecl]<nint, int, NvmlFieldValue*, int>)Export("nvmlDeviceGetFieldValues");
        _samples = (delegate* unmanaged[Cdecl]<nint, int, ulong, int*, uint*, NvmlSample*, int>)Export("nvmlDeviceGetSamples");
        _clockInfo = (delegate* unmanaged[Cdecl]<nint, uint, uint*, int>)Export("nvmlDeviceGetClockInfo");
        _temperature = (delegate* unmanaged[Cdecl]<nint, uint, uint*, int>)Export("nvmlDeviceGetTemperature");
        _utilization = (delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, int>)Export("nvmlDeviceGetUtilizationRates");

        // Older drivers know it by its old name only.
        void* limits = Export("nvmlDeviceGetCurrentClocksEventReasons");
        _clockLimits = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)(limits is null ? Export("nvmlDeviceGetCurrentClocksThrottleReasons") : limits);
        _computeProcesses = (delegate* unmanaged[Cdecl]<nint, uint*, NvmlProcessInfo*, int>)Export("nvmlDeviceGetComputeRunningProcesses_v3");
        _graphicsProcesses = (delegate* unmanaged[Cdecl]<nint, uint*, NvmlProcessInfo*, int>)Export("nvmlDeviceGetGraphicsRunningProcesses_v3");
    }

    /// <summary>Loads and initialises NVML. Never throws.</summary>
    /// <param name="path">The library's file; null for the driver's own: `libnvidia-ml.so.1`, on Windows `nvml.dll` of the system's folder.</param>
    /// <param name="problem">Why there is none; null where there is one.</param>
    public static NvmlLibrary? TryOpen(string? path, out NvmlProblem? problem)
    {
        nint module = 0;
        foreach (string candidate in path is null ? DriverPaths() : [path])
        {
            if (NativeLibrary.TryLoad(candidate, out module))
            {
                break;
            }
        }

        if (module == 0)
        {
            problem = NvmlErrors.Explain(NvmlReturn.LibraryNotFound, "NVML cannot be loaded");
            return null;
        }

        NvmlLibrary library = new(module);
        NvmlReturn code = library.HasEssentials ? (NvmlReturn)library._init() : NvmlReturn.FunctionNotFound;
        if (code == NvmlReturn.Success)
        {
            problem = null;
            return library;
        }

        problem = NvmlErrors.Explain(code, "NVML cannot start");
        library._module = 0;
        NativeLibrary.Free(module);
        return null;
    }

    /// <summary>The driver's version, `550.54.15`; empty where it does not say.</summary>
    public string DriverVersion
    {
        get
        {
            byte* text = stackalloc byte[TextBytes];
            return !Lacks(_driverVersion, out _) && _driverVersion(text, TextBytes) == 0 ? Text(text, TextBytes) : "";
        }
    }

    /// <summary>All GPUs in NVML's order, also those that may not be opened: see <see cref="NvmlGpu.Access"/>.</summary>
    /// <param name="code">What counting them gave; the list is empty unless it is success.</param>
    public IReadOnlyList<NvmlGpu> Gpus(out NvmlReturn code)
    {
        uint count = 0;
        if (!Lacks(_count, out code))
        {
            code = (NvmlReturn)_count(&count);
        }

        List<NvmlGpu> gpus = [];
        if (code == NvmlReturn.Success)
        {
            for (uint index = 0; index < Math.Min(count, MostGpus); index++)
            {
                nint device = 0;
                NvmlReturn access = (NvmlReturn)_handleByIndex(index, &device);
                gpus.Add(access == NvmlReturn.Success ? Describe((int)index, device) : NvmlGpu.Closed((int)index, access));
            }
        }

        return gpus;
    }

    /// <summary>Shuts down and unloads. What was opened with it must not be used any more.</summary>
    public void Dispose()
    {
        if (_module == 0)
        {
            return;
        }

        _ = _shutdown();
        NativeLibrary.Free(_module);
        _module = 0;
    }

    /// <summary>The handle of a GPU that was seen before. It is looked up by PCI bus id, for indices may change when the driver is reloaded.</summary>
    internal NvmlReturn Open(NvmlGpu gpu, out nint device)
    {
        nint handle = 0;
        NvmlReturn code = NvmlReturn.FunctionNotFound;
        if (gpu.PciBusId.Length > 0 && !Lacks(_handleByPciBusId, out code))
        {
            Span<byte> id = stackalloc byte[TextBytes];
            id.Clear();
            _ = Encoding.ASCII.GetBytes(gpu.PciBusId.AsSpan(0, Math.Min(gpu.PciBusId.Length, TextBytes - 1)), id);
            fixed (byte* text = id)
            {
                code = (NvmlReturn)_handleByPciBusId(text, &handle);
            }
        }

        if (code == NvmlReturn.FunctionNotFound && !Lacks(_handleByIndex, out code))
        {
            code = (NvmlReturn)_handleByIndex((uint)gpu.Index, &handle);
        }

        // Another card in the same slot is not the one whose power was asked for.
        if (code == NvmlReturn.Success && gpu.Uuid.Length > 0 && Uuid(handle) != gpu.Uuid)
        {
            code = NvmlReturn.GpuNotFound;
        }

        device = code == NvmlReturn.Success ? handle : 0;
        return code;
    }

    /// <summary>`nvmlDeviceGetPowerUsage`, mW, of the whole board.</summary>
    internal NvmlReturn PowerUsage(nint device, out uint milliwatts)
    {
        uint value = 0;
        if (!Lacks(_powerUsage, out NvmlReturn code))
        {
            code = (NvmlReturn)_powerUsage(device, &value);
        }

        milliwatts = value;
        return code;
    }

    /// <summary>`nvmlDeviceGetTotalEnergyConsumption`, mJ since the driver was loaded; Volta and later.</summary>
    internal NvmlReturn TotalEnergy(nint device, out ulong millijoules)
    {
        ulong value = 0;
        if (!Lacks(_totalEnergy, out NvmlReturn code))
        {
            code = (NvmlReturn)_totalEnergy(device, &value);
        }

        millijoules = value;
        return code;
    }

    /// <summary>`nvmlDeviceGetFieldValues`: success says only that each value has a return code of its own.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="values">Field and scope are read, the rest is written.</param>
    internal NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> values)
    {
        if (Lacks(_fieldValues, out NvmlReturn code))
        {
            return code;
        }

        fixed (NvmlFieldValue* first = values)
        {
            return (NvmlReturn)_fieldValues(device, values.Length, first);
        }
    }

    /// <summary>`nvmlDeviceGetSamples` of the total power (type 0), mW.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="lastSeen">Only samples after this time, µs, are given.</param>
    /// <param name="samples">Where they go; empty to ask how many there may be.</param>
    /// <param name="valueType">`nvmlValueType_t`.</param>
    /// <param name="count">How many there are, or may be.</param>
    internal NvmlReturn PowerSamples(nint device, ulong lastSeen, Span<NvmlSample> samples, out int valueType, out int count)
    {
        valueType = 0;
        count = 0;
        if (Lacks(_samples, out NvmlReturn code))
        {
            return code;
        }

        int type = 0;
        uint number = (uint)samples.Length;
        fixed (NvmlSample* first = samples)
        {
            code = (NvmlReturn)_samples(device, 0, lastSeen, &type, &number, samples.IsEmpty ? null : first);
        }

        valueType = type;
        count = (int)Math.Min(number, (uint)(samples.IsEmpty ? ushort.MaxValue : samples.Length));
        return code;
    }

    /// <summary>`nvmlDeviceGetClockInfo`, MHz.</summary>
    internal NvmlReturn ClockMegahertz(nint device, uint clock, out uint megahertz)
    {
        uint value = 0;
        if (!Lacks(_clockInfo, out NvmlReturn code))
        {
            code = (NvmlReturn)_clockInfo(device, clock, &value);
        }

        megahertz = value;
        return code;
    }

    /// <summary>`nvmlDeviceGetTemperature` of the chip (sensor 0), °C.</summary>
    internal NvmlReturn Temperature(nint device, out uint celsius)
    {
        uint value = 0;
        if (!Lacks(_temperature, out NvmlReturn code))
        {
            code = (NvmlReturn)_temperature(device, 0, &value);
        }

        celsius = value;
        return code;
    }

    /// <summary>`nvmlDeviceGetUtilizationRates`: per cent of the last sampling period (1/6 s to 1 s) in which a kernel ran.</summary>
    internal NvmlReturn Utilization(nint device, out uint percent)
    {
        NvmlUtilization value = default;
        if (!Lacks(_utilization, out NvmlReturn code))
        {
            code = (NvmlReturn)_utilization(device, &value);
        }

        percent = value.Gpu;
        return code;
    }

    /// <summary>`nvmlDeviceGetCurrentClocksEventReasons`: a set of <see cref="Recordings.ClockLimits"/>.</summary>
    internal NvmlReturn ClockLimits(nint device, out ulong limits)
    {
        ulong value = 0;
        if (!Lacks(_clockLimits, out NvmlReturn code))
        {
            code = (NvmlReturn)_clockLimits(device, &value);
        }

        limits = value;
        return code;
    }

    /// <summary>`nvmlDeviceGetComputeRunningProcesses_v3` or its twin for graphics.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="graphics">Those that draw, not those that compute.</param>
    /// <param name="processes">Where they go.</param>
    /// <param name="count">How many there are, also where <paramref name="processes"/> is too short (<see cref="NvmlReturn.InsufficientSize"/>).</param>
    internal NvmlReturn Processes(nint device, bool graphics, Span<NvmlProcessInfo> processes, out int count)
    {
        count = 0;
        delegate* unmanaged[Cdecl]<nint, uint*, NvmlProcessInfo*, int> function = graphics ? _graphicsProcesses : _computeProcesses;
        if (Lacks(function, out NvmlReturn code))
        {
            return code;
        }

        uint number = (uint)processes.Length;
        fixed (NvmlProcessInfo* first = processes)
        {
            code = (NvmlReturn)function(device, &number, first);
        }

        count = (int)Math.Min(number, ushort.MaxValue);
        return code;
    }

    private bool HasEssentials => _init is not null && _shutdown is not null && _count is not null && _handleByIndex is not null;

    private static IReadOnlyList<string> DriverPaths()
    {
        if (OperatingSystem.IsWindows())
        {
            // A full path: a library of that name in the working directory is not NVIDIA's.
            return [Path.Combine(Environment.SystemDirectory, "nvml.dll")];
        }

        // The second is where WSL 2 mounts the driver of its host.
        return ["libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1"];
    }

    /// <summary>True, with a code, where a function cannot be called: the library was shut down or does not have it.</summary>
    private bool Lacks(void* function, out NvmlReturn code)
    {
        code = _module == 0 ? NvmlReturn.Uninitialized : function is null ? NvmlReturn.FunctionNotFound : NvmlReturn.Success;
        return code != NvmlReturn.Success;
    }

    private void* Export(string name) => NativeLibrary.TryGetExport(_module, name, out nint address) ? (void*)address : null;

    private NvmlGpu Describe(int index, nint device)
    {
        byte* text = stackalloc byte[TextBytes];
        string name = !Lacks(_name, out _) && _name(device, text, TextBytes) == 0 ? Text(text, TextBytes) : "";

        NvmlPciInfo pci = default;
        bool hasPci = !Lacks(_pciInfo, out _) && _pciInfo(device, &pci) == 0;

        uint architecture = 0;
        if (Lacks(_architecture, out _) || _architecture(device, &architecture) != 0)
        {
            architecture = (uint)NvmlArchitecture.Unknown;
        }

        uint current = 0;
        uint pending = 0;
        bool hasMig = !Lacks(_migMode, out _) && _migMode(device, &current, &pending) == 0;
        return new(index, name, Uuid(device), hasPci ? Text(pci.BusId, 32) : "", (NvmlArchitecture)architecture)
        {
            PciDeviceId = hasPci ? (ushort)(pci.PciDeviceId >> 16) : (ushort)0,
            Mig = !hasMig ? NvmlMigMode.NotSupported : current == 0 ? NvmlMigMode.Off : NvmlMigMode.On,
            MigUuids = hasMig && current != 0 ? MigUuids(device) : [],
        };
    }

    private List<string> MigUuids(nint device)
    {
        List<string> uuids = [];
        uint most = 0;
        if (Lacks(_migCount, out _) || Lacks(_migHandle, out _) || _migCount(device, &most) != 0)
        {
            return uuids;
        }

        for (uint index = 0; index < Math.Min(most, MostGpus); index++)
        {
            nint instance = 0;
            if (_migHandle(device, index, &instance) == 0)
            {
                uuids.Add(Uuid(instance));
            }
        }

        return uuids;
    }

    private string Uuid(nint device)
    {
        byte* text = stackalloc byte[TextBytes];
        return !Lacks(_uuid, out _) && _uuid(device, text, TextBytes) == 0 ? Text(text, TextBytes) : "";
    }

    /// <summary>Up to the first zero byte; control characters, which no terminal should see, become `?`.</summary>
    private static string Text(byte* bytes, int most)
    {
        ReadOnlySpan<byte> all = new(bytes, most);
        int end = all.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? all : all[..end]);
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
