using System.ComponentModel;
using System.Diagnostics;

namespace Smaragdine.Sensors.Ipmi;

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code; null where it could not be started or did not end in time.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, or why there is none.</param>
internal readonly record struct CommandResult(int? ExitCode, string Output, string Error);

/// <summary>Runs a program to its end. Does not throw.</summary>
internal interface ICommandRunner
{
    CommandResult Run(string program, IReadOnlyList<string> arguments);
}

/// <summary>Starts it as a child process.</summary>
internal sealed class ProcessRunner : ICommandRunner
{
    /// <summary>A controller that does not answer in this time has hung.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public CommandResult Run(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            start.Environment["LC_ALL"] = "C";
            using Process process = new() { StartInfo = start };
            process.Start();
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return new(null, "", $"no answer within {Patience.TotalSeconds} s");
            }

            return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException or PlatformNotSupportedException)
        {
            return new(null, "", e.Message);
        }
    }
}
