using System.Text;

namespace Smaragdine.Sensors.Gpus;

/// <summary>Variables by which a program is given its GPUs, as one of its processes was started with them; null where one is not set. Their values are not recorded.</summary>
/// <param name="CudaVisible">`CUDA_VISIBLE_DEVICES`; AMD's HIP reads it too where it has none of its own.</param>
/// <param name="CudaOrder">`CUDA_DEVICE_ORDER`.</param>
/// <param name="RocrVisible">`ROCR_VISIBLE_DEVICES`.</param>
/// <param name="HipVisible">`HIP_VISIBLE_DEVICES`.</param>
/// <param name="DeviceOrdinal">`GPU_DEVICE_ORDINAL`, of AMD's OpenCL and HIP.</param>
public sealed record GpuVariables(string? CudaVisible, string? CudaOrder, string? RocrVisible, string? HipVisible, string? DeviceOrdinal)
{
    /// <summary>All their names; no other variable is looked at.</summary>
    public static IReadOnlyList<string> Names { get; } = ["CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"];

    /// <param name="variable">Value of a variable, null where it is not set; asked for <see cref="Names"/> only.</param>
    public static GpuVariables Read(Func<string, string?> variable) =>
        new(variable(Names[0]), variable(Names[1]), variable(Names[2]), variable(Names[3]), variable(Names[4]));

    /// <summary>Those of a process, from `/proc/PID/environ`; null where it may not be read, or is gone.</summary>
    /// <remarks>It shows what the process was started with: what a program sets for itself later (`os.environ`) is not to be seen from outside.</remarks>
    public static GpuVariables? Of(SystemRoot root, int pid)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(root.At("proc", pid.ToString(System.Globalization.CultureInfo.InvariantCulture), "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // Empty is what a process shows that has ended and was not waited for yet.
        return bytes.Length == 0 ? null : Read(name => Find(bytes, name));
    }

    /// <summary>The first `NAME=value` among strings that end with a zero byte.</summary>
    internal static string? Find(ReadOnlySpan<byte> environment, string name)
    {
        Span<byte> wanted = stackalloc byte[64];
        int length = Encoding.ASCII.GetBytes(name, wanted);
        wanted[length++] = (byte)'=';
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(wanted[..length]))
            {
                return Encoding.UTF8.GetString(entry[length..]);
            }

            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        return null;
    }
}
