using Smaragdine.Units;

namespace Smaragdine.Attribution;

/// <summary>Where the energy of one domain went within one window, in joules; the rows add up to <see cref="Total"/>.</summary>
public struct DomainAccount
{
    /// <summary>∫P over the covered part of the window.</summary>
    public double Total { get; internal set; }

    public double Operations { get; internal set; }

    public double Idle { get; internal set; }

    public double OtherProcesses { get; internal set; }

    public double Outside { get; internal set; }

    public double Unattributed { get; internal set; }

    /// <summary>Time of the window with power, ns.</summary>
    public long CoveredNs { get; internal set; }

    /// <summary>What the rows add up to.</summary>
    public readonly double Sum => Operations + Idle + OtherProcesses + Outside + Unattributed;
}

/// <summary>One device within one window: each operation's energy, time and calls, and each domain's account.</summary>
/// <remarks>Struct of arrays by operation (index into the device's operations).</remarks>
public sealed class WindowLedger
{
    internal WindowLedger(Interval window, int operations, int domains)
    {
        Window = window;
        Domains = new DomainAccount[domains];
        Energy = new double[operations * domains];
        TimeNs = new long[operations];
        CoveredNs = new long[operations];
        Calls = new int[operations];
        Overlapped = new bool[operations];
    }

    public Interval Window { get; }

    /// <summary>By domain, in the order of <see cref="DevicePower.Domains"/>.</summary>
    public DomainAccount[] Domains { get; }

    /// <summary>Joules at [operation × domains + domain].</summary>
    public double[] Energy { get; }

    /// <summary>Sum of the durations of an operation's spans within the window, ns.</summary>
    public long[] TimeNs { get; }

    /// <summary>The part of <see cref="TimeNs"/> with power, ns.</summary>
    public long[] CoveredNs { get; }

    /// <summary>Spans that start within the window.</summary>
    public int[] Calls { get; }

    /// <summary>Collectives that ran while something else computed.</summary>
    public bool[] Overlapped { get; }

    /// <summary>Union of the span intervals within the window, ns.</summary>
    public long BusyNs { get; internal set; }

    /// <summary>Time of the window with power of at least one domain, ns.</summary>
    public long DeviceCoveredNs { get; internal set; }

    public int OperationCount => TimeNs.Length;

    /// <summary>An operation's energy over all domains, J.</summary>
    public double EnergyOf(int operation)
    {
        double sum = 0;
        for (int d = 0; d < Domains.Length; d++)
        {
            sum += Energy[(operation * Domains.Length) + d];
        }

        return sum;
    }
}
