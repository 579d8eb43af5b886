using System.Diagnostics;
using System.Runtime.InteropServices;
using Smaragdine.Sensors.Nvml;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Nvml;

/// <summary>A test that compiles C; skipped, and said so, where there is no gcc.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute() => Skip = NvmlStubs.Missing;
}

/// <summary>As <see cref="NativeFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    public NativeTheoryAttribute() => Skip = NvmlStubs.Missing;
}

/// <summary>The stub keeps its state in the process: tests that use it run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class NvmlStubCollection : ICollectionFixture<NvmlStubs>
{
    public const string Name = "nvml stub";
}

/// <summary>Builds tests/native/nvml_stub.c on first use, and hands it scripts.</summary>
public sealed class NvmlStubs : IDisposable
{
    private const string Variable = "SMARAGDINE_NVML_STUB";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smaragdine-nvml-");
    private readonly Dictionary<string, string> _built = [];
    private int _scripts;

    /// <summary>Why the stub cannot be built here; null where it can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "needs Linux: the stub stands in for libnvidia-ml.so.1"
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => p.Length > 0 && File.Exists(Path.Combine(p, "gcc"))) ? null
        : "needs gcc, which is not here";

    /// <summary>A library that answers by this script from its next initialisation on.</summary>
    /// <param name="script">See nvml_stub.c.</param>
    /// <param name="without">A function group that it lacks: `WITHOUT_FIELDS`, `WITHOUT_SHUTDOWN`, `WITHOUT_EVENT_REASONS`.</param>
    public string Library(string script, string without = "")
    {
        string path = Path.Combine(_folder.FullName, $"script-{_scripts++}");
        File.WriteAllText(path, script);

        // .NET's own environment is a copy that C does not see.
        setenv(Variable, path, 1).ShouldBe(0);
        if (!_built.TryGetValue(without, out string? library))
        {
            library = Path.Combine(_folder.FullName, $"nvml{without}.so");
            List<string> arguments = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, Path.Combine(SharedData.Root, "tests", "native", "nvml_stub.c")];
            if (without.Length > 0)
            {
                arguments.Add($"-D{without}");
            }

            using Process gcc = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            gcc.ExitCode.ShouldBe(0, errors);
            _built[without] = library;
        }

        return library;
    }

    /// <summary>The library, open.</summary>
    public NvmlLibrary Open(string script, string without = "") =>
        NvmlLibrary.TryOpen(Library(script, without), out NvmlProblem? problem).ShouldNotBeNull(problem?.Text);

    /// <summary>How many have initialised the library and not shut it down. Keeps it loaded.</summary>
    public static int Users(string library)
    {
        nint module = NativeLibrary.Load(library);
        return Marshal.GetDelegateForFunctionPointer<Count>(NativeLibrary.GetExport(module, "nvmlStubUsers"))();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Count();

    [DllImport("libc", CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}

/// <summary>GPUs for scripts.</summary>
internal static class Scripts
{
    public const string A100Uuid = "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6";

    /// <summary>An A100: all fields but the average over 1 s.</summary>
    public const string A100 = $"""
        driver 550.54.15
        clock 1700000000000000 50000
        gpu 0 name NVIDIA A100-SXM4-40GB
        gpu 0 uuid {A100Uuid}
        gpu 0 pci 00000000:65:00.0 20B010DE
        gpu 0 arch 7
        gpu 0 mig 0
        gpu 0 power 59012
        gpu 0 field 83 0 3 1000 1006 1017
        gpu 0 field 186 0 1 59012 210500 211000

        """;

    /// <summary>An RTX 3090 as second GPU: all fields, and samples.</summary>
    public const string Rtx3090 = """
        gpu 1 name NVIDIA GeForce RTX 3090
        gpu 1 uuid GPU-11112222-3333-4444-5555-666677778888
        gpu 1 pci 00000000:B3:00.0 220410DE
        gpu 1 arch 7
        gpu 1 power 150000
        gpu 1 energy 77
        gpu 1 field 83 0 3 77
        gpu 1 field 185 0 1 150000
        gpu 1 field 186 0 1 160000
        gpu 1 samples 100:10000 200:20000
        gpu 1 samples 100:10000 200:20000 300:30000 400:50000
        gpu 1 samples 300:30000 400:50000

        """;
}
