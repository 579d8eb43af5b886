using System.Diagnostics;
using System.Text.Json.Nodes;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Cli.Faults;

/// <summary>A `smaragdine record` in a process of its own, which can be stopped and killed.</summary>
internal sealed class RecorderProcess : IDisposable
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> error;

    /// <param name="target">Where to.</param>
    /// <param name="arguments">Of `record`, the program included.</param>
    public RecorderProcess(string target, params string[] arguments)
    {
        Target = target;
        process = Process.Start(new ProcessStartInfo("dotnet", [Program, "record", "-o", target, .. arguments]) { RedirectStandardError = true, UseShellExecute = false })!;
        error = process.StandardError.ReadToEndAsync();
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "smaragdine.dll");

    public string Target { get; }

    /// <summary>The program's id, once the manifest tells it.</summary>
    public int Child
    {
        get
        {
            int pid = 0;
            Until(() => (pid = Manifest()?["pid"]?.GetValue<int>() ?? 0) > 0);
            return pid;
        }
    }

    /// <summary>Waits until so many bytes of samples are written.</summary>
    public void UntilSamples(long bytes)
    {
        FileInfo file = new(Path.Combine(Target, "samples.smrg"));
        Until(() =>
        {
            file.Refresh();
            return file.Exists && file.Length >= bytes;
        });
    }

    public void Signal(int signal) => Run("kill", $"-{signal}", $"{process.Id}");

    /// <summary>Waits for its end: exit status and what it said.</summary>
    public (int Code, string Error) End()
    {
        process.WaitForExit(Most).ShouldBeTrue();
        return (process.ExitCode, error.GetAwaiter().GetResult());
    }

    public JsonNode? Manifest()
    {
        string path = Path.Combine(Target, "manifest.json");
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
    }

    /// <summary>Runs a program that has to succeed.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using Process one = Process.Start(program, arguments);
        one.WaitForExit();
        one.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    public static void Until(Func<bool> condition) => SpinWait.SpinUntil(() =>
    {
        Thread.Sleep(5);
        return condition();
    }, Most).ShouldBeTrue();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
