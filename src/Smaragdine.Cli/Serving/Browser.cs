using System.Diagnostics;

namespace Smaragdine.Cli.Serving;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    /// <summary>Opens an address in it.</summary>
    /// <returns>False where there is none, such as on a machine without a screen.</returns>
    public static bool TryOpen(Uri address)
    {
        if (OperatingSystem.IsLinux()
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
        {
            return false;
        }

        try
        {
            using Process? started = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
