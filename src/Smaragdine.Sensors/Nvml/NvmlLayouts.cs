using System.Runtime.InteropServices;

namespace Smaragdine.Sensors.Nvml;

/// <summary>`nvmlPciInfo_t`, 68 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NvmlPciInfo
{
    public fixed byte BusIdLegacy[16];
    public uint Domain;
    public uint Bus;
    public uint Device;

    /// <summary>Device id in the upper 16 bits, vendor in the lower.</summary>
    public uint PciDeviceId;
    public uint PciSubSystemId;
    public fixed byte BusId[32];
}

/// <summary>`nvmlFieldValue_t`, 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlFieldValue
{
    public uint FieldId;

    /// <summary>0 GPU, 1 module (processor and GPU of a Grace), 2 memory; it must be set.</summary>
    public uint ScopeId;

    /// <summary>Processor's clock, µs since 1970.</summary>
    public long Timestamp;

    /// <summary>How long the driver took, µs.</summary>
    public long LatencyUsec;

    /// <summary>`nvmlValueType_t`: see <see cref="NvmlValue"/>.</summary>
    public int ValueType;
    public int Return;

    /// <summary>A union of 8 bytes: only as many as <see cref="ValueType"/> says are set.</summary>
    public ulong Value;
}

/// <summary>`nvmlSample_t`, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlSample
{
    /// <summary>Processor's clock, µs.</summary>
    public ulong Timestamp;
    public ulong Value;
}

/// <summary>`nvmlUtilization_t`, 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    /// <summary>Per cent of the time in which a kernel ran.</summary>
    public uint Gpu;

    /// <summary>Per cent of the time in which memory was read or written.</summary>
    public uint Memory;
}

/// <summary>`nvmlProcessInfo_t` of the functions with `_v3`, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlProcessInfo
{
    public uint Pid;

    /// <summary>Bytes; all ones where not available.</summary>
    public ulong UsedGpuMemory;
    public uint GpuInstanceId;
    public uint ComputeInstanceId;
}

/// <summary>`nvmlValue_t` with its `nvmlValueType_t`.</summary>
internal static class NvmlValue
{
    /// <summary>More than any board draws, mW: what a driver shows beyond is no power.</summary>
    public const ulong MostMilliwatts = 20_000_000;

    /// <summary>The value in thousandths of its unit (mW → µW, mJ → µJ).</summary>
    /// <param name="type">`nvmlValueType_t`: 0 double, 1 unsigned int, 2 unsigned long, 3 unsigned long long, 4 signed long long, 5 signed int, 6 unsigned short.</param>
    /// <param name="bits">The union's 8 bytes, little endian.</param>
    /// <param name="most">What lies beyond is taken for nonsense.</param>
    /// <param name="thousandths">The result; 0 where there is none.</param>
    /// <returns>False for a negative, too large or unknown value.</returns>
    public static bool TryThousandths(int type, ulong bits, ulong most, out long thousandths)
    {
        thousandths = 0;
        ulong value;
        switch (type)
        {
            case 0:
                double number = BitConverter.UInt64BitsToDouble(bits);
                if (!(number >= 0) || number > most)
                {
                    return false;
                }

                thousandths = (long)Math.Round(number * 1000);
                return true;
            case 1:
                value = (uint)bits;
                break;
            case 2:
                // C's unsigned long has 4 bytes on Windows.
                value = OperatingSystem.IsWindows() ? (uint)bits : bits;
                break;
            case 3:
                value = bits;
                break;
            case 4 when (long)bits >= 0:
                value = bits;
                break;
            case 5 when (int)bits >= 0:
                value = (uint)bits;
                break;
            case 6:
                value = (ushort)bits;
                break;
            default:
                return false;
        }

        if (value > most)
        {
            return false;
        }

        thousandths = (long)value * 1000;
        return true;
    }
}
