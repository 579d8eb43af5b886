using System.Diagnostics;
using System.Globalization;

namespace Smaragdine.Tests.Support;

/// <summary>A `energy_uj` that counts as a processor of constant power would, from its making to its end.</summary>
public sealed class MovingCounter : IDisposable
{
    private readonly Thread thread;
    private volatile bool stopping;

    public MovingCounter(CapturedTree tree, string path, double watts, ulong start, ulong range)
    {
        thread = new(() =>
        {
            Stopwatch clock = Stopwatch.StartNew();
            while (!stopping)
            {
                ulong value = (start + (ulong)(clock.Elapsed.TotalSeconds * watts * 1e6)) % range;
                tree.Write(path, value.ToString(CultureInfo.InvariantCulture) + "\n");
                Thread.Sleep(1);
            }
        })
        { IsBackground = true };
        thread.Start();
    }

    public void Dispose()
    {
        stopping = true;
        thread.Join();
    }
}
