using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Smaragdine.Tests.Support;

/// <summary>An `energy_uj` that counts as a processor of constant power would, from its making to its end: on and on, or in steps of some time.</summary>
public sealed class MovingCounter : IDisposable
{
    private readonly Thread thread;
    private volatile bool stopping;

    public MovingCounter(CapturedTree tree, string path, double watts, ulong start, ulong range, double stepSeconds = 1e-6)
    {
        thread = new(() =>
        {
            // In place and always as long: a driver's file is never empty, not even between two values.
            using FileStream file = new(tree.At(path), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            Stopwatch clock = Stopwatch.StartNew();
            while (!stopping)
            {
                double seconds = clock.Elapsed.TotalSeconds;
                ulong value = (start + (ulong)Math.Round(Math.Floor(seconds / stepSeconds) * (stepSeconds * watts * 1e6))) % range;
                string text = seconds >= Garbage.From && seconds < Garbage.To ? "-nan J?" : value.ToString(CultureInfo.InvariantCulture);
                RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(text.PadRight(24, '\n')), 0);
                Thread.Sleep(1);
            }
        })
        { IsBackground = true };
        thread.Start();
    }

    /// <summary>Seconds from its making between which it shows no number.</summary>
    public (double From, double To) Garbage { get; init; }

    public void Dispose()
    {
        stopping = true;
        thread.Join();
    }
}
